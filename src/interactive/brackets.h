// Brackets, quotes and comments of an unfinished text, without a parser: they tell where a text
// surely goes on.
#pragma once

#include <cstdint>
#include <string_view>

namespace gimlet::interactive {

struct Brackets {
  int open = 0;             // those that were opened less those that were closed; never negative
  bool in_comment = false;  // the text ends inside /* */
  bool in_string = false;
  bool only_layout = true;  // nothing but blanks and comments
};

Brackets read_brackets(std::string_view text);

}  // namespace gimlet::interactive
