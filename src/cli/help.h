// What -h and -V print.
#pragma once

#include <string>

namespace gimlet::cli {

std::string help_text(const std::string& program_name);
std::string version_text(const std::string& program_name);

}  // namespace gimlet::cli
