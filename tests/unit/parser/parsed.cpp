#include "unit/parser/parsed.h"

#include <fmt/format.h>

#include "ast/print.h"
#include "parser/parse.h"

namespace gimlet::parser::test {

Parsed parse_text(std::string text) {
  Parsed result;
  base::FileId file = result.sources.add("stdin", std::move(text));
  result.program = parse(result.sources, file, result.diagnostics);
  return result;
}

std::vector<std::string> mistakes(const std::string& program) {
  Parsed parsed = parse_text(program);
  std::vector<std::string> out;
  constexpr std::string_view kPrefix = "syntax: ";
  for (const base::Diagnostic& d : parsed.diagnostics.all()) {
    std::string place = base::show_place(parsed.sources, d.range.value());
    std::string message = d.message.starts_with(kPrefix) ? d.message.substr(kPrefix.size())
                                                         : "without prefix: " + d.message;
    out.push_back(fmt::format("{}: {}", place.substr(std::string_view("stdin:").size()), message));
  }
  return out;
}

std::string statements(const std::string& body) {
  std::string program = "begin { " + body + " }";
  Parsed parsed = parse_text(program);
  if (parsed.diagnostics.has_errors()) return mistakes(program).front();
  std::string out;
  std::string printed = ast::print(parsed.program);
  // Without "begin {" and "}", and in one line.
  std::string_view inside(printed);
  inside.remove_prefix(std::string_view("begin\n{").size());
  inside.remove_suffix(std::string_view("}\n").size());
  for (char c : inside) {
    bool blank = c == '\n' || c == ' ';
    if (blank && (out.empty() || out.back() == ' ')) continue;
    out += blank ? ' ' : c;
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

std::string expression(const std::string& text) {
  std::string out = statements("_ = " + text + ";");
  if (out.starts_with("_ = ")) out = out.substr(4, out.size() - 5);
  return out;
}

}  // namespace gimlet::parser::test
