// Text -> one tree: the program, what it imports, its C definitions, and its macros expanded.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ast/node.h"
#include "base/diagnostics.h"
#include "base/source.h"

namespace gimlet::frontend {

struct ReadOptions {
  // Called with the tree after each pass, for `-d ast`.
  std::function<void(const char* pass, const ast::Program&)> after_pass;
};

// The program of one file of `sources`. If there are errors, what is returned is of no use.
ast::Program read(base::SourceSet& sources, base::FileId file, const ReadOptions& options,
                  base::Diagnostics& diagnostics);

}  // namespace gimlet::frontend
