// Attach points of uprobe and uretprobe (probes-and-stdlib B2.9).

#include <fmt/format.h>

#include "ast/sema/expand.h"
#include "base/glob.h"
#include "base/integer.h"
#include "base/suggest.h"

namespace gimlet::ast::sema {
namespace {

using kernel::FunctionSymbol;

void add_match(ExpandContext& context, Expansion& expansion, const std::string& path,
               const std::string& shown, const std::string& symbol, uint64_t address,
               uint64_t file_offset) {
  Match match;
  match.target = {context.provider.id, fmt::format("{}:{}:{}", context.provider.name, path, shown),
                  UserTarget{path, symbol, address, file_offset}};
  expansion.matches.push_back(std::move(match));
}

void expand_exact(ExpandContext& context, Expansion& expansion, const std::string& path,
                  const AttachPoint::Part& part) {
  auto function = split_offset(context, part);
  if (!function) return;
  auto symbol = context.facts.kernel.function(path, function->name);
  if (!symbol) {
    auto& report = context.missing(part.range, symbol.error().message);
    std::vector<std::string> names;
    if (auto all = context.facts.kernel.functions(path)) {
      for (const FunctionSymbol& known : *all) names.push_back(known.name);
    }
    if (auto near = base::nearest(function->name, names)) {
      report.hint(fmt::format("Did you mean '{}'?", *near));
    }
    return;
  }
  if (symbol->size > 0 && function->offset >= symbol->size) {
    context.error(part.range, fmt::format("Offset outside the function bounds ('{}' size is {})",
                                          function->name, symbol->size));
    return;
  }
  // A breakpoint in the middle of an instruction corrupts the traced program, and nothing here can
  // tell where instructions start.
  if (function->offset > 0 && !context.facts.options.unsafe) {
    context
        .error(part.range,
               fmt::format("Failed to check if uprobe is in proper place: {}:{}", path, part.text))
        .hint(
            "Use --unsafe to force attachment. WARNING: This option could lead to data corruption "
            "in the target process.");
    return;
  }
  std::string shown = function->name;
  if (function->has_offset && function->offset > 0) shown += fmt::format("+{}", function->offset);
  add_match(context, expansion, path, shown, symbol->name, symbol->address + function->offset,
            symbol->file_offset + function->offset);
}

void expand_address(ExpandContext& context, Expansion& expansion, const std::string& path,
                    const AttachPoint::Part& part, uint64_t address) {
  auto all = context.facts.kernel.functions(path);
  if (!all) {
    context.missing(part.range, all.error().message);
    return;
  }
  for (const FunctionSymbol& symbol : *all) {
    bool inside = address >= symbol.address && address - symbol.address < symbol.size;
    if (!inside) continue;
    if (address != symbol.address && !context.facts.options.unsafe) {
      context
          .error(part.range, fmt::format("Failed to check if uprobe is in proper place: {}:{}",
                                         path, part.text))
          .hint(fmt::format("the function {} starts at {:#x}; use --unsafe to force attachment",
                            symbol.name, symbol.address));
      return;
    }
    add_match(context, expansion, path, fmt::format("{}", address), symbol.name, address,
              symbol.file_offset + (address - symbol.address));
    return;
  }
  context.missing(part.range, fmt::format("Could not resolve address: {}:{:#x}", path, address));
}

void expand_pattern(ExpandContext& context, Expansion& expansion, const std::string& path,
                    const AttachPoint::Part& part) {
  auto all = context.facts.kernel.functions(path);
  if (!all) {
    context.missing(part.range, all.error().message);
    return;
  }
  for (const FunctionSymbol& symbol : *all) {
    if (!base::glob_matches(part.text, symbol.name)) continue;
    if (symbol.name.find(".part.") != std::string::npos) continue;
    add_match(context, expansion, path, symbol.name, symbol.name, symbol.address,
              symbol.file_offset);
  }
}

bool refuse_planned_forms(ExpandContext& context) {
  for (const auto& part : context.parts) {
    if (part.text == "@" && !part.quoted) {
      context.error(part.range, "probes by source line are not supported yet");
      return true;
    }
    if (part.text == "cpp" && !part.quoted) {
      context.error(part.range,
                    "C++ names in attach points are not supported yet: use the mangled "
                    "name");
      return true;
    }
  }
  return false;
}

}  // namespace

void expand_user(ExpandContext& context, Expansion& expansion) {
  if (refuse_planned_forms(context)) return;
  uint64_t pid = context.facts.options.target_pid;
  // With -p the file may be left out: the process's own executable.
  bool no_file = context.parts.size() == 1 && pid != 0;
  if (!no_file && !context.check_part_count(2, 2)) return;
  const AttachPoint::Part& part = context.parts.back();
  std::string file = no_file ? fmt::format("/proc/{}/exe", pid) : context.parts[0].text;
  if (file.empty()) {
    context.error(context.point.range,
                  fmt::format("{} should have a target", context.provider.name));
    return;
  }
  if (part.text.empty()) {
    context.error(
        context.point.range,
        fmt::format("{} should be attached to a function, address, or source file and line "
                    "(using DWARF)",
                    context.provider.name));
    return;
  }
  auto paths = context.facts.kernel.resolve_binary(file, pid);
  if (!paths) {
    context.missing(no_file ? context.point.range : context.parts[0].range, paths.error().message)
        .hint(paths.error().hint);
    return;
  }
  bool file_pattern = !no_file && context.is_pattern(0);
  if (paths->size() > 1 && !file_pattern) {
    context.facts.reporter.warning(
        context.point.range,
        fmt::format("attaching to uprobe target file '{}' but matched {} binaries", paths->front(),
                    paths->size()));
    paths->resize(1);
  }
  bool pattern = context.is_pattern(context.parts.size() - 1);
  auto number = base::parse_integer(part.text, base::IntegerForms::CommandWord);
  auto* address = part.quoted ? nullptr : std::get_if<uint64_t>(&number);
  for (const std::string& path : *paths) {
    if (pattern) {
      expand_pattern(context, expansion, path, part);
    } else if (address) {
      expand_address(context, expansion, path, part, *address);
    } else {
      expand_exact(context, expansion, path, part);
    }
  }
}

}  // namespace gimlet::ast::sema
