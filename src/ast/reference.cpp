#include "ast/reference.h"

#include <fmt/format.h>

#include "ast/builtin.h"
#include "ast/library_macros.h"
#include "ast/provider.h"

namespace gimlet::ast {
namespace {

// A `|` would end the cell of a table.
std::string cell(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

const char* mode_name(BuiltinMode mode) {
  switch (mode) {
    case BuiltinMode::Sync: return "in the kernel";
    case BuiltinMode::Async: return "when the event is handled";
    case BuiltinMode::CompileTime: return "when the program is compiled";
    case BuiltinMode::Aggregation: return "as the value of a map";
  }
  return "";
}

// The probes that offer what a builtin needs.
std::string where(const Builtin& row) {
  if (row.needs == 0) return "everywhere";
  std::string names;
  for (const Provider& provider : providers()) {
    if ((row.needs & ~provider.offers) != 0) continue;
    names += (names.empty() ? "" : ", ") + std::string(provider.name);
  }
  return names;
}

std::string providers_table() {
  std::string out = "| probe | short | written | what it is |\n| --- | --- | --- | --- |\n";
  for (const Provider& row : providers()) {
    out +=
        fmt::format("| `{}` | {} | `{}` | {} |\n", row.name,
                    *row.alias ? fmt::format("`{}`", row.alias) : "", cell(row.form), row.summary);
  }
  return out;
}

std::string builtin_entry(const Builtin& row) {
  return fmt::format(
      "### {}\n`{}` gives `{}`. {}\n\nComputed {}; available: {}{}.\n\n```\n{}\n```\n\n", row.name,
      row.signature, row.result, row.summary, mode_name(row.mode), where(row),
      row.is_unsafe ? "; only with `--unsafe`" : "", row.example);
}

std::string macro_entry(const LibraryMacro& row) {
  return fmt::format("### {}\n`{}` gives `{}`. {}\n\n```\n{}\n```\n\n", row.name, row.signature,
                     row.result, row.summary, row.example);
}

}  // namespace

std::string reference_page() {
  std::string out =
      "# Reference\n"
      "This page is made from the program's own tables by `scripts/gen-reference`.\n\n"
      "## Probes\n" +
      providers_table();
  out += "\n## Values\n";
  for (const Builtin& row : builtins()) {
    if (row.form != BuiltinForm::Function) out += builtin_entry(row);
  }
  out += "## Functions\n";
  for (const Builtin& row : builtins()) {
    if (row.form == BuiltinForm::Function && row.mode != BuiltinMode::Aggregation) {
      out += builtin_entry(row);
    }
  }
  out +=
      "## Macros\n"
      "Functions that are written in the language itself, in src/stdlib. A program can have its "
      "own of the same names.\n\n";
  for (const LibraryMacro& row : library_macros()) out += macro_entry(row);
  out += "## Aggregations\n";
  for (const Builtin& row : builtins()) {
    if (row.mode == BuiltinMode::Aggregation) out += builtin_entry(row);
  }
  out.pop_back();
  return out;
}

}  // namespace gimlet::ast
