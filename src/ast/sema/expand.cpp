#include "ast/sema/expand.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "ast/unattached.h"
#include "ast/walk.h"
#include "base/glob.h"
#include "base/integer.h"
#include "base/suggest.h"

namespace gimlet::ast::sema {
namespace {

struct Expander {
  ProviderId provider;
  ExpandProvider expand;
};

constexpr Expander kExpanders[] = {
    {ProviderId::Begin, expand_special},
    {ProviderId::End, expand_special},
    {ProviderId::Tracepoint, expand_tracepoint},
    {ProviderId::RawTracepoint, expand_rawtracepoint},
    {ProviderId::Fentry, expand_function},
    {ProviderId::Fexit, expand_function},
    {ProviderId::Kprobe, expand_kprobe},
    {ProviderId::Kretprobe, expand_kprobe},
    {ProviderId::Profile, expand_timer},
    {ProviderId::Interval, expand_timer},
    {ProviderId::Software, expand_perf_event},
    {ProviderId::Hardware, expand_perf_event},
    {ProviderId::Uprobe, expand_user},
    {ProviderId::Uretprobe, expand_user},
    {ProviderId::Watchpoint, expand_watchpoint},
    {ProviderId::Self, expand_self},
    {ProviderId::Iter, expand_iterator},
    {ProviderId::Usdt, expand_usdt},
    {ProviderId::Test, expand_named},
    {ProviderId::Bench, expand_named},
};

}  // namespace

ExpandProvider expander(ProviderId provider) {
  for (const Expander& row : kExpanders) {
    if (row.provider == provider) return row.expand;
  }
  return expand_special;
}

namespace {

// Replaces `$N` by the N-th positional parameter.
std::optional<std::string> substitute(ProgramFacts& facts, const AttachPoint::Part& part) {
  if (part.quoted || part.text.find('$') == std::string::npos) return part.text;
  const auto& words = facts.options.positional;
  std::string out;
  for (size_t i = 0; i < part.text.size(); i++) {
    if (part.text[i] != '$') {
      out += part.text[i];
      continue;
    }
    size_t digits = i + 1;
    while (digits < part.text.size() &&
           std::isdigit(static_cast<unsigned char>(part.text[digits]))) {
      digits++;
    }
    std::string number = part.text.substr(i + 1, digits - i - 1);
    size_t index = number.empty() || number.size() > 6 ? 0 : std::stoul(number);
    if (index == 0) {
      facts.reporter
          .error(part.range, fmt::format("invalid trailing character for positional param: {}",
                                         part.text.substr(i + 1, 1)))
          .hint("Try quoting this entire part if this is intentional");
      return std::nullopt;
    }
    if (index <= words.size()) out += words[index - 1];
    i = digits - 1;
  }
  return out;
}

const Provider* provider_of(ProgramFacts& facts, const AttachPoint& point,
                            const std::string& name) {
  if (const Provider* found = find_provider(name)) return found;
  SourceRange range = point.parts[0].range;
  std::vector<std::string> names;
  for (const Provider& p : providers()) names.push_back(p.name);
  auto& report = facts.reporter.error(range, fmt::format("Invalid probe type: {}", name));
  if (auto near = base::nearest(name, names)) report.hint(fmt::format("Did you mean '{}'?", *near));
  return nullptr;
}

// "tracepoint:sched:sched_switch" -> "tracepoint_sched_sched_switch_3"
std::string program_name(const std::string& probe_name, size_t number) {
  std::string out;
  for (char c : probe_name) out += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return fmt::format("{}_{}", out, number);
}

bool calls(const Probe& probe, std::string_view name) {
  bool found = false;
  for_each_expression(probe, [&](const Expr& expr) {
    auto* call = std::get_if<Call>(&expr.node);
    found = found || (call && call->name == name);
  });
  return found;
}

// Patterns of functions become one link where the kernel has such links.
Mechanism choose_mechanism(ProgramFacts& facts, const Probe& probe, const Provider& provider,
                           std::span<const Match> matches) {
  // The kernel overrides only what a probe of its own stops.
  if (calls(probe, "override")) return Mechanism::Native;
  kernel::Kernel& kernel = facts.kernel;
  if (provider.id == ProviderId::Usdt) {
    // A program is for one marker, which may be at several places.
    const auto& usdt = std::get<UsdtTarget>(matches[0].target.place);
    bool many = usdt.marker.locations.size() > 1;
    return many && kernel.supports(kernel::Feature::UprobeMulti) ? Mechanism::Multi
                                                                 : Mechanism::Native;
  }
  if (matches.size() < 2) return matches[0].mechanism;
  if (is_kprobe(provider.id)) {
    auto whole = [](const Match& match) {
      return std::get<KprobeTarget>(match.target.place).module.empty();
    };
    bool can = std::all_of(matches.begin(), matches.end(), whole);
    return can && kernel.supports(kernel::Feature::KprobeMulti) ? Mechanism::Multi
                                                                : Mechanism::Native;
  }
  if (provider.id == ProviderId::Uprobe || provider.id == ProviderId::Uretprobe) {
    return kernel.supports(kernel::Feature::UprobeMulti) ? Mechanism::Multi : Mechanism::Native;
  }
  return Mechanism::Native;
}

// A match that needs a program of its own.
bool stands_alone(const Match& match) {
  return match.context.has_value() || is_trampoline(match.target.provider) ||
         match.target.provider == ProviderId::Usdt;
}

void add_program(ProgramFacts& facts, const Probe& probe, const Provider& provider,
                 const std::string& name, std::span<Match> matches) {
  TypedProbe typed;
  typed.source = &probe;
  typed.provider = provider.id;
  typed.mechanism = choose_mechanism(facts, probe, provider, matches);
  note_substitute(facts, matches);
  typed.name = program_name(name, facts.result.probes.size() + 1);
  typed.context = matches[0].context;
  typed.result = matches[0].result;
  typed.uses_btf_context = matches[0].uses_btf_context;
  for (Match& match : matches) typed.targets.push_back(std::move(match.target));
  facts.result.probes.push_back(std::move(typed));
}

// Reports the attach point with which, or with `more` programs of it, there are too many. False if
// it did.
bool check_count(ProgramFacts& facts, const AttachPoint& point, size_t more = 0) {
  const size_t limit = facts.options.config.max_bpf_progs;
  const size_t count = program_count(facts.result) + more;
  if (count <= limit || facts.options.only_probes) return true;
  facts.reporter
      .error(point.range,
             fmt::format("Your program is trying to generate more than {} BPF programs, which "
                         "exceeds the current limit of {}",
                         count, limit))
      .hint("narrow the wildcard, or raise the limit with BPFTRACE_MAX_BPF_PROGS");
  return false;
}

// The programs for what one attach point and provider stand for.
void add_programs(ProgramFacts& facts, const Probe& probe, const AttachPoint& point,
                  const Provider& provider, std::vector<Match>& matches) {
  // uaddr() counts from the one place that the probe is at.
  bool separate = mentions(probe, "probe") || mentions(probe, "uaddr") ||
                  std::any_of(matches.begin(), matches.end(), stands_alone);
  if (!separate) {
    std::string name = matches[0].target.name;
    if (matches.size() > 1) name = provider.name + point.text.substr(point.text.find(':'));
    add_program(facts, probe, provider, name, matches);
    return;
  }
  if (!check_count(facts, point, matches.size())) return;
  for (Match& match : matches) {
    std::string name = match.target.name;
    add_program(facts, probe, provider, name, {&match, 1});
  }
}

// Adds the programs of one attach point. False if it stands for nothing.
bool expand_point(ProgramFacts& facts, const Probe& probe, const AttachPoint& point) {
  if (point.parts.empty()) return false;
  std::vector<AttachPoint::Part> parts;
  for (const AttachPoint::Part& part : point.parts) {
    auto text = substitute(facts, part);
    if (!text) return false;
    parts.push_back({*text, part.quoted, part.range});
  }
  const std::string name = parts[0].text;
  const bool pattern = !parts[0].quoted && base::has_wildcard(name);
  parts.erase(parts.begin());
  if (pattern) {
    auto all = expand_providers(facts, probe, point, name, parts);
    for (ProviderExpansion& one : all) {
      add_programs(facts, probe, point, *one.provider, one.expansion.matches);
    }
    return !all.empty();
  }
  const Provider* found = provider_of(facts, point, name);
  if (!found) return false;
  ExpandContext ready{facts, probe, point, *found, std::move(parts)};
  Expansion expansion;
  expander(found->id)(ready, expansion);
  if (expansion.matches.empty()) return false;
  add_programs(facts, probe, point, *found, expansion.matches);
  return true;
}

// Takes the hints of what is not said.
base::Diagnostic& unreported() {
  static thread_local base::Diagnostic ignored;
  return ignored = {};
}

}  // namespace

base::Diagnostic& ExpandContext::error(SourceRange range, std::string message) {
  return facts.reporter.error(range, std::move(message));
}

base::Diagnostic& ExpandContext::missing(SourceRange range, std::string message) {
  switch (missing_policy(facts)) {
    case MissingProbes::Error: return facts.reporter.error(range, std::move(message));
    case MissingProbes::Warn:
      if (!message.ends_with('.')) message += '.';
      return facts.reporter.warning(range, message + " Skipping.");
    case MissingProbes::Ignore: break;
  }
  return unreported();
}

base::Diagnostic& ExpandContext::cannot_attach(SourceRange range, std::string reason,
                                               const std::string& name) {
  const MissingProbes policy = missing_policy(facts);
  if (policy == MissingProbes::Ignore) return unreported();
  const bool fatal = policy == MissingProbes::Error;
  base::Diagnostic& report = fatal ? facts.reporter.error(range, std::move(reason))
                                   : facts.reporter.warning(range, std::move(reason));
  report.context.push_back({{}, fatal ? unable_to_attach(name) : skipping_probe(name)});
  return report;
}

bool ExpandContext::check_part_count(size_t low, size_t high) {
  if (parts.size() >= low && parts.size() <= high) return true;
  wrong_count = true;
  if (one_of_many) return false;
  std::string wanted = low == high ? fmt::format("{}", low) : fmt::format("{} or {}", low, high);
  error(point.range, fmt::format("{} probe type requires {} argument{}, found {}", provider.name,
                                 wanted, low == high && low == 1 ? "" : "s", parts.size()))
      .hint(fmt::format("write {}", provider.form));
  return false;
}

bool ExpandContext::is_pattern(size_t part) const {
  return !parts[part].quoted && base::has_wildcard(parts[part].text);
}

std::optional<uint64_t> ExpandContext::number(const AttachPoint::Part& part,
                                              const std::string& what) {
  auto value = base::parse_integer(part.text, base::IntegerForms::CommandWord);
  if (auto* number = std::get_if<uint64_t>(&value)) return *number;
  error(part.range, fmt::format("{}: {}: {}", what, std::get<std::string>(value), part.text));
  return std::nullopt;
}

std::optional<FunctionPart> split_offset(ExpandContext& context, const AttachPoint::Part& part) {
  size_t plus = part.text.find('+');
  if (plus == std::string::npos) return FunctionPart{part.text, 0, false};
  if (part.text.find('+', plus + 1) != std::string::npos) {
    context.error(part.range, "Cannot take more than one offset");
    return std::nullopt;
  }
  bool at_return =
      context.provider.id == ProviderId::Uretprobe || context.provider.id == ProviderId::Kretprobe;
  if (at_return) {
    context.error(part.range, "Offset not allowed");
    return std::nullopt;
  }
  auto value = base::parse_integer(part.text.substr(plus + 1), base::IntegerForms::CommandWord);
  auto* offset = std::get_if<uint64_t>(&value);
  if (!offset) {
    context.error(part.range, fmt::format("Invalid offset: {}: {}", std::get<std::string>(value),
                                          part.text.substr(plus + 1)));
    return std::nullopt;
  }
  return FunctionPart{part.text.substr(0, plus), *offset, true};
}

void expand_special(ExpandContext& context, Expansion& expansion) {
  bool star = context.parts.size() == 1 && context.parts[0].text == "*";
  if (!star && !context.check_part_count(0, 0)) return;
  expansion.matches.push_back(
      {{context.provider.id, context.provider.name, SpecialTarget{}}, std::nullopt, false});
}

MissingProbes missing_policy(const ProgramFacts& facts) {
  return facts.options.only_probes ? MissingProbes::Ignore : facts.options.config.missing_probes;
}

namespace {

void report_empty(ProgramFacts& facts, const Probe& probe) {
  const SourceRange range =
      base::join(probe.attach_points.front().range, probe.attach_points.back().range);
  const MissingProbes policy = missing_policy(facts);
  if (policy == MissingProbes::Error) {
    facts.reporter.error(range,
                         "Probe has no valid attach points. If this is expected, set the "
                         "'missing_probes' config variable to 'warn'.");
  } else if (policy == MissingProbes::Warn) {
    facts.reporter.warning(range,
                           "Probe has no valid attach points. It is being removed which may cause "
                           "issues with program behavior.");
  }
}

}  // namespace

void expand_probes(ProgramFacts& facts) {
  for (const Probe& probe : facts.program.probes) {
    size_t errors = facts.error_count();
    bool any = false;
    for (const AttachPoint& point : probe.attach_points) {
      any |= expand_point(facts, probe, point);
      if (!check_count(facts, point)) return;
    }
    // Each missing target has been reported already unless it was a pattern without a match.
    bool reported = facts.error_count() > errors;
    if (!any && !reported && !probe.attach_points.empty()) report_empty(facts, probe);
  }
  settle_mechanisms(facts);
  join_links(facts);
  pair_sessions(facts);
}

}  // namespace gimlet::ast::sema
