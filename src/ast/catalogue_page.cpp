#include "ast/catalogue_page.h"

#include <fmt/format.h>

#include "ast/catalogue.h"

namespace gimlet::ast {
namespace {

struct Area {
  std::string_view digits;
  const char* title;
};

constexpr Area kAreas[] = {
    {"01", "Syntax"},
    {"02", "Structure of a program, configuration, imports"},
    {"03", "Literals, types and casts"},
    {"04", "Operators and memory"},
    {"05", "Variables"},
    {"06", "Maps and aggregations"},
    {"07", "Control flow"},
    {"08", "Compile time, macros, functions"},
    {"09", "Calls and builtins"},
    {"10", "Probes"},
    {"11", "C definitions"},
    {"12", "Limits"},
    {"13", "User programs, watchpoints, probes of gimlet itself"},
    {"14", "The standard library"},
};

const char* word(DiagnosticClass severity) {
  switch (severity) {
    case DiagnosticClass::Error: return "Error";
    case DiagnosticClass::Warning: return "Warning";
    case DiagnosticClass::Runtime: return "Warning while the program runs";
  }
  return "";
}

// Markdown's code quotes have to be longer than what they quote.
std::string quoted(const std::string& text) {
  return text.find('`') == std::string::npos ? "`" + text + "`" : "`` " + text + " ``";
}

std::string entry(const DiagnosticKind& kind) {
  std::string_view page = kind.page;
  while (page.starts_with('\n')) page.remove_prefix(1);
  return fmt::format("### {}\n{}: {}\n\n{}\nLanguage guide, section {}.\n\n", kind.code,
                     word(kind.severity), quoted(pattern_text(kind)), page, kind.section);
}

}  // namespace

std::string diagnostics_page() {
  std::string out =
      "# Diagnostics\n"
      "What gimlet can say about a program, by code. `gimlet --explain CODE` shows one of these "
      "pages, `gimlet --explain list` all codes. In the messages `...` stands for text that "
      "varies; messages about syntax begin with `syntax: `.\n\n"
      "This page is made from the catalogue by `scripts/gen-diagnostics`.\n\n";
  for (const Area& area : kAreas) {
    out += fmt::format("## {}\n\n", area.title);
    for (const DiagnosticKind& kind : diagnostic_kinds()) {
      if (std::string_view(kind.code).substr(1, 2) == area.digits) out += entry(kind);
    }
  }
  out.pop_back();
  return out;
}

}  // namespace gimlet::ast
