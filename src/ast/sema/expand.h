// Probe expansion: attach points -> targets. The provider of an attach point decides which function
// takes its parts apart; expand_PROVIDER.cpp holds these functions.
#pragma once

#include "ast/sema/facts.h"

namespace gimlet::ast::sema {

// Fills facts.result.probes: one TypedProbe for each program that is needed.
void expand_probes(ProgramFacts& facts);

// What `missing_probes` asks for; a listing shows what there is and passes over the rest.
MissingProbes missing_policy(const ProgramFacts& facts);

// One place that an attach point stands for. Matches share one program unless its code depends on
// which of them fired.
struct Match {
  Target target;
  std::optional<StructLayout> context;
  bool uses_btf_context = false;
  std::optional<Field> result{};
};
struct Expansion {
  std::vector<Match> matches;
};

// One attach point being expanded, with the positional parameters in its parts replaced.
struct ExpandContext {
  ProgramFacts& facts;
  const Probe& probe;
  const AttachPoint& point;
  const Provider& provider;
  std::vector<AttachPoint::Part> parts;  // without the provider

  base::Diagnostic& error(SourceRange range, std::string message);
  // A target that does not exist: an error, a warning or nothing, as `missing_probes` says.
  base::Diagnostic& missing(SourceRange range, std::string message);
  // Reports "P probe type requires N arguments, found M" unless the count is in [low, high].
  bool check_part_count(size_t low, size_t high);
  // Whether the part is a pattern (it has a `*` and was not quoted).
  bool is_pattern(size_t part) const;
  // Reads a number of a part; reports `what` + ": ..." and gives nothing if it is none.
  std::optional<uint64_t> number(const AttachPoint::Part& part, const std::string& what);
};

// A function part of a kprobe or uprobe, taken apart at `+`.
struct FunctionPart {
  std::string name;
  uint64_t offset = 0;
  bool has_offset = false;
};
std::optional<FunctionPart> split_offset(ExpandContext&, const AttachPoint::Part&);

using ExpandProvider = void (*)(ExpandContext&, Expansion&);
void expand_special(ExpandContext&, Expansion&);
void expand_tracepoint(ExpandContext&, Expansion&);
void expand_rawtracepoint(ExpandContext&, Expansion&);
void expand_function(ExpandContext&, Expansion&);
void expand_kprobe(ExpandContext&, Expansion&);
void expand_timer(ExpandContext&, Expansion&);
void expand_perf_event(ExpandContext&, Expansion&);
void expand_user(ExpandContext&, Expansion&);
void expand_watchpoint(ExpandContext&, Expansion&);

}  // namespace gimlet::ast::sema
