// Texts of `.help` and `.doc`, made from the tables of commands, builtins, providers, settings and
// diagnostics.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "interactive/command.h"

namespace gimlet::interactive {

std::string help_overview();
std::string help_on(const Command& command);
// "entries", "keys" ...
std::optional<std::string> help_topic(std::string_view name);
std::vector<std::string> topic_names();

// Of a builtin, a provider, a config key or a diagnostic's code.
std::optional<std::string> documentation(const std::string& name);
std::vector<std::string> documented_names();

}  // namespace gimlet::interactive
