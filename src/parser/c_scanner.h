// The tokens of C text.
//
// Words, numbers, literals and symbols; comments are dropped. Nothing is refused here except a
// comment without end: a text that is no C token becomes a one-byte symbol, because it may stand in
// a part that a conditional leaves out, or in the replacement of a macro that is never used.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/source.h"

namespace gimlet::parser {

struct CToken {
  enum class Kind { Word, Number, String, Character, Symbol, End };
  Kind kind = Kind::End;
  std::string_view text;    // lies in the SourceSet
  base::SourceRange range;  // where to report it; after macro expansion, the place of the use
  bool first_on_line = false;
  bool after_blank = false;

  bool is(std::string_view wanted) const {
    return (kind == Kind::Word || kind == Kind::Symbol) && text == wanted;
  }
};

// The tokens of one piece, without an End token. Nothing after a reported mistake.
std::optional<std::vector<CToken>> scan_c(const base::SourceSet& sources, base::SourceRange piece,
                                          base::Diagnostics& diagnostics);

}  // namespace gimlet::parser
