// What `.set` shows and changes: settings of the session by a table, then the keys of the config
// block.
#pragma once

#include <string>
#include <vector>

#include "interactive/shell.h"

namespace gimlet::interactive {

Table all_settings(Shell& shell);
Reply show_setting(Shell& shell, const std::string& name);
Reply change_setting(Shell& shell, const std::string& name, const std::string& value);
std::vector<std::string> setting_names();

}  // namespace gimlet::interactive
