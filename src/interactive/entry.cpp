#include "interactive/entry.h"

#include <algorithm>
#include <cctype>

#include "ast/provider.h"
#include "interactive/brackets.h"
#include "parser/parse.h"

namespace gimlet::interactive {
namespace {

bool is_word_byte(char c) { return isalnum(static_cast<unsigned char>(c)) || c == '_'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  while (!text.empty() && isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  return text;
}

// `begin` could be an expression; it is the start of a probe.
bool names_provider(std::string_view text) {
  for (const ast::Provider& row : ast::providers()) {
    if (text == row.name) return true;
  }
  return text == "BEGIN" || text == "END";
}

// What stands behind `.edit N`.
std::string_view edited_text(std::string_view command) {
  for (int word = 0; word < 2; word++) {
    size_t end = command.find_first_of(" \t\n");
    if (end == std::string_view::npos) return {};
    command = trimmed(command.substr(end));
  }
  return command;
}

bool has_import(const ast::Program& program) {
  return program.probes.empty() || !program.block_imports.empty();
}

// How far the parser came: the first mistake's offset.
uint32_t first_mistake(const base::Diagnostics& diagnostics) {
  uint32_t place = UINT32_MAX;
  for (const base::Diagnostic& d : diagnostics.all()) {
    if (d.severity == base::Severity::Error && d.range) place = std::min(place, d.range->begin);
  }
  return place;
}

const ast::Expr* bare_expression(const ast::Block& block) {
  if (block.value) return block.statements.empty() ? block.value.get() : nullptr;
  if (block.statements.size() != 1) return nullptr;
  auto* statement = std::get_if<ast::ExpressionStatement>(&block.statements.front()->node);
  return statement ? statement->expression.get() : nullptr;
}

}  // namespace

EntryName entry_name(std::string_view text) {
  size_t at = 0;
  auto skip_blanks = [&] {
    while (at < text.size() && isspace(static_cast<unsigned char>(text[at]))) at++;
  };
  skip_blanks();
  size_t begin = at;
  if (at == text.size() || isdigit(static_cast<unsigned char>(text[at]))) return {};
  while (at < text.size() && is_word_byte(text[at])) at++;
  std::string name(text.substr(begin, at - begin));
  skip_blanks();
  if (name.empty() || name == "config" || at >= text.size() || text[at] != '=') return {};
  at++;
  if (at < text.size() && text[at] == '=') return {};
  skip_blanks();
  return {std::move(name), static_cast<uint32_t>(at)};
}

ParsedEntry parse_entry(const base::SourceSet& sources, base::FileId file, uint32_t body,
                        base::Diagnostics& diagnostics) {
  ParsedEntry entry;
  base::Diagnostics as_statements;
  if (body == 0) {
    auto statements = parser::parse_statements(sources, file, as_statements);
    if (statements && !as_statements.has_errors() && !has_import(*statements)) {
      entry.program = std::move(*statements);
      entry.statements = true;
      entry.value = bare_expression(entry.program.probes.front().body);
      return entry;
    }
  }
  base::Diagnostics as_program;
  entry.program = parser::parse(sources, file, as_program, 0, body);
  // Of two readings that both fail, the one that got further is what was meant.
  bool program_meant = body > 0 || !as_statements.has_errors() ||
                       first_mistake(as_program) >= first_mistake(as_statements);
  const base::Diagnostics& told =
      as_program.has_errors() && !program_meant ? as_statements : as_program;
  for (const base::Diagnostic& d : told.all()) diagnostics.add(d);
  return entry;
}

bool is_program(const std::string& text) {
  base::SourceSet sources;
  base::Diagnostics mistakes;
  base::FileId file = sources.add("entry", text);
  return !parse_entry(sources, file, entry_name(text).body, mistakes).statements;
}

bool is_blank(std::string_view text) { return read_brackets(text).only_layout; }

bool may_end(std::string_view text) {
  Brackets brackets = read_brackets(text);
  return brackets.open == 0 && !brackets.in_comment;
}

bool is_complete(std::string_view text) {
  std::string_view written = trimmed(text);
  if (written.starts_with(".edit ")) written = edited_text(written);
  if (written.empty() || written.front() == '.') return true;
  Brackets brackets = read_brackets(written);
  if (brackets.open > 0 || brackets.in_comment) return false;
  if (brackets.only_layout) return true;
  if (written.back() == '\\' || names_provider(written)) return false;
  base::SourceSet sources;
  base::FileId file = sources.add("entry", std::string(written));
  base::Diagnostics diagnostics;
  uint32_t body = entry_name(written).body;
  parse_entry(sources, file, body, diagnostics);
  if (!diagnostics.has_errors()) return body == 0 || body < written.size();
  if (first_mistake(diagnostics) >= written.size()) return false;
  // As a program it may only lack its end, although as statements it is wrong earlier.
  base::Diagnostics as_program;
  parser::parse(sources, file, as_program, 0, body);
  return first_mistake(as_program) < written.size();
}

}  // namespace gimlet::interactive
