#include "cli/included_headers.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "kernel/header_search.h"
#include "kernel/header_types.h"

namespace gimlet::cli {
namespace {

std::string folder_of(const base::SourceFile& file) {
  const size_t slash = file.name().rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : file.name().substr(0, slash);
}

// The name in "Unknown identifier: 'NAME'", if it is written as macros are.
std::optional<std::string_view> unknown_macro(const base::Diagnostic& diagnostic) {
  constexpr std::string_view kHead = "Unknown identifier: '";
  std::string_view text = diagnostic.message;
  if (!text.starts_with(kHead) || !text.ends_with('\'')) return std::nullopt;
  text.remove_prefix(kHead.size());
  text.remove_suffix(1);
  if (std::ranges::any_of(text, [](char c) { return c >= 'a' && c <= 'z'; })) return std::nullopt;
  return text;
}

}  // namespace

void check_headers(const ast::CDefinitions& definitions, const base::SourceSet& sources,
                   const std::vector<std::string>& folders, base::Diagnostics& diagnostics) {
  for (const ast::CInclude& include : definitions.includes) {
    const std::string script_folder = folder_of(sources.file(include.range.file));
    if (kernel::header_exists(include, script_folder, folders)) continue;
    if (kernel::is_kernel_header(include.path) && kernel::kernel_header_folders().empty()) continue;
    diagnostics.error(include.range, fmt::format("'{}' file not found", include.path))
        .hint("name its folder with -I");
  }
}

base::Diagnostics with_header_hints(const base::Diagnostics& diagnostics,
                                    const ast::CDefinitions& definitions) {
  const bool includes_kernel =
      std::ranges::any_of(definitions.includes, kernel::is_kernel_header, &ast::CInclude::path);
  if (!includes_kernel || !kernel::kernel_header_folders().empty()) return diagnostics;
  base::Diagnostics result;
  for (const base::Diagnostic& diagnostic : diagnostics.all()) {
    base::Diagnostic& copy = result.add(diagnostic);
    const auto name = unknown_macro(diagnostic);
    if (!name) continue;
    copy.hint(
        fmt::format("macros of the kernel's headers are not in BTF, and the headers of the "
                    "running kernel are not in {}: install them, name their folder with "
                    "-I, or write `#define {} VALUE`",
                    kernel::kernel_build_folder(), *name));
  }
  return result;
}

}  // namespace gimlet::cli
