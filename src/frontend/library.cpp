#include "frontend/library.h"

#include "frontend/stdlib_files.h"
#include "parser/parse.h"

namespace gimlet::frontend {
namespace {

// Whether a file defines a macro of that name, told without parsing it.
bool defines(std::string_view text, std::string_view name) {
  std::string head = "\nmacro " + std::string(name) + "(";
  return text.find(head) != text.npos;
}

}  // namespace

std::span<const ast::Macro> Library::library(std::string_view name) {
  std::span<const File> all = files();
  parsed_.resize(all.size());
  for (size_t i = 0; i < all.size(); i++) {
    if (parsed_[i] || !defines(all[i].text, name)) continue;
    parsed_[i] = true;
    base::FileId file =
        sources_.add("stdlib/" + std::string(all[i].name), std::string(all[i].text));
    // The library's own mistakes are found by its tests.
    base::Diagnostics diagnostics;
    ast::Program program = parser::parse(sources_, file, diagnostics);
    for (ast::Macro& macro : program.macros) {
      macro.library = true;
      macros_[macro.name].push_back(std::move(macro));
    }
  }
  auto found = macros_.find(name);
  if (found == macros_.end()) return {};
  return found->second;
}

std::optional<MacroSource::CReplacement> Library::c_macro(std::string_view name) {
  auto known = c_macros_.find(name);
  if (known == c_macros_.end()) {
    CMacro macro;
    macro.text = find_c_macro_ ? find_c_macro_(name) : std::nullopt;
    if (macro.text) {
      base::FileId file = sources_.add("definitions.h", *macro.text);
      // That it is no expression is said where it is used.
      base::Diagnostics diagnostics;
      macro.expression = parser::parse_expression(sources_, file, diagnostics);
    }
    known = c_macros_.emplace(std::string(name), std::move(macro)).first;
  }
  const CMacro& macro = known->second;
  if (!macro.text) return std::nullopt;
  return CReplacement{*macro.text, macro.expression ? &macro.expression : nullptr};
}

}  // namespace gimlet::frontend
