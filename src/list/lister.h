// Listers: for each provider a function from a pattern to lines. A new provider needs one row in
// lister.cpp, and one function in describe.cpp for what -v shows of its targets.
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "ast/provider.h"
#include "ast/target.h"
#include "list/listing.h"
#include "list/pattern.h"

namespace gimlet::list {

struct Entry {
  std::string line;
  std::vector<std::string> arguments;  // "TYPE NAME"; only if the listing is verbose
};

// One listing being made.
struct Search {
  const System& system;
  std::vector<Entry> found{};  // by the lister that is at work; sorted when it is done
  std::vector<std::string> warnings{};
  std::set<std::string> without_debug{};  // files that were warned of

  kernel::Kernel& kernel() const { return system.kernel; }
  void add(std::string line) { found.push_back({std::move(line), {}}); }
};

using FindProbes = base::Status (*)(Search&, const Pattern&);

// Which patterns with a wildcard for their provider a lister takes part in.
enum class TakenBy : uint8_t {
  NameOnly,  // none
  Wildcard,  // all
  UserFile,  // those with -p or with a file
};

struct Lister {
  ast::ProviderId provider;
  TakenBy taken_by;
  FindProbes find;
};

std::span<const Lister> listers();

base::Status find_tracepoints(Search&, const Pattern&);
base::Status find_raw_tracepoints(Search&, const Pattern&);
base::Status find_fentry(Search&, const Pattern&);
base::Status find_fexit(Search&, const Pattern&);
base::Status find_kprobes(Search&, const Pattern&);
base::Status find_kretprobes(Search&, const Pattern&);
base::Status find_iterators(Search&, const Pattern&);
base::Status find_signals(Search&, const Pattern&);
base::Status find_timers(Search&, const char* provider, const Pattern&);
base::Status find_perf_events(Search&, ast::ProviderId provider, const Pattern&);
base::Status find_user_functions(Search&, const char* provider, const Pattern&);
base::Status find_markers(Search&, const Pattern&);

// A C++ function is named as it was declared: uprobe:PATH:cpp:"ns::f(int)".
std::string cpp_line(const char* provider, const std::string& path, const std::string& symbol);

// What -v shows below a probe: "TYPE NAME" for each argument.
std::vector<std::string> describe(Search&, const ast::Target& target);
std::vector<std::string> describe_tracepoint(Search&, const std::string& category,
                                             const std::string& event);
std::vector<std::string> describe_raw_tracepoint(Search&, const std::string& event);
std::vector<std::string> describe_function(Search&, ast::ProviderId provider,
                                           const kernel::KernelFunction& function);
std::vector<std::string> describe_iterator(const kernel::KernelIterator& iterator);
// `address`: of the function in the file. A file without debug information is warned of once.
std::vector<std::string> describe_user(Search&, const std::string& path, uint64_t address);
std::vector<std::string> describe_kprobe(Search&, ast::ProviderId provider,
                                         const std::string& module, const std::string& name);

}  // namespace gimlet::list
