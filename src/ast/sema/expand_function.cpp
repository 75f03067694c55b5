// Attach points of fentry and fexit (probes-and-stdlib B2.6). BTF tells which functions there are
// and how they are called; each needs a program of its own, because the verifier checks a program
// against one prototype.

#include <fmt/format.h>

#include <algorithm>

#include "ast/arch.h"
#include "ast/sema/expand.h"
#include "ast/walk.h"
#include "base/suggest.h"

namespace gimlet::ast::sema {
namespace {

using kernel::KernelFunction;
using kernel::KernelPrototype;

// Programs use these locks themselves, through maps and the ring buffer: one that runs while the
// kernel gives such a lock back would wait for it forever.
constexpr std::string_view kLockInternals[] = {"_raw_spin_lock", "_raw_spin_lock_irqsave",
                                               "_raw_spin_unlock_irqrestore",
                                               "queued_spin_lock_slowpath"};

bool is_lock_internal(const KernelFunction& function) {
  return std::find(std::begin(kLockInternals), std::end(kLockInternals), function.name) !=
         std::end(kLockInternals);
}

Field field_of(const KernelPrototype::Value& value) {
  Field field;
  field.name = value.name;
  field.type = value.type;
  field.offset = value.offset;
  return field;
}

std::string name_of(const ExpandContext& context, const KernelFunction& function) {
  return fmt::format("{}:{}:{}", context.provider.name, function.module, function.name);
}

void add_function(ExpandContext& context, Expansion& expansion, const KernelFunction& function,
                  const KernelPrototype& prototype) {
  Match match;
  match.uses_btf_context = true;
  match.target = {context.provider.id, name_of(context, function),
                  FunctionTarget{function.module, function.name, function.btf_id}};
  StructLayout layout;
  layout.name = fmt::format("args:{}:{}", context.provider.name, function.name);
  for (const KernelPrototype::Value& parameter : prototype.parameters) {
    layout.fields.push_back(field_of(parameter));
    layout.size = parameter.offset + 8;
  }
  match.context = std::move(layout);
  if (!context.facts.kernel.supports(kernel::Feature::Trampolines)) {
    match.mechanism = Mechanism::Kprobe;
    match.uses_btf_context = false;
    match.target.place = KprobeTarget{function.module, function.name, 0, 0};
  }
  if (prototype.result && context.provider.id == ProviderId::Fexit) {
    match.result = field_of(*prototype.result);
  }
  expansion.matches.push_back(std::move(match));
}

// The parameters are gone when a kretprobe fires, and those that do not fill one register each are
// not where a kprobe would look for them.
std::string obstacle_for_kprobe(const ExpandContext& context, const KernelPrototype& prototype) {
  if (context.facts.kernel.supports(kernel::Feature::Trampolines)) return {};
  if (!mentions(context.probe, "args")) return {};
  if (context.provider.id == ProviderId::Fexit) {
    return "this kernel refuses fexit programs, and a kretprobe does not see the parameters";
  }
  for (const KernelPrototype::Value& parameter : prototype.parameters) {
    if (!parameter.type.known()) {
      return fmt::format(
          "this kernel refuses fentry programs, and a kprobe does not see parameters like '{} {}'",
          parameter.c_type, parameter.name);
    }
  }
  return {};
}

// Why a trampoline cannot hold the function; empty if it can.
std::string obstacle(const KernelPrototype& prototype) {
  if (prototype.parameters.size() > kArgumentRegisters) {
    return fmt::format("functions with more than {} parameters are not supported.",
                       kArgumentRegisters);
  }
  if (prototype.is_variadic) {
    return "functions with a variable number of parameters are not supported.";
  }
  if (prototype.result && !prototype.result->type.known()) {
    return fmt::format("functions that return '{}' are not supported.", prototype.result->c_type);
  }
  return {};
}

void report_unknown_function(ExpandContext& context, const std::string& module,
                             const std::string& function) {
  std::string shown = module.empty() ? function : module + ":" + function;
  auto& report = context.missing(
      context.point.range, fmt::format("No matches for {} {}.", context.provider.name, shown));
  std::string where = module.empty() ? "*" : module;
  std::vector<std::string> names;
  for (const KernelFunction& known :
       context.facts.kernel.match_kernel_functions(where + ":" + function.substr(0, 1) + "*")) {
    names.push_back(known.name);
  }
  if (auto near = base::nearest(function, names)) {
    report.hint(fmt::format("Did you mean {}?", *near));
  }
}

void expand_exact(ExpandContext& context, Expansion& expansion, const std::string& module,
                  const std::string& name) {
  std::vector<KernelFunction> found = context.facts.kernel.kernel_functions(module, name);
  if (found.empty()) {
    report_unknown_function(context, module, name);
    return;
  }
  if (found.size() > 1) {
    std::string modules;
    for (const KernelFunction& function : found) {
      modules += (modules.empty() ? "" : ", ") + function.module;
    }
    context
        .error(context.point.range,
               fmt::format("ambiguous attach point, please specify module containing the "
                           "function '{}'",
                           name))
        .hint("it is in " + modules);
    return;
  }
  KernelPrototype prototype = context.facts.kernel.kernel_prototype(found[0]);
  if (const std::string reason = obstacle(prototype); !reason.empty()) {
    context.error(context.point.range, reason);
    return;
  }
  if (std::string reason = obstacle_for_kprobe(context, prototype); !reason.empty()) {
    context.cannot_attach(context.point.range, std::move(reason), name_of(context, found[0]));
    return;
  }
  if (is_lock_internal(found[0])) {
    context.facts.reporter.warning(
        context.point.range,
        fmt::format(
            "Attaching to dangerous function: {}:{}. Programs take this lock themselves: on "
            "each CPU only one program of this script runs at a time, and events that "
            "arrive meanwhile are skipped.",
            found[0].module, found[0].name));
    context.facts.result.recursion_guard = true;
  }
  add_function(context, expansion, found[0], prototype);
}

void expand_matches(ExpandContext& context, Expansion& expansion, const std::string& pattern) {
  std::vector<KernelFunction> found = context.facts.kernel.match_kernel_functions(pattern);
  for (const KernelFunction& function : found) {
    if (is_lock_internal(function)) {
      context.facts.reporter.warning(
          context.point.range, fmt::format("Attaching to dangerous function: {}:{}. Skipping.",
                                           function.module, function.name));
      continue;
    }
    KernelPrototype prototype = context.facts.kernel.kernel_prototype(function);
    bool possible = obstacle(prototype).empty() && obstacle_for_kprobe(context, prototype).empty();
    if (possible) {
      add_function(context, expansion, function, prototype);
    }
  }
}

// The parts that stand before the function. False if an error was reported.
bool check_form(ExpandContext& context) {
  size_t count = context.parts.size();
  if (count == 3) {
    context.error(context.point.range, "Only the 'bpf' variant of this probe supports 4 arguments");
    return false;
  }
  if (!context.check_part_count(1, 2)) return false;
  if (context.parts.back().text.empty()) {
    context.error(context.point.range, "fentry/fexit should specify a function");
    return false;
  }
  return true;
}

}  // namespace

void expand_function(ExpandContext& context, Expansion& expansion) {
  if (context.parts.size() >= 2 && context.parts[0].text == "bpf") {
    expand_bpf_function(context, expansion);
    return;
  }
  if (!check_form(context)) return;
  if (!context.facts.kernel.has_btf()) {
    context.error(context.point.range, "fentry and fexit probes require kernel BTF.");
    return;
  }
  size_t last = context.parts.size() - 1;
  const std::string& name = context.parts[last].text;
  std::string module = last == 1 ? context.parts[0].text : "";
  if (context.is_pattern(last) || (last == 1 && context.is_pattern(0))) {
    expand_matches(context, expansion, (module.empty() ? "*" : module) + ":" + name);
  } else {
    expand_exact(context, expansion, module, name);
  }
}

}  // namespace gimlet::ast::sema
