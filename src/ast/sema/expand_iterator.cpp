// Attach points of iter (probes-and-stdlib B2.13). An iterator's program does not wait for events:
// gimlet has the kernel walk over the objects once, and that is the run. So it stands alone.

#include <fmt/format.h>

#include "ast/sema/expand.h"
#include "base/suggest.h"

namespace gimlet::ast::sema {
namespace {

const Provider* provider_of(const AttachPoint& point) {
  return point.parts.empty() ? nullptr : find_provider(point.parts[0].text);
}

// Whether a probe of this kind can be in a program beside an iterator.
bool goes_with_iterator(const Provider& provider) {
  return provider.id == ProviderId::Begin || provider.id == ProviderId::End ||
         is_run_on_request(provider.id);
}

// Of two iterators the second one is reported.
bool check_alone(ExpandContext& context) {
  bool before = true;
  for (const Probe& probe : context.facts.program.probes) {
    if (&probe == &context.probe) {
      before = false;
      continue;
    }
    for (const AttachPoint& point : probe.attach_points) {
      const Provider* other = provider_of(point);
      if (!other || goes_with_iterator(*other)) continue;
      if (other->id == ProviderId::Iter && !before) continue;
      context.error(context.point.range, "iter probe cannot be combined with other probes")
          .hint("only begin and end may stand beside it")
          .note(point.range, "this is the other probe");
      return false;
    }
  }
  return true;
}

void report_unknown(ExpandContext& context, const std::string& name) {
  auto& report = context.missing(
      context.point.range, fmt::format("iter {} not available for your kernel version.", name));
  if (!context.facts.kernel.has_btf()) {
    report.hint("iterators need the kernel's BTF, /sys/kernel/btf/vmlinux");
    return;
  }
  std::vector<std::string> names;
  for (const auto& known : context.facts.kernel.iterators()) names.push_back(known.name);
  if (auto near = base::nearest(name, names)) {
    report.hint(fmt::format("Did you mean {}?", *near));
  } else {
    report.hint("`gimlet -l 'iter:*'` shows those that there are");
  }
}

}  // namespace

void expand_iterator(ExpandContext& context, Expansion& expansion) {
  if (!context.check_part_count(1, 2)) return;
  if (context.is_pattern(0)) {
    context.error(context.parts[0].range, "iter probe type does not support wildcards")
        .hint("`gimlet -l 'iter:*'` shows what there is");
    return;
  }
  if (context.probe.attach_points.size() > 1) {
    context.error(context.point.range, "iter probe only supports one attach point.");
    return;
  }
  if (!check_alone(context)) return;
  const std::string& name = context.parts[0].text;
  auto found = context.facts.kernel.iterator(name);
  if (!found) {
    report_unknown(context, name);
    return;
  }
  std::string pin = context.parts.size() == 2 ? context.parts[1].text : "";
  Match match;
  match.uses_btf_context = true;
  match.target = {ProviderId::Iter, "iter:" + name, IteratorTarget{name, found->btf_id, pin}};
  expansion.matches.push_back(std::move(match));
}

}  // namespace gimlet::ast::sema
