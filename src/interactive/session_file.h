// A session as a script: every cell's text in order, each behind a line that says which cell it
// was.
//
//   //: cell 3 opens
//   tracepoint:syscalls:sys_enter_openat { @opens[comm] = count(); }
//
// To gimlet FILE those lines are comments; `.load FILE` makes cells of the parts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "interactive/exploration.h"

namespace gimlet::interactive {

std::string session_text(const Exploration& exploration);
// What to enter for a file: its parts, or all of it if it is no saved session.
std::vector<std::string> entries_of(std::string_view text);

base::Status write_session(const Exploration& exploration, const std::string& path);

}  // namespace gimlet::interactive
