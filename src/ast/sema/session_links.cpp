// A kprobe and a kretprobe of the same functions can share one program and one link, which the
// kernel runs at the entry and at the return (probes-and-stdlib B1.4, "session").
//
// That is for pairs that no cheaper mechanism holds: patterns, and functions whose registers the
// bodies look at. The program of the pair asks the kernel on which side it is, so each body stays a
// function of its own.

#include <algorithm>

#include "ast/sema/expand.h"
#include "ast/walk.h"

namespace gimlet::ast::sema {
namespace {

constexpr const char* kSideQuestion = "bpf_session_is_return";

bool is_eligible(const ProgramFacts& facts, const TypedProbe& probe) {
  if (probe.source->attach_points.size() != 1) return false;
  if (probe.mechanism == Mechanism::Multi) return true;
  if (probe.mechanism != Mechanism::Native || probe.targets.size() != 1) return false;
  const auto& place = std::get<KprobeTarget>(probe.targets[0].place);
  return !place.function.empty() && place.module.empty() && place.offset == 0 &&
         facts.kernel.is_traceable("", place.function);
}

// What the attach point says behind the provider, as written.
std::string written_place(const TypedProbe& probe) {
  const std::string& text = probe.source->attach_points[0].text;
  return text.substr(text.find(':'));
}

std::vector<size_t> eligible(const ProgramFacts& facts, ProviderId provider) {
  std::vector<size_t> found;
  for (size_t i = 0; i < facts.result.probes.size(); i++) {
    const TypedProbe& probe = facts.result.probes[i];
    if (probe.provider == provider && !mentions(*probe.source, "override") &&
        is_eligible(facts, probe)) {
      found.push_back(i);
    }
  }
  return found;
}

// The one probe of these with that place; nothing if there are several.
std::optional<size_t> only_one(const ProgramFacts& facts, const std::vector<size_t>& probes,
                               const std::string& place) {
  std::optional<size_t> found;
  for (size_t i : probes) {
    if (written_place(facts.result.probes[i]) != place) continue;
    if (found) return std::nullopt;
    found = i;
  }
  return found;
}

}  // namespace

void pair_sessions(ProgramFacts& facts) {
  if (facts.result.recursion_guard) return;
  const auto entries = eligible(facts, ProviderId::Kprobe);
  const auto returns = eligible(facts, ProviderId::Kretprobe);
  if (entries.empty() || returns.empty()) return;
  if (!facts.kernel.supports(kernel::Feature::KprobeSession)) return;
  auto question = facts.kernel.kernel_functions("vmlinux", kSideQuestion);
  if (question.empty()) return;
  for (size_t entry : entries) {
    const std::string place = written_place(facts.result.probes[entry]);
    auto partner = only_one(facts, returns, place);
    if (!partner || only_one(facts, entries, place) != entry) continue;
    if (!session_keeps_order(facts, entry, *partner)) continue;
    TypedProbe& first = facts.result.probes[entry];
    TypedProbe& second = facts.result.probes[*partner];
    first.mechanism = Mechanism::Session;
    second.mechanism = Mechanism::Session;
    first.session_return = *partner;
    facts.result.kernel_functions[kSideQuestion] = question.front().btf_id;
  }
}

}  // namespace gimlet::ast::sema
