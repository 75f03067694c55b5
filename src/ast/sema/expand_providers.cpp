// A pattern in place of the provider (`*:vfs_read`, `*probe:f`) stands for one attach point of each
// provider that it matches (probes-and-stdlib B1.3): those of the kernel, or those of user space if
// the second part is a path or one process is traced.
//
// A provider that cannot have such a target, or has none, is passed over as long as another one has
// it. If none has, the complaint of the first one is the answer.

#include <fmt/format.h>

#include "ast/sema/expand.h"
#include "base/glob.h"

namespace gimlet::ast::sema {
namespace {

// In alphabetical order.
constexpr ProviderId kKernelProviders[] = {
    ProviderId::Fentry,        ProviderId::Hardware, ProviderId::Iter,       ProviderId::Kprobe,
    ProviderId::RawTracepoint, ProviderId::Software, ProviderId::Tracepoint,
};
constexpr ProviderId kUserProviders[] = {ProviderId::Uprobe, ProviderId::Usdt};

std::span<const ProviderId> candidates(const ProgramFacts& facts,
                                       std::span<const AttachPoint::Part> parts) {
  bool user = facts.options.target_pid != 0 ||
              (!parts.empty() && parts[0].text.find('/') != std::string::npos);
  if (user) return kUserProviders;
  return kKernelProviders;
}

}  // namespace

std::vector<ProviderExpansion> expand_providers(ProgramFacts& facts, const Probe& probe,
                                                const AttachPoint& point,
                                                const std::string& pattern,
                                                const std::vector<AttachPoint::Part>& parts) {
  std::vector<ProviderExpansion> found;
  base::Diagnostics* sink = facts.reporter.sink();
  base::Diagnostics complaints;
  bool any = false;
  for (ProviderId id : candidates(facts, parts)) {
    const Provider& candidate = provider(id);
    if (!base::glob_matches(pattern, candidate.name)) continue;
    base::Diagnostics said;
    facts.reporter.set_sink(&said);
    ExpandContext context{facts, probe, point, candidate, parts};
    context.one_of_many = true;
    Expansion expansion;
    expander(id)(context, expansion);
    facts.reporter.set_sink(sink);
    if (context.wrong_count) continue;
    any = true;
    base::Diagnostics& heard = expansion.matches.empty() ? complaints : *sink;
    for (const base::Diagnostic& diagnostic : said.all()) {
      if (&heard == sink || complaints.all().empty()) heard.add(diagnostic);
    }
    if (!expansion.matches.empty()) found.push_back({&candidate, std::move(expansion)});
  }
  if (!any) {
    facts.reporter.error(point.range, fmt::format("No probe type matched for {}", point.text))
        .hint(
            "a pattern of providers stands for fentry, hardware, iter, kprobe, rawtracepoint, "
            "software and tracepoint; with -p or a path for uprobe and usdt");
  } else if (found.empty()) {
    for (const base::Diagnostic& diagnostic : complaints.all()) sink->add(diagnostic);
  }
  return found;
}

}  // namespace gimlet::ast::sema
