// fentry and fexit of BPF programs (probes-and-stdlib B2.6, the `bpf` variant): `bpf:NAME`,
// `bpf:ID:NAME`, `bpf:*:NAME`.

#include <fmt/format.h>

#include "ast/sema/expand.h"
#include "base/glob.h"
#include "base/integer.h"

namespace gimlet::ast::sema {
namespace {

void add_match(ExpandContext& context, Expansion& expansion, const kernel::BpfFunction& function) {
  Match match;
  match.uses_btf_context = true;
  match.target = {
      context.provider.id,
      fmt::format("{}:bpf:{}:{}", context.provider.name, function.program, function.name),
      FunctionTarget{"bpf", function.name, function.btf_id, function.program}};
  if (context.provider.id == ProviderId::Fexit) {
    Field result;
    result.name = "retval";
    result.type = integer_type(8, true);
    match.result = std::move(result);
  }
  expansion.matches.push_back(std::move(match));
}

// The program's id; 0 for any. Nothing if an error was reported.
std::optional<uint32_t> wanted_id(ExpandContext& context) {
  if (context.parts.size() == 2 || context.parts[1].text == "*") return 0;
  auto value = base::parse_integer(context.parts[1].text, base::IntegerForms::CommandWord);
  auto* number = std::get_if<uint64_t>(&value);
  if (number && *number > 0 && *number <= UINT32_MAX) return static_cast<uint32_t>(*number);
  context.error(context.parts[1].range, "bpf program id must be a number or '*'");
  return std::nullopt;
}

}  // namespace

void expand_bpf_function(ExpandContext& context, Expansion& expansion) {
  const size_t count = context.parts.size();
  const AttachPoint::Part& name = context.parts.back();
  if (count > 3 || name.text.empty()) {
    context.error(context.point.range,
                  "the 'bpf' variant of this probe requires a bpf program name and optional bpf "
                  "program id");
    return;
  }
  auto id = wanted_id(context);
  if (!id) return;
  if (!context.facts.kernel.supports(kernel::Feature::Trampolines)) {
    context.error(context.point.range,
                  "fentry and fexit of BPF programs need trampolines, and those are switched off");
    return;
  }
  for (const kernel::BpfFunction& function : context.facts.kernel.bpf_functions()) {
    const bool named = context.is_pattern(count - 1) ? base::glob_matches(name.text, function.name)
                                                     : name.text == function.name;
    if (named && (*id == 0 || *id == function.program)) add_match(context, expansion, function);
  }
  if (expansion.matches.empty() && !context.is_pattern(count - 1)) {
    context
        .missing(context.point.range,
                 fmt::format("No valid BPF program found with name: {} and id: {}.", name.text,
                             *id == 0 ? "*" : fmt::format("{}", *id)))
        .hint(fmt::format("gimlet -l '{}:bpf:*' lists those that can be traced",
                          context.provider.name));
  }
}

}  // namespace gimlet::ast::sema
