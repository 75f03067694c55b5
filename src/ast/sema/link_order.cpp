// Probes of one function fire in the order of the source (probes-and-stdlib B1.6). The kernel runs
// the newest link first, but only among links of one kind: a kprobe of its own and a link to many
// functions that has the function, too, come in an order that nobody can choose. So where a pattern
// takes in a function that other probes name, those get links of the pattern's kind.

#include <algorithm>
#include <set>

#include "ast/sema/expand.h"
#include "ast/walk.h"

namespace gimlet::ast::sema {
namespace {

using Functions = std::set<std::string>;

const KprobeTarget* kprobe_of(const Target& target) {
  return std::get_if<KprobeTarget>(&target.place);
}

// Those that links for many hold, of one provider.
Functions in_links(const ProgramFacts& facts, ProviderId provider) {
  Functions functions;
  for (const TypedProbe& probe : facts.result.probes) {
    if (probe.provider != provider || probe.mechanism != Mechanism::Multi) continue;
    for (const Target& target : probe.targets) functions.insert(kprobe_of(target)->function);
  }
  return functions;
}

// Such links take functions by name, each once.
bool fits_link(const ProgramFacts& facts, const TypedProbe& probe) {
  if (mentions(*probe.source, "override")) return false;
  Functions seen;
  return std::all_of(probe.targets.begin(), probe.targets.end(), [&](const Target& target) {
    const KprobeTarget* place = kprobe_of(target);
    if (!place || place->function.empty() || place->offset != 0) return false;
    const bool one = facts.kernel.kernel_functions("", place->function).size() == 1;
    return (place->module.empty() || one) && seen.insert(place->function).second &&
           facts.kernel.is_traceable(place->module, place->function);
  });
}

void join_links_of(ProgramFacts& facts, ProviderId provider) {
  const Functions many = in_links(facts, provider);
  if (many.empty()) return;
  for (TypedProbe& probe : facts.result.probes) {
    if (probe.provider != provider || probe.mechanism != Mechanism::Native) continue;
    const bool shared =
        std::any_of(probe.targets.begin(), probe.targets.end(), [&](const Target& target) {
          const KprobeTarget* place = kprobe_of(target);
          return place && many.contains(place->function);
        });
    if (shared && fits_link(facts, probe)) probe.mechanism = Mechanism::Multi;
  }
}

bool have_common_function(const TypedProbe& probe, const Functions& functions) {
  return std::any_of(probe.targets.begin(), probe.targets.end(), [&](const Target& target) {
    const KprobeTarget* place = kprobe_of(target);
    return place && functions.contains(place->function);
  });
}

}  // namespace

void join_links(ProgramFacts& facts) {
  join_links_of(facts, ProviderId::Kprobe);
  join_links_of(facts, ProviderId::Kretprobe);
}

// What a session link does at the return comes in the opposite order of what such links do at the
// entry; and a kprobe of its own would be of another kind.
bool session_keeps_order(const ProgramFacts& facts, size_t entry, size_t at_return) {
  Functions functions;
  for (const Target& target : facts.result.probes[entry].targets) {
    functions.insert(kprobe_of(target)->function);
  }
  for (size_t i = 0; i < facts.result.probes.size(); i++) {
    const TypedProbe& other = facts.result.probes[i];
    if (i == entry || i == at_return || !is_kprobe(other.provider)) continue;
    if (!have_common_function(other, functions)) continue;
    if (other.provider == ProviderId::Kretprobe || other.mechanism == Mechanism::Native) {
      return false;
    }
  }
  return true;
}

}  // namespace gimlet::ast::sema
