// The catalogue of diagnostics: every error, warning and run-time warning has a code that never
// changes, the pattern of its message, and a page that explains it (`gimlet --explain CODE`).
//
// A code is a letter and four digits: E error, W warning, R run-time warning; the first two digits
// are the area, the same for all three letters. Within an area no number is used twice, and the
// number of a row that goes away is not given to another. The rows stand in catalogue_*.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace gimlet::ast {

enum class DiagnosticClass : uint8_t { Error, Warning, Runtime };

struct DiagnosticKind {
  const char* code;
  DiagnosticClass severity;
  const char* section;  // of the language guide, "6.4"
  const char* pattern;  // the message without "syntax: "; `{}` stands for text that varies
  const char* page;     // paragraphs, and programs indented by four spaces; Markdown
};

// In the order of the codes' digits.
std::span<const DiagnosticKind> diagnostic_kinds();

// The row whose pattern is this message; of several the one with the most fixed text. Null if none.
const DiagnosticKind* find_kind(std::string_view message);

// Upper and lower case are the same. Null if there is no such code.
const DiagnosticKind* kind_by_code(std::string_view code);

// The pattern with `...` where text varies.
std::string pattern_text(const DiagnosticKind& kind);

// The page as it is shown in a terminal.
std::string explain(const DiagnosticKind& kind);

}  // namespace gimlet::ast
