// The manual page and the completions of bash and zsh, made from the tables of options and
// settings. They are files of the project; scripts/gen-pages writes them anew, and a test sees that
// they say what the tables say.
#pragma once

#include <string>

namespace gimlet::cli {

std::string manual_page();      // docs/gimlet.8
std::string bash_completion();  // completions/gimlet.bash
std::string zsh_completion();   // completions/_gimlet

}  // namespace gimlet::cli
