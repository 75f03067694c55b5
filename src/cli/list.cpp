#include "cli/list.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "ast/perf_events.h"
#include "ast/provider.h"
#include "base/glob.h"
#include "cli/list_user.h"

namespace gimlet::cli {
namespace {

using Lines = std::vector<std::string>;
using ast::Provider;
using ast::ProviderId;

struct Listing {
  kernel::Kernel& kernel;
  uint64_t pid;
  bool verbose;
  Lines lines;

  void add_sorted(Lines found) {
    std::sort(found.begin(), found.end());
    lines.insert(lines.end(), found.begin(), found.end());
  }
};

using ListProvider = base::Status (*)(Listing&, const std::string& pattern);

base::Status list_tracepoints(Listing& listing, const std::string& pattern) {
  auto all = listing.kernel.tracepoints();
  if (!all) return all.error();
  for (const std::string& name : *all) {
    if (!base::glob_matches(pattern, name)) continue;
    listing.lines.push_back("tracepoint:" + name);
    if (!listing.verbose) continue;
    size_t colon = name.find(':');
    auto fields =
        listing.kernel.tracepoint_field_lines(name.substr(0, colon), name.substr(colon + 1));
    if (!fields) return fields.error();
    for (const std::string& field : *fields) listing.lines.push_back("    " + field);
  }
  return base::Done{};
}

base::Status list_raw_tracepoints(Listing& listing, const std::string& pattern) {
  std::string full = pattern.find(':') == std::string::npos ? "*:" + pattern : pattern;
  for (const std::string& name : listing.kernel.raw_tracepoints()) {
    if (!base::glob_matches(full, name)) continue;
    listing.lines.push_back("rawtracepoint:" + name);
    if (!listing.verbose) continue;
    auto found = listing.kernel.raw_tracepoint(name.substr(name.find(':') + 1));
    if (!found) continue;
    for (const auto& parameter : found->parameters) {
      listing.lines.push_back(
          fmt::format("    {} {}", ast::type_name(parameter.type), parameter.name));
    }
  }
  return base::Done{};
}

// fentry, fexit
base::Status list_functions(Listing& listing, const std::string& pattern, ProviderId provider) {
  std::string full = pattern.find(':') == std::string::npos ? "*:" + pattern : pattern;
  for (const auto& function : listing.kernel.match_kernel_functions(full)) {
    listing.lines.push_back(
        fmt::format("{}:{}:{}", ast::provider(provider).name, function.module, function.name));
    if (!listing.verbose) continue;
    auto prototype = listing.kernel.kernel_prototype(function);
    auto add = [&](const kernel::KernelPrototype::Value& value) {
      listing.lines.push_back(fmt::format("    {} {}", value.c_type, value.name));
    };
    for (const auto& parameter : prototype.parameters) add(parameter);
    if (provider == ProviderId::Fexit && prototype.result) add(*prototype.result);
  }
  return base::Done{};
}

base::Status list_fentry(Listing& listing, const std::string& pattern) {
  return list_functions(listing, pattern, ProviderId::Fentry);
}
base::Status list_fexit(Listing& listing, const std::string& pattern) {
  return list_functions(listing, pattern, ProviderId::Fexit);
}

// Names of perf events and of units are listed with a colon after them; a pattern may leave it out.
void list_names(Listing& listing, const char* provider, const std::string& pattern,
                const Lines& names) {
  Lines found;
  for (const std::string& name : names) {
    bool matches = base::glob_matches(pattern, name) || base::glob_matches(pattern, name + ":");
    if (matches) found.push_back(fmt::format("{}:{}:", provider, name));
  }
  listing.add_sorted(std::move(found));
}

void list_perf_events(Listing& listing, ProviderId provider, const std::string& pattern) {
  Lines names;
  for (const ast::PerfEvent& event : ast::perf_events(provider)) {
    names.push_back(event.name);
    if (*event.alias) names.push_back(event.alias);
  }
  list_names(listing, ast::provider(provider).name, pattern, names);
}

base::Status list_software(Listing& listing, const std::string& pattern) {
  list_perf_events(listing, ProviderId::Software, pattern);
  return base::Done{};
}

base::Status list_hardware(Listing& listing, const std::string& pattern) {
  list_perf_events(listing, ProviderId::Hardware, pattern);
  return base::Done{};
}

base::Status list_profile(Listing& listing, const std::string& pattern) {
  list_names(listing, "profile", pattern, {"hz", "ms", "s", "us"});
  return base::Done{};
}

base::Status list_interval(Listing& listing, const std::string& pattern) {
  list_names(listing, "interval", pattern, {"hz", "ms", "s", "us"});
  return base::Done{};
}

base::Status list_user(Listing& listing, const std::string& pattern, const char* provider) {
  size_t colon = pattern.rfind(':');
  std::string file = colon == std::string::npos ? pattern : pattern.substr(0, colon);
  std::string function = colon == std::string::npos ? "*" : pattern.substr(colon + 1);
  auto paths = listing.kernel.resolve_binary(file, listing.pid);
  if (!paths) return base::Done{};  // nothing matches
  std::set<std::string> warned;
  for (const std::string& path : *paths) {
    auto symbols = listing.kernel.functions(path);
    if (!symbols) continue;
    for (const auto& symbol : *symbols) {
      if (!base::glob_matches(function, symbol.name)) continue;
      listing.lines.push_back(fmt::format("{}:{}:{}", provider, path, symbol.name));
      if (!listing.verbose || provider != std::string_view("uprobe")) continue;
      for (std::string& line : user_parameter_lines(listing.kernel, path, symbol, warned)) {
        listing.lines.push_back(std::move(line));
      }
    }
  }
  return base::Done{};
}

base::Status list_uprobe(Listing& listing, const std::string& pattern) {
  return list_user(listing, pattern, "uprobe");
}
base::Status list_uretprobe(Listing& listing, const std::string& pattern) {
  return list_user(listing, pattern, "uretprobe");
}

// The functions of a module are named with it only if the pattern asks for modules.
base::Status list_kprobes(Listing& listing, const std::string& pattern, const char* provider) {
  size_t colon = pattern.find(':');
  std::string module = colon == std::string::npos ? "" : pattern.substr(0, colon);
  std::string name = colon == std::string::npos ? pattern : pattern.substr(colon + 1);
  for (const auto& found : listing.kernel.match_traceable(module, name)) {
    std::string prefix = module.empty() ? "" : found.module + ":";
    listing.lines.push_back(fmt::format("{}:{}{}", provider, prefix, found.name));
  }
  return base::Done{};
}

// "FILE:PROVIDER:NAME"; file and provider may be left out, as in attach points.
base::Status list_usdt(Listing& listing, const std::string& pattern) {
  size_t first = pattern.find(':');
  size_t last = pattern.rfind(':');
  std::string file = first == std::string::npos ? "" : pattern.substr(0, first);
  std::string marker = first == last ? "*:" + pattern.substr(first + 1) : pattern.substr(first + 1);
  if (first == std::string::npos && listing.pid == 0) {
    file = pattern;
    marker = "*";
  }
  if (file.empty()) file = "*";
  auto paths = listing.kernel.resolve_binary(file, listing.pid);
  if (!paths) return base::Done{};  // nothing matches
  for (const std::string& path : *paths) {
    auto markers = listing.kernel.usdt_markers(path);
    if (!markers) continue;
    for (const auto& found : *markers) {
      std::string name = found.provider + ":" + found.name;
      if (base::glob_matches(marker, name)) listing.lines.push_back("usdt:" + path + ":" + name);
    }
  }
  return base::Done{};
}

base::Status list_iterators(Listing& listing, const std::string& pattern) {
  for (const auto& iterator : listing.kernel.iterators()) {
    if (!base::glob_matches(pattern, iterator.name)) continue;
    listing.lines.push_back("iter:" + iterator.name);
    if (!listing.verbose) continue;
    for (const auto& member : iterator.members) {
      if (member.name == "meta") continue;
      listing.lines.push_back(fmt::format("    {} {}", member.c_type, member.name));
    }
  }
  return base::Done{};
}

base::Status list_kprobe(Listing& listing, const std::string& pattern) {
  return list_kprobes(listing, pattern, "kprobe");
}

base::Status list_kretprobe(Listing& listing, const std::string& pattern) {
  return list_kprobes(listing, pattern, "kretprobe");
}

base::Status list_self(Listing& listing, const std::string& pattern) {
  if (base::glob_matches(pattern, "signal:SIGUSR1")) {
    listing.lines.push_back("self:signal:SIGUSR1");
  }
  return base::Done{};
}

base::Status list_nothing(Listing&, const std::string&) { return base::Done{}; }

// In the order of ProviderId.
constexpr ListProvider kListers[] = {
    list_nothing,   list_nothing,  list_tracepoints, list_raw_tracepoints, list_fentry,
    list_fexit,     list_kprobe,   list_kretprobe,   list_profile,         list_interval,
    list_software,  list_hardware, list_uprobe,      list_uretprobe,       list_self,
    list_iterators, list_usdt,     list_nothing,     list_nothing};
static_assert(std::size(kListers) == static_cast<size_t>(ProviderId::Bench) + 1);

base::Status list_probes(Listing& listing, const std::string& text) {
  size_t colon = text.find(':');
  std::string name = colon == std::string::npos ? "*" : text.substr(0, colon);
  std::string pattern = colon == std::string::npos ? text : text.substr(colon + 1);
  if (const Provider* provider = ast::find_provider(name)) {
    if (pattern.empty()) pattern = "*";
    return kListers[static_cast<size_t>(provider->id)](listing, pattern);
  }
  if (!base::has_wildcard(name)) {
    return base::Error{fmt::format("Invalid probe type: {}", name), "", 0, 1};
  }
  std::vector<const Provider*> matching;
  for (const Provider& provider : ast::providers()) {
    if (provider.wildcard_listed && base::glob_matches(name, provider.name)) {
      matching.push_back(&provider);
    }
  }
  std::sort(matching.begin(), matching.end(), [](const Provider* a, const Provider* b) {
    return std::string_view(a->name) < b->name;
  });
  // "*:sched_*" stands for events of any category.
  for (const Provider* provider : matching) {
    bool whole = pattern.find(':') == std::string::npos && provider->id == ProviderId::Tracepoint;
    std::string full = whole ? "*" + std::string(":") + pattern : pattern;
    base::Status status =
        kListers[static_cast<size_t>(provider->id)](listing, pattern == "*" ? pattern : full);
    if (!status) return status;
  }
  return base::Done{};
}

base::Status list_types(Listing& listing, const std::string& pattern) {
  if (listing.verbose) {
    return base::Error{"listing type definitions with -v is not supported yet", "", 0, 1};
  }
  Lines found;
  for (const std::string& name : listing.kernel.struct_names()) {
    if (base::glob_matches(pattern, name)) found.push_back(name);
  }
  listing.add_sorted(std::move(found));
  return base::Done{};
}

std::string trimmed(const std::string& text) {
  size_t begin = text.find_first_not_of(" \t\n");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t\n") - begin + 1);
}

}  // namespace

base::Result<Lines> list_patterns(const std::string& patterns, bool verbose, uint64_t pid,
                                  kernel::Kernel& kernel) {
  Listing listing{kernel, pid, verbose, {}};
  size_t begin = 0;
  while (begin <= patterns.size()) {
    size_t comma = std::min(patterns.find(',', begin), patterns.size());
    std::string pattern = trimmed(patterns.substr(begin, comma - begin));
    begin = comma + 1;
    if (pattern.empty()) continue;
    bool type = pattern.starts_with("struct ") || pattern.starts_with("union ");
    base::Status status = type ? list_types(listing, pattern) : list_probes(listing, pattern);
    if (!status) return std::move(status.error());
  }
  return std::move(listing.lines);
}

std::vector<std::string> list_program(const ast::TypedProgram& program) {
  Lines lines;
  for (const ast::TypedProbe& probe : program.probes) {
    for (const ast::Target& target : probe.targets) {
      if (std::holds_alternative<ast::SpecialTarget>(target.place)) continue;
      // Frequencies are not shown: "interval:s:".
      if (std::holds_alternative<ast::TimerTarget>(target.place)) {
        lines.push_back(target.name.substr(0, target.name.rfind(':') + 1));
      } else {
        lines.push_back(target.name);
      }
    }
  }
  return lines;
}

}  // namespace gimlet::cli
