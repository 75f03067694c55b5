#include "ast/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <vector>

#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

constexpr std::string_view kGap = "{}";

std::vector<DiagnosticKind> join_tables() {
  std::vector<DiagnosticKind> all;
  for (auto table : {catalogue_syntax,
                     catalogue_programs,
                     catalogue_config,
                     catalogue_literals,
                     catalogue_types,
                     catalogue_operators,
                     catalogue_memory,
                     catalogue_variables,
                     catalogue_maps,
                     catalogue_aggregations,
                     catalogue_control_flow,
                     catalogue_compile_time,
                     catalogue_macros,
                     catalogue_calls,
                     catalogue_builtins,
                     catalogue_context,
                     catalogue_probes,
                     catalogue_targets,
                     catalogue_kernel_functions,
                     catalogue_c_definitions,
                     catalogue_preprocessor,
                     catalogue_limits,
                     catalogue_runtime,
                     catalogue_own_probes,
                     catalogue_user,
                     catalogue_watchpoints,
                     catalogue_library}) {
    std::span<const DiagnosticKind> rows = table();
    all.insert(all.end(), rows.begin(), rows.end());
  }
  std::ranges::stable_sort(all, [](const DiagnosticKind& a, const DiagnosticKind& b) {
    return strcmp(a.code + 1, b.code + 1) < 0;
  });
  return all;
}

// A gap takes at least one character. The text after a gap is taken where it first occurs, except
// for the last one, which has to be at the end.
bool matches(std::string_view pattern, std::string_view message) {
  size_t gap = pattern.find(kGap);
  if (gap == std::string_view::npos) return pattern == message;
  if (!message.starts_with(pattern.substr(0, gap))) return false;
  message.remove_prefix(gap);
  while (true) {
    pattern.remove_prefix(gap + kGap.size());
    gap = pattern.find(kGap);
    if (gap == std::string_view::npos) {
      return message.size() > pattern.size() && message.ends_with(pattern);
    }
    size_t at = message.find(pattern.substr(0, gap), 1);
    if (at == std::string_view::npos) return false;
    message.remove_prefix(at + gap);
  }
}

size_t fixed_length(std::string_view pattern) {
  size_t length = pattern.size();
  for (size_t at = 0; (at = pattern.find(kGap, at)) != std::string_view::npos; at += kGap.size()) {
    length -= kGap.size();
  }
  return length;
}

bool same_but_for_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::toupper(x) == std::toupper(y); });
}

}  // namespace

std::span<const DiagnosticKind> diagnostic_kinds() {
  static const std::vector<DiagnosticKind> all = join_tables();
  return all;
}

const DiagnosticKind* find_kind(std::string_view message) {
  constexpr std::string_view kParser = "syntax: ";
  if (message.starts_with(kParser)) message.remove_prefix(kParser.size());
  const DiagnosticKind* best = nullptr;
  for (const DiagnosticKind& kind : diagnostic_kinds()) {
    if (!matches(kind.pattern, message)) continue;
    if (!best || fixed_length(kind.pattern) > fixed_length(best->pattern)) best = &kind;
  }
  return best;
}

const DiagnosticKind* kind_by_code(std::string_view code) {
  for (const DiagnosticKind& kind : diagnostic_kinds()) {
    if (same_but_for_case(kind.code, code)) return &kind;
  }
  return nullptr;
}

std::string pattern_text(const DiagnosticKind& kind) {
  std::string text = kind.pattern;
  for (size_t at = 0; (at = text.find(kGap, at)) != std::string::npos;) {
    text.replace(at, kGap.size(), "...");
  }
  return text;
}

std::string explain(const DiagnosticKind& kind) {
  std::string_view page = kind.page;
  while (page.starts_with('\n')) page.remove_prefix(1);
  return fmt::format("{}: {}\n\n{}\nSee section {} of the language guide.\n", kind.code,
                     pattern_text(kind), page, kind.section);
}

}  // namespace gimlet::ast
