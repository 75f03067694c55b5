// A short chain of macros that each use the next one twice would make any amount of text: depth and
// length of an expansion are limited.
#include "parser/c_macros.h"

#include <fmt/format.h>

namespace gimlet::parser {
namespace {

constexpr int kMaxDepth = 100;
constexpr size_t kMaxTokens = 1'000'000;

}  // namespace

void CMacros::predefine(std::string_view name) {
  static constexpr std::string_view one = "1";
  CToken token;
  token.kind = CToken::Kind::Number;
  token.text = one;
  Macro macro;
  macro.replacement.push_back(token);
  macro.predefined = true;
  macros_.insert_or_assign(std::string(name), std::move(macro));
}

void CMacros::define(const CToken& name, std::span<const CToken> replacement, bool function_like) {
  Macro macro;
  macro.range = name.range;
  macro.replacement.assign(replacement.begin(), replacement.end());
  macro.function_like = function_like;
  macros_.insert_or_assign(std::string(name.text), std::move(macro));
}

void CMacros::undefine(std::string_view name) {
  if (auto found = macros_.find(name); found != macros_.end()) macros_.erase(found);
}

bool CMacros::expand(std::span<const CToken> tokens, const base::SourceRange* place,
                     std::vector<CToken>& out) {
  for (size_t i = 0; i < tokens.size(); ++i) {
    CToken token = tokens[i];
    if (place) token.range = *place;
    const auto found = token.kind == CToken::Kind::Word ? macros_.find(token.text) : macros_.end();
    if (found == macros_.end() || found->second.active) {
      if (out.size() >= kMaxTokens) {
        diagnostics_.error(token.range, "the macros in this definition expand to too much text");
        return false;
      }
      out.push_back(token);
      continue;
    }
    if (found->second.function_like) {
      if (i + 1 == tokens.size() || !tokens[i + 1].is("(")) {
        out.push_back(token);
        continue;
      }
      diagnostics_
          .error(token.range,
                 fmt::format("the macro '{}' takes arguments, which C definitions cannot use",
                             token.text))
          .note(found->second.range, "it is defined here")
          .hint("write what it stands for");
      return false;
    }
    if (!expand_macro(found->second, token.range, out)) return false;
  }
  return true;
}

bool CMacros::expand_macro(Macro& macro, const base::SourceRange& place, std::vector<CToken>& out) {
  if (depth_ == kMaxDepth) {
    diagnostics_.error(place, "macros are nested too deeply here");
    return false;
  }
  ++depth_;
  macro.active = true;
  const bool good = expand(macro.replacement, &place, out);
  macro.active = false;
  --depth_;
  return good;
}

std::vector<ast::CMacro> CMacros::list() const {
  std::vector<ast::CMacro> list;
  for (const auto& [name, macro] : macros_) {
    if (macro.predefined) continue;
    ast::CMacro& entry = list.emplace_back();
    entry.name = name;
    entry.range = macro.range;
    entry.function_like = macro.function_like;
    for (const CToken& token : macro.replacement) entry.replacement += token.text;
  }
  return list;
}

}  // namespace gimlet::parser
