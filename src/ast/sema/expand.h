// Probe expansion: attach points -> targets. The provider of an attach point decides which function
// takes its parts apart; expand_PROVIDER.cpp holds these functions.
#pragma once

#include "ast/sema/facts.h"

namespace gimlet::ast::sema {

// Fills facts.result.probes: one TypedProbe for each program that is needed.
void expand_probes(ProgramFacts& facts);

// Puts substitutes in place where all probes of an event can have them; probes of one event that
// come in by different ways would not fire in the order of the source.
void settle_mechanisms(ProgramFacts& facts);

// Gives probes of functions that a pattern takes in links of the pattern's kind.
void join_links(ProgramFacts& facts);

// Whether probes of one function still fire in the order of the source if these two of them share a
// session link.
bool session_keeps_order(const ProgramFacts& facts, size_t entry, size_t at_return);

// Joins a kprobe and a kretprobe of the same functions where the kernel has links for that.
void pair_sessions(ProgramFacts& facts);

// What `missing_probes` asks for; a listing shows what there is and passes over the rest.
MissingProbes missing_policy(const ProgramFacts& facts);

// One place that an attach point stands for. Matches share one program unless its code depends on
// which of them fired.
struct Match {
  Target target;
  std::optional<StructLayout> context;
  bool uses_btf_context = false;
  std::optional<Field> result{};
  Mechanism mechanism = Mechanism::Native;
  std::optional<Substitute> substitute{};
};
struct Expansion {
  std::vector<Match> matches;
};

// Remembers the substitutes of the next probe, if all that it is attached to have one.
void note_substitute(ProgramFacts& facts, std::span<const Match> matches);

// One attach point being expanded, with the positional parameters in its parts replaced.
struct ExpandContext {
  ProgramFacts& facts;
  const Probe& probe;
  const AttachPoint& point;
  const Provider& provider;
  std::vector<AttachPoint::Part> parts;  // without the provider
  // The provider is one of those that a pattern stands for: another number of parts is no mistake.
  bool one_of_many = false;
  bool wrong_count = false;

  base::Diagnostic& error(SourceRange range, std::string message);
  // A target that does not exist: an error, a warning or nothing, as `missing_probes` says.
  base::Diagnostic& missing(SourceRange range, std::string message);
  // A place where a probe of this name cannot be. It is found before anything is loaded, and
  // handled like a refusal of the kernel: the reason, and what `missing_probes` makes of the probe.
  base::Diagnostic& cannot_attach(SourceRange range, std::string reason, const std::string& name);
  // Reports "P probe type requires N arguments, found M" unless the count is in [low, high].
  bool check_part_count(size_t low, size_t high);
  // Whether the part is a pattern (it has a `*` and was not quoted).
  bool is_pattern(size_t part) const;
  // Reads a number of a part; reports `what` + ": ..." and gives nothing if it is none.
  std::optional<uint64_t> number(const AttachPoint::Part& part, const std::string& what);
};

// What a pattern of providers stands for; without `parts`, which are those behind it. Reports a
// mistake if it is nothing.
struct ProviderExpansion {
  const Provider* provider = nullptr;
  Expansion expansion;
};
std::vector<ProviderExpansion> expand_providers(ProgramFacts&, const Probe&, const AttachPoint&,
                                                const std::string& pattern,
                                                const std::vector<AttachPoint::Part>& parts);

// A function part of a kprobe or uprobe, taken apart at `+`.
struct FunctionPart {
  std::string name;
  uint64_t offset = 0;
  bool has_offset = false;
};
std::optional<FunctionPart> split_offset(ExpandContext&, const AttachPoint::Part&);

// The trampoline that means the same as this kprobe or kretprobe; the raw tracepoint that means the
// same as this event. Nothing if the body of the probe would see a difference.
std::optional<Substitute> trampoline_for(ExpandContext&, const KprobeTarget&);
std::optional<Substitute> raw_tracepoint_for(ExpandContext&, const std::string& category,
                                             const std::string& event);

using ExpandProvider = void (*)(ExpandContext&, Expansion&);
ExpandProvider expander(ProviderId provider);
void expand_special(ExpandContext&, Expansion&);
void expand_self(ExpandContext&, Expansion&);
void expand_iterator(ExpandContext&, Expansion&);
void expand_named(ExpandContext&, Expansion&);
void expand_tracepoint(ExpandContext&, Expansion&);
void expand_rawtracepoint(ExpandContext&, Expansion&);
void expand_function(ExpandContext&, Expansion&);
void expand_bpf_function(ExpandContext&, Expansion&);
void expand_kprobe(ExpandContext&, Expansion&);
void expand_timer(ExpandContext&, Expansion&);
void expand_perf_event(ExpandContext&, Expansion&);
void expand_user(ExpandContext&, Expansion&);
void expand_usdt(ExpandContext&, Expansion&);
void expand_watchpoint(ExpandContext&, Expansion&);

}  // namespace gimlet::ast::sema
