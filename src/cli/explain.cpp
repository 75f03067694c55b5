#include "cli/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <vector>

#include "ast/catalogue.h"
#include "base/suggest.h"
#include "cli/messages.h"

namespace gimlet::cli {
namespace {

int list_codes() {
  for (const ast::DiagnosticKind& kind : ast::diagnostic_kinds()) {
    fmt::print("{}  {}\n", kind.code, ast::pattern_text(kind));
  }
  return 0;
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

// The codes that differ least from what was typed, at most three of them.
std::string near_codes(const std::string& typed) {
  constexpr size_t kMost = 3;
  size_t least = 2;
  std::vector<std::string> nearest;
  for (const ast::DiagnosticKind& kind : ast::diagnostic_kinds()) {
    size_t distance = base::edit_distance(typed, kind.code);
    if (distance > least) continue;
    if (distance < least) nearest.clear();
    least = distance;
    if (nearest.size() < kMost) nearest.push_back(kind.code);
  }
  return fmt::format("{}", fmt::join(nearest, ", "));
}

}  // namespace

int explain_code(const std::string& code) {
  if (code == "list") return list_codes();
  const ast::DiagnosticKind* kind = ast::kind_by_code(code);
  if (!kind) kind = ast::find_kind(code);
  if (kind) {
    fmt::print("{}", ast::explain(*kind));
    return 0;
  }
  const std::string near = near_codes(upper(code));
  return Messages{}.error({fmt::format("Unknown diagnostic: {}", code),
                           near.empty() ? "`gimlet --explain list` shows all codes"
                                        : fmt::format("Did you mean {}?", near),
                           0, 1});
}

}  // namespace gimlet::cli
