// An entry -> an image, with what earlier entries declared and the maps that they made.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ast/sema/analyze.h"
#include "base/diagnostics.h"
#include "base/result.h"
#include "image/image.h"
#include "interactive/cell.h"
#include "kernel/kernel.h"

namespace gimlet::interactive {

// What the command line says about compiling.
struct CompileSettings {
  ast::sema::Options options;
  std::set<std::string> fixed_keys;          // config keys that the environment sets
  std::vector<std::string> include_folders;  // -I
  std::vector<std::string> includes;         // --include
};

// The entry that mentioned a map of the session first.
struct MapOrigin {
  std::string label;
  std::string text;
};

struct CompileRequest {
  std::string label;                   // as messages show where the text is from
  const std::string& text;             // of the entry
  uint32_t body = 0;                   // where it begins behind its name
  std::vector<const Cell*> declaring;  // earlier cells
  std::vector<ast::MapPlan> maps;      // of the session
  const std::map<std::string, MapOrigin>& origins;
};

// What came of it. There is an image unless there are mistakes, a failure, or nothing to run.
struct CompiledEntry {
  base::Diagnostics diagnostics;
  std::shared_ptr<base::SourceSet> sources;  // what diagnostics and the image refer to
  std::optional<base::Error> failure;
  std::unique_ptr<ast::Program> tree;
  ast::TypedProgram typed;  // refers to `tree`
  std::optional<image::Image> image;
  ast::Config config;       // after the entry
  bool statements = false;  // run once
  bool declares = false;

  bool failed() const { return diagnostics.has_errors() || failure; }
};

CompiledEntry compile_entry(const CompileRequest& request, const CompileSettings& settings,
                            kernel::Kernel& kernel);

}  // namespace gimlet::interactive
