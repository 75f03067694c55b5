// The cursor, and the definitions of structs, unions and enums.
#include "parser/c_parser.h"

#include <fmt/format.h>

#include <utility>

#include "parser/c_declarations.h"
#include "parser/c_preprocessor.h"

namespace gimlet::parser {
namespace {

constexpr int kMaxDepth = 100;

std::string shown(const CToken& token) {
  return token.kind == CToken::Kind::End ? "the end of the text" : fmt::format("'{}'", token.text);
}

}  // namespace

CDeclarations::CDeclarations(std::span<const CToken> tokens, ast::CDefinitions& definitions,
                             base::Diagnostics& diagnostics)
    : tokens_(tokens), definitions_(definitions), diagnostics_(diagnostics) {
  if (!tokens.empty()) {
    end_.range = tokens.back().range;
    end_.range.begin = end_.range.end;
  }
}

const CToken& CDeclarations::peek(size_t ahead) const {
  return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead] : end_;
}

CToken CDeclarations::take() {
  const CToken token = peek();
  if (at_ < tokens_.size()) ++at_;
  return token;
}

bool CDeclarations::accept(std::string_view text) {
  if (!peek().is(text)) return false;
  ++at_;
  return true;
}

bool CDeclarations::expect(std::string_view text, std::string_view where) {
  if (accept(text)) return true;
  fail_here(fmt::format("'{}' {}", text, where));
  return false;
}

base::SourceRange CDeclarations::since(const CToken& first) const {
  const CToken& last = at_ > 0 ? tokens_[at_ - 1] : first;
  return last.range.file == first.range.file ? base::join(first.range, last.range) : first.range;
}

base::Diagnostic& CDeclarations::fail(base::SourceRange range, std::string message) {
  at_ = tokens_.size();
  if (std::exchange(failed_, true)) return ignored_;
  return diagnostics_.error(range, std::move(message));
}

base::Diagnostic& CDeclarations::fail_here(std::string_view expected) {
  const CToken& found = peek();
  return fail(found.range, fmt::format("syntax: expected {}, found {}", expected, shown(found)));
}

bool CDeclarations::too_deep() {
  if (depth_ <= kMaxDepth) return false;
  fail(peek().range, "this is nested too deeply");
  return true;
}

void CDeclarations::parse_definitions(CDefined& defined) {
  defined_ = &defined;
  while (!at_end()) {
    if (accept(";")) continue;
    if (!peek().is("struct") && !peek().is("union") && !peek().is("enum")) {
      fail_here("a definition of a struct, union or enum")
          .hint("put typedefs and declarations into a header and #include it");
      return;
    }
    const Specified found = specifiers();
    if (failed_) return;
    if (!found.has_body && !peek().is(";")) {
      fail_here(fmt::format("'{{' or ';' after '{}'", found.type.name));
    } else if (!at_end() && !accept(";")) {
      fail_here(fmt::format("';' after the definition of '{}'", found.type.name))
          .hint("variables cannot be defined here");
    }
  }
}

void CDeclarations::define_tag(std::string_view name, base::SourceRange range) {
  const auto [entry, is_new] = defined_->tags.try_emplace(std::string(name), range);
  if (is_new) return;
  fail(range, fmt::format("redefinition of '{}'", name)).note(entry->second, "first defined here");
}

std::string CDeclarations::made_up_name(std::string_view keyword) {
  return fmt::format("{} (anon #{})", keyword,
                     definitions_.records.size() + definitions_.enums.size() + 1);
}

std::string CDeclarations::record_definition(const CToken& keyword,
                                             const std::optional<CToken>& tag,
                                             ast::CLayoutAttributes attributes) {
  if (tag) define_tag(tag->text, tag->range);
  ast::CRecord record;
  record.is_union = keyword.text == "union";
  record.range = tag ? tag->range : keyword.range;
  record.attributes = std::move(attributes);
  // The place in the list is taken first: definitions inside come later.
  const size_t index = definitions_.records.size();
  record.name = tag ? fmt::format("{} {}", keyword.text, tag->text) : made_up_name(keyword.text);
  definitions_.records.emplace_back();
  record_body(record);
  this->attributes(record.attributes);
  std::string name = record.name;
  definitions_.records[index] = std::move(record);
  return name;
}

void CDeclarations::record_body(ast::CRecord& record) {
  const Level level(*this);
  if (too_deep()) return;
  take();  // `{`
  while (!at_end()) {
    if (accept("}")) return;
    if (!accept(";")) member_declaration(record);
  }
  fail(record.range, fmt::format("syntax: the '}}' of '{}' is missing", record.name));
}

