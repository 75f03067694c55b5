// Attach points of kprobe and kretprobe (probes-and-stdlib B2.5): a function, an instruction in
// one, or an address. Nothing is known of a function but its name, so these need no BTF.

#include <fmt/format.h>

#include "ast/sema/expand.h"
#include "base/integer.h"
#include "base/suggest.h"

namespace gimlet::ast::sema {
namespace {

std::string name_of(const ExpandContext& context, const KprobeTarget& place) {
  std::string shown = place.module.empty() ? "" : place.module + ":";
  shown += place.function.empty() ? fmt::format("{}", place.address) : place.function;
  if (place.offset > 0) shown += fmt::format("+{}", place.offset);
  return fmt::format("{}:{}", context.provider.name, shown);
}

void add_match(ExpandContext& context, Expansion& expansion, const KprobeTarget& place) {
  Match match;
  match.target = {context.provider.id, name_of(context, place), place};
  match.substitute = trampoline_for(context, place);
  expansion.matches.push_back(std::move(match));
}

void suggest(ExpandContext& context, base::Diagnostic& report, const std::string& name) {
  kernel::Kernel& kernel = context.facts.kernel;
  auto elsewhere = kernel.match_traceable("*", name);
  if (!elsewhere.empty()) {
    report.hint(fmt::format("it is in {}", elsewhere.front().module));
    return;
  }
  std::vector<std::string> names;
  for (const auto& known : kernel.match_traceable("", name.substr(0, 1) + "*")) {
    names.push_back(known.name);
  }
  if (auto near = base::nearest(name, names)) report.hint(fmt::format("Did you mean {}?", *near));
}

// The kernel may refuse the function when it is attached to; that costs more than saying so now.
bool check_traceable(ExpandContext& context, const std::string& module, const FunctionPart& part) {
  kernel::Kernel& kernel = context.facts.kernel;
  // What BTF describes exists and, but for a few functions, can be traced. Asking it is cheap.
  if (!kernel.kernel_functions(module, part.name).empty()) return true;
  if (kernel.is_traceable(module, part.name)) return true;
  std::string message = fmt::format(
      "{} is not traceable (either non-existing, inlined, or marked as \"notrace\"); attaching to "
      "it will likely fail",
      part.name);
  // Instructions within a function need not be known to the function tracer.
  bool attempt = context.facts.options.unsafe || part.offset > 0;
  if (missing_policy(context.facts) != MissingProbes::Ignore) {
    auto& warning = context.facts.reporter.warning(context.point.range, std::move(message));
    if (!attempt) suggest(context, warning, part.name);
  }
  return attempt;
}

void expand_exact(ExpandContext& context, Expansion& expansion, const std::string& module,
                  const AttachPoint::Part& part) {
  auto function = split_offset(context, part);
  if (!function || !check_traceable(context, module, *function)) return;
  const KprobeTarget place{module, function->name, function->offset, 0};
  uint64_t size = function->offset > 0 ? context.facts.kernel.function_size(function->name) : 0;
  if (size > 0 && function->offset >= size) {
    context.cannot_attach(
        part.range,
        fmt::format("Offset outside the function bounds ('{}' size is {})", function->name, size),
        name_of(context, place));
    return;
  }
  add_match(context, expansion, place);
}

void expand_address(ExpandContext& context, Expansion& expansion, uint64_t address) {
  if (!context.facts.options.unsafe) {
    context.error(context.point.range, "Probing by address requires --unsafe")
        .hint("the kernel does not check whether an instruction starts there");
    return;
  }
  add_match(context, expansion, {"", "", 0, address});
}

bool check_module(ExpandContext& context, const std::string& module, const std::string& function) {
  if (module.empty() || module == "vmlinux" || context.facts.kernel.module_loaded(module)) {
    return true;
  }
  context
      .missing(context.point.range,
               fmt::format("specified module {} in probe {}:{}:{} is not loaded.", module,
                           context.provider.name, module, function))
      .hint(fmt::format("load it: modprobe {}", module));
  return false;
}

}  // namespace

void expand_kprobe(ExpandContext& context, Expansion& expansion) {
  if (!context.check_part_count(1, 2)) return;
  size_t last = context.parts.size() - 1;
  const AttachPoint::Part& part = context.parts[last];
  if (part.text.empty()) {
    context.error(context.point.range, "kprobes should be attached to a function or an address");
    return;
  }
  std::string module = last == 1 ? context.parts[0].text : "";
  bool module_pattern = last == 1 && context.is_pattern(0);
  if (!module_pattern && !check_module(context, module, part.text)) return;
  if (context.is_pattern(last) || module_pattern) {
    for (auto& found : context.facts.kernel.match_traceable(module, part.text)) {
      add_match(context, expansion, {module.empty() ? "" : found.module, found.name, 0, 0});
    }
    return;
  }
  auto number = base::parse_integer(part.text, base::IntegerForms::CommandWord);
  if (auto* address = std::get_if<uint64_t>(&number); address && !part.quoted) {
    expand_address(context, expansion, *address);
  } else {
    expand_exact(context, expansion, module, part);
  }
}

}  // namespace gimlet::ast::sema
