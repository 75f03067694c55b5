// `--fmt`: a script in one style, with its comments (spec C1.9).
//
// Items, statements and blank lines keep their order; each statement gets a line of its own. The
// result is a program with the same tree, and formatting it again changes nothing.
#pragma once

#include <string>

#include "base/diagnostics.h"
#include "base/source.h"

namespace gimlet::frontend {

// Nothing of use if there are syntax errors.
std::string format(const base::SourceSet& sources, base::FileId file,
                   base::Diagnostics& diagnostics);

}  // namespace gimlet::frontend