void CDeclarations::member_declaration(ast::CRecord& record) {
  const CToken first = peek();
  const Specified found = specifiers();
  if (failed_) return;
  if (peek().is(";")) {
    take();
    const bool anonymous = found.has_body && found.type.name.find('(') != std::string::npos;
    const bool is_enum = found.type.kind == ast::CSpecifier::Kind::Enum;
    if (anonymous && !is_enum) {
      ast::CMember& inner = record.members.emplace_back();
      inner.range = found.type.range;
      inner.type = {found.type.range, found.type, {}};
      inner.attributes = found.attributes;
    } else if (!found.has_body) {
      fail(since(first),
           fmt::format("syntax: a member of type '{}' needs a name", found.type.name));
    }
    return;
  }
  do {
    const size_t before = record.members.size();
    member(record, found.type, found.attributes);
    if (failed_) return;
    if (found.user && record.members.size() > before) {
      // `__user` in front of the first `*` speaks of what the innermost pointer points to.
      auto& steps = record.members.back().type.derivations;
      for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
        if (step->kind != ast::CDerivation::Kind::Pointer) continue;
        step->user = true;
        break;
      }
    }
  } while (accept(","));
  const std::string& name = record.members.back().name;
  expect(";", name.empty() ? "after the member" : fmt::format("after the member '{}'", name));
}

void CDeclarations::member(ast::CRecord& record, const ast::CSpecifier& base,
                           const ast::CLayoutAttributes& shared) {
  const CToken first = peek();
  ast::CMember member;
  member.attributes = shared;
  Declarator found;
  if (!peek().is(":")) declarator(found, false, member.attributes);
  if (failed_) return;
  if (accept(":")) {
    member.bit_width = constant();
  } else if (!found.name) {
    fail_here("the name of a member");
    return;
  }
  attributes(member.attributes);
  if (found.name) member.name = found.name->text;
  member.range = found.name ? found.name->range : since(first);
  member.type = {member.range, base, std::move(found.derivations)};
  record.members.push_back(std::move(member));
}

std::string CDeclarations::enum_definition(const CToken& keyword, const std::optional<CToken>& tag,
                                           const ast::CLayoutAttributes& attributes) {
  if (tag) define_tag(tag->text, tag->range);
  ast::CEnum definition;
  definition.range = tag ? tag->range : keyword.range;
  definition.anonymous = !tag;
  definition.name = tag ? fmt::format("enum {}", tag->text) : made_up_name("enum");
  enum_body(definition);
  ast::CLayoutAttributes all = attributes;
  this->attributes(all);
  definition.packed = all.packed;
  std::string name = definition.name;
  definitions_.enums.push_back(std::move(definition));
  return name;
}

void CDeclarations::enum_body(ast::CEnum& definition) {
  take();  // `{`
  bool closed = false;
  while (!at_end() && !(closed = accept("}"))) {
    if (!at_word()) {
      fail_here("the name of an enumerator");
      return;
    }
    const CToken name = take();
    ast::CEnumerator& enumerator = definition.enumerators.emplace_back();
    enumerator.name = name.text;
    enumerator.range = name.range;
    const auto [entry, is_new] = defined_->enumerators.try_emplace(enumerator.name, name.range);
    if (!is_new) {
      fail(name.range, fmt::format("redefinition of enumerator '{}'", name.text))
          .note(entry->second, "first defined here");
      return;
    }
    ast::CLayoutAttributes none;
    attributes(none);
    if (accept("=")) enumerator.value = constant();
    if (!failed_ && !accept(",") && !peek().is("}")) {
      fail_here(fmt::format("',' or '}}' after the enumerator '{}'", name.text));
    }
  }
  if (!closed) {
    fail(definition.range, fmt::format("syntax: the '}}' of '{}' is missing", definition.name));
  } else if (definition.enumerators.empty()) {
    fail(definition.range, fmt::format("'{}' has no enumerators", definition.name));
  }
}

ast::CDefinitions parse_c(const base::SourceSet& sources, std::span<const base::SourceRange> pieces,
                          std::span<const std::string> predefined, base::Diagnostics& diagnostics) {
  ast::CDefinitions definitions;
  if (pieces.empty()) return definitions;
  CPreprocessor preprocessor(sources, predefined, diagnostics);
  CDefined defined;
  for (const base::SourceRange& piece : pieces) {
    const std::vector<CToken> tokens = preprocessor.read(piece);
    CDeclarations(tokens, definitions, diagnostics).parse_definitions(defined);
  }
  preprocessor.finish(definitions);
  return definitions;
}

}  // namespace gimlet::parser
