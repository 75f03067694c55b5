// Listers of what the kernel itself offers: tracepoints, functions, iterators.
//
// A pattern that is one part short means any category or module: what people look for is the event
// or the function.
#include <fmt/format.h>

#include "ast/provider.h"
#include "base/glob.h"
#include "list/lister.h"

namespace gimlet::list {
namespace {

using ast::ProviderId;

std::string two_parts(const Pattern& pattern) {
  return (pattern.parts.size() == 1 ? "*:" : "") + pattern.whole();
}

std::string_view after_colon(std::string_view name) { return name.substr(name.find(':') + 1); }

// No provider lists the pieces that compilers split off functions.
bool is_piece(std::string_view name) { return name.find(".part.") != std::string_view::npos; }

base::Status find_functions(Search& search, ProviderId provider, const Pattern& pattern) {
  if (pattern.parts.size() > 1 && pattern.parts[0] == "bpf") {
    const std::string wanted =
        pattern.parts.size() == 2 ? "bpf:*:" + pattern.parts[1] : pattern.whole();
    for (const auto& function : search.kernel().bpf_functions()) {
      std::string name = fmt::format("bpf:{}:{}", function.program, function.name);
      if (!base::glob_matches(wanted, name) || is_piece(name)) continue;
      search.add(fmt::format("{}:{}", ast::provider(provider).name, name));
    }
    return base::Done{};
  }
  for (const auto& function : search.kernel().match_kernel_functions(two_parts(pattern))) {
    search.add(
        fmt::format("{}:{}:{}", ast::provider(provider).name, function.module, function.name));
    if (search.system.verbose) {
      search.found.back().arguments = describe_function(search, provider, function);
    }
  }
  return base::Done{};
}

// A function is named with its module if the pattern has one.
base::Status find_traceable(Search& search, ProviderId provider, const Pattern& pattern) {
  if (pattern.parts.size() > 2) return base::Done{};
  const bool with_module = pattern.parts.size() == 2;
  const std::string module = with_module ? pattern.parts[0] : "";
  const char* name = ast::provider(provider).name;
  for (const auto& function : search.kernel().match_traceable(module, pattern.parts.back())) {
    search.add(with_module ? fmt::format("{}:{}:{}", name, function.module, function.name)
                           : fmt::format("{}:{}", name, function.name));
    if (search.system.verbose) {
      search.found.back().arguments =
          describe_kprobe(search, provider, function.module, function.name);
    }
  }
  return base::Done{};
}

}  // namespace

base::Status find_tracepoints(Search& search, const Pattern& pattern) {
  auto all = search.kernel().tracepoints();
  if (!all) return all.error();
  const std::string full = two_parts(pattern);
  for (const std::string& name : *all) {
    if (!base::glob_matches(full, name) || is_piece(name)) continue;
    search.add("tracepoint:" + name);
    if (search.system.verbose) {
      search.found.back().arguments = describe_tracepoint(search, name.substr(0, name.find(':')),
                                                          std::string(after_colon(name)));
    }
  }
  return base::Done{};
}

base::Status find_raw_tracepoints(Search& search, const Pattern& pattern) {
  const std::string full = two_parts(pattern);
  for (const std::string& name : search.kernel().raw_tracepoints()) {
    if (!base::glob_matches(full, name) || is_piece(name)) continue;
    search.add("rawtracepoint:" + name);
    if (search.system.verbose) {
      search.found.back().arguments =
          describe_raw_tracepoint(search, std::string(after_colon(name)));
    }
  }
  return base::Done{};
}

base::Status find_fentry(Search& search, const Pattern& pattern) {
  return find_functions(search, ProviderId::Fentry, pattern);
}

base::Status find_fexit(Search& search, const Pattern& pattern) {
  return find_functions(search, ProviderId::Fexit, pattern);
}

base::Status find_iterators(Search& search, const Pattern& pattern) {
  for (const auto& iterator : search.kernel().iterators()) {
    if (!base::glob_matches(pattern.whole(), iterator.name)) continue;
    search.add("iter:" + iterator.name);
    if (search.system.verbose) search.found.back().arguments = describe_iterator(iterator);
  }
  return base::Done{};
}

base::Status find_kprobes(Search& search, const Pattern& pattern) {
  return find_traceable(search, ProviderId::Kprobe, pattern);
}

base::Status find_kretprobes(Search& search, const Pattern& pattern) {
  return find_traceable(search, ProviderId::Kretprobe, pattern);
}

}  // namespace gimlet::list
