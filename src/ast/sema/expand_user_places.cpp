#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "ast/arch.h"
#include "ast/sema/expand_user.h"
#include "ast/walk.h"
#include "base/demangle.h"
#include "base/glob.h"
#include "base/suggest.h"

namespace gimlet::ast::sema {
namespace {

using kernel::FunctionSymbol;
using kernel::UserPrototype;

constexpr const char* kUnsafeAdvice =
    "Use --unsafe to force attachment. WARNING: This option could lead to data corruption in the "
    "target process.";

Field field_of(const UserPrototype::Parameter& parameter) {
  using Place = UserPrototype::Parameter::Place;
  Field field;
  field.name = parameter.name;
  if (parameter.place == Place::Elsewhere) return field;
  field.type = parameter.type;
  field.on_stack = parameter.place == Place::Stack;
  if (field.on_stack) {
    field.offset = parameter.stack_offset;
  } else if (parameter.words.size() == 1) {
    field.offset = parameter.words[0].offset;
  } else {
    field.pieces = parameter.words;
  }
  return field;
}

const FunctionSymbol* containing(const std::vector<FunctionSymbol>& symbols, uint64_t address) {
  for (const FunctionSymbol& symbol : symbols) {
    const bool inside = address >= symbol.address && address - symbol.address < symbol.size;
    if (inside || address == symbol.address) return &symbol;
  }
  return nullptr;
}

}  // namespace

std::string UserPlaces::name(const std::string& path, const std::string& shown) const {
  return fmt::format("{}:{}:{}", context.provider.name, path, shown);
}

base::Diagnostic& UserPlaces::cannot_attach(const std::string& path, const std::string& shown,
                                            std::string reason) {
  return context.cannot_attach(part.range, std::move(reason), name(path, shown));
}

void UserPlaces::add(const std::string& path, const std::string& shown, const std::string& symbol,
                     uint64_t address, uint64_t file_offset) {
  Match match;
  match.target = {context.provider.id, name(path, shown),
                  UserTarget{path, symbol, address, file_offset}};
  expansion.matches.push_back(std::move(match));
}

bool UserPlaces::add_whole(const std::string& path, const std::string& shown,
                           const FunctionSymbol& symbol, bool report) {
  add(path, shown, symbol.name, symbol.address, symbol.file_offset);
  if (place_in_go(path, symbol, report)) return true;
  expansion.matches.pop_back();
  return false;
}

bool UserPlaces::place_in_go(const std::string& path, const FunctionSymbol& symbol, bool report) {
  auto go = context.facts.kernel.go_function(path, symbol);
  const bool at_return = context.provider.id == ProviderId::Uretprobe;
  if (!go.ok() || (*go && at_return && (*go)->returns.empty())) {
    if (!report) return false;
    cannot_attach(path, symbol.name,
                  fmt::format("Could not find the return instructions of the Go function {}: {}",
                              symbol.name, go.ok() ? "it has none" : go.error().message));
    return false;
  }
  if (!*go) return true;
  auto& target = std::get<UserTarget>(expansion.matches.back().target.place);
  for (uint32_t i = 0; report && !at_return && i < kArgumentRegisters; i++) {
    const std::string name = fmt::format("arg{}", i);
    if (!mentions(context.probe, name)) continue;
    context.facts.reporter
        .warning(part.range,
                 fmt::format("{} is not the argument of a Go function: {}", name, symbol.name))
        .hint("args.NAME is, if the program has debug information, or a register: reg(\"ax\")");
    break;
  }
  if (at_return) {
    target.return_offsets = std::move((*go)->returns);
    return true;
  }
  target.address += (*go)->entry;
  target.file_offset += (*go)->entry;
  return true;
}

bool UserPlaces::refuse(const std::string& path, const std::string& shown, std::string reason,
                        const std::string& warning) {
  if (context.facts.options.unsafe) {
    context.facts.reporter.warning(part.range, warning);
    return false;
  }
  if (!reason.ends_with('.')) reason += '.';
  cannot_attach(path, shown, fmt::format("{} {}", reason, kUnsafeAdvice));
  return true;
}

bool UserPlaces::check_instruction(const std::string& path, const FunctionSymbol& symbol,
                                   uint64_t address, const std::string& shown) {
  auto starts = context.facts.kernel.instruction_starts(path, symbol, address);
  if (starts.ok() && *starts) return true;
  if (starts.ok()) {
    return !refuse(
        path, shown,
        fmt::format("Could not add uprobe into middle of instruction: {}:{}", path, shown),
        fmt::format("Unsafe uprobe in the middle of the instruction: {}:{}", path, shown));
  }
  return !refuse(path, shown,
                 fmt::format("Failed to check if uprobe is in proper place: {}:{}: {}", path, shown,
                             starts.error().message),
                 fmt::format("Unchecked uprobe: {}:{}", path, shown));
}

// Gives the match that was added last the parameters of its function.
void UserPlaces::describe_arguments(const std::string& path, const FunctionSymbol& symbol) {
  if (context.provider.id != ProviderId::Uprobe || !mentions(context.probe, "args")) return;
  Match& match = expansion.matches.back();
  auto prototype = context.facts.kernel.user_prototype(path, symbol.address);
  if (!prototype.ok() && prototype.error().errnum == ENOENT) {
    context
        .error(part.range, fmt::format("Could not parse arguments of \"{}\": {}", match.target.name,
                                       prototype.error().message))
        .hint("install its debug information or compile it with -g; arg0, arg1, ... need none");
    return;
  }
  if (!prototype.ok() && prototype.error().errnum == ENOTDIR) {
    context.facts.reporter.warning(part.range, prototype.error().message)
        .hint(prototype.error().hint);
  }
  if (!prototype.ok()) {
    context.error(part.range, "Cannot read function parameters");
    return;
  }
  if (prototype->parameters.empty()) {
    context.error(part.range, "Cannot read function parameters");
    return;
  }
  StructLayout layout;
  layout.name = fmt::format("args:{}", match.target.name);
  for (const UserPrototype::Parameter& parameter : prototype->parameters) {
    layout.fields.push_back(field_of(parameter));
  }
  match.context = std::move(layout);
}

FunctionSymbol UserPlaces::implementation_of(const std::string& path,
                                             const FunctionSymbol& symbol) {
  if (auto found = context.facts.kernel.implementation(path, symbol)) return *found;
  context.facts.reporter
      .warning(part.range,
               fmt::format("{} is an indirect function: this traces how its implementation is "
                           "chosen, not how it is called",
                           symbol.name))
      .hint("Trace the implementations; their names are often longer.");
  return symbol;
}

void UserPlaces::add_function(const std::string& path) {
  auto function = split_offset(context, part);
  if (!function) return;
  auto symbol = context.facts.kernel.function(path, function->name);
  if (!symbol) {
    if (several_files) return;
    auto& report = cannot_attach(path, part.text, symbol.error().message);
    std::vector<std::string> names;
    if (auto all = context.facts.kernel.functions(path)) {
      for (const FunctionSymbol& known : *all) names.push_back(known.name);
    }
    if (auto near = base::nearest(function->name, names)) {
      report.hint(fmt::format("Did you mean '{}'?", *near));
    }
    return;
  }
  if (symbol->size == 0) {
    const std::string reason =
        fmt::format("Could not determine boundary for {} (symbol has size 0).", function->name);
    if (refuse(path, part.text, reason, reason)) return;
  } else if (function->offset >= symbol->size) {
    cannot_attach(path, part.text,
                  fmt::format("Offset outside the function bounds ('{}' size is {})",
                              function->name, symbol->size));
    return;
  }
  const uint64_t address = symbol->address + function->offset;
  if (function->offset > 0 && !check_instruction(path, *symbol, address, part.text)) return;
  std::string shown = function->name;
  if (function->offset > 0) shown += fmt::format("+{}", function->offset);
  if (symbol->is_ifunc && !function->has_offset) *symbol = implementation_of(path, *symbol);
  if (function->has_offset) {
    add(path, shown, symbol->name, address, symbol->file_offset + function->offset);
  } else if (!add_whole(path, shown, *symbol, true)) {
    return;
  }
  if (function->offset == 0) describe_arguments(path, *symbol);
}

void UserPlaces::add_address(const std::string& path, uint64_t address) {
  const bool unsafe = context.facts.options.unsafe;
  if (address == 0 && !unsafe) {
    context.error(part.range,
                  "uprobe should be attached to a function, address, or source file and line "
                  "(using DWARF)");
    return;
  }
  auto all = context.facts.kernel.functions(path);
  if (!all) {
    context.missing(part.range, all.error().message);
    return;
  }
  const std::string shown = fmt::format("{}", address);
  if (const FunctionSymbol* symbol = containing(*all, address)) {
    if (!check_instruction(path, *symbol, address, part.text)) return;
    add(path, shown, symbol->name, address, symbol->file_offset + (address - symbol->address));
    return;
  }
  const std::string message = fmt::format("Could not resolve address: {}:{:#x}", path, address);
  if (!unsafe) {
    cannot_attach(path, shown, message);
    return;
  }
  // No symbol says where the address lies: it is taken for a place in the file.
  context.facts.reporter.warning(part.range, message);
  add(path, shown, "", address, address);
}

void UserPlaces::add_unchecked(const std::string& path, uint64_t offset) {
  context.facts.reporter.warning(part.range,
                                 fmt::format("Unchecked uprobe: {}:{}", path, part.text));
  add(path, fmt::format("{}", offset), "", offset, offset);
}

void UserPlaces::add_pattern(const std::string& path) {
  auto all = context.facts.kernel.functions(path);
  if (!all) {
    if (!several_files) context.missing(part.range, all.error().message);
    return;
  }
  for (const FunctionSymbol& symbol : *all) {
    if (!base::glob_matches(part.text, symbol.name)) continue;
    if (symbol.name.find(".part.") != std::string::npos) continue;
    add_whole(path, symbol.name, symbol, false);
  }
}

void UserPlaces::add_cpp(const std::string& path) {
  auto all = context.facts.kernel.functions(path);
  if (!all) {
    if (!several_files) context.missing(part.range, all.error().message);
    return;
  }
  const bool pattern = base::has_wildcard(part.text);
  const size_t before = expansion.matches.size();
  std::vector<std::string> names;
  for (const FunctionSymbol& symbol : *all) {
    if (!base::cpp_name_matches(part.text, symbol.name)) {
      names.push_back(
          base::without_result_type(base::without_parameters(base::demangle(symbol.name))));
      continue;
    }
    if (symbol.name.find(".part.") != std::string::npos) continue;
    if (!add_whole(path, "cpp:" + symbol.name, symbol, !pattern)) continue;
    if (!pattern) describe_arguments(path, symbol);
  }
  if (expansion.matches.size() > before || pattern || several_files) return;
  auto& report = cannot_attach(path, "cpp:" + part.text,
                               fmt::format("Could not resolve symbol: {}:cpp:{}", path, part.text));
  if (auto near = base::nearest(part.text, names)) {
    report.hint(fmt::format("Did you mean \"{}\"?", *near));
  }
}

void UserPlaces::add_source_line(const std::string& path, const UserPoint& point) {
  kernel::Kernel& kernel = context.facts.kernel;
  auto address = kernel.source_line(path, point.source, point.line, point.column);
  if (!address) {
    context.missing(part.range, address.error().message).hint(address.error().hint);
    return;
  }
  auto offset = kernel.file_offset(path, *address);
  if (!offset) {
    context.missing(part.range, offset.error().message);
    return;
  }
  std::string symbol;
  if (auto all = kernel.functions(path)) {
    if (const FunctionSymbol* found = containing(*all, *address)) symbol = found->name;
  }
  add(path, fmt::format("{}", *address), symbol, *address, *offset);
}

}  // namespace gimlet::ast::sema
