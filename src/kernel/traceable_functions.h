// The functions that the kernel lets be probed, as far as it says so.
//
// The function tracer lists what it can instrument in available_filter_functions. Where that file
// is withheld, /proc/kallsyms names every function that there is; parts of the kernel's code that
// are never instrumented are then left out, and for the rest attaching will tell. What the kernel
// keeps from kprobes (their blacklist) and what is known to harm is in neither.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "kernel/kernel.h"

namespace gimlet::kernel {

class TraceableFunctions {
 public:
  // The texts of files, each read at most once and only when it is needed.
  struct Sources {
    std::function<base::Result<std::string>()> list;  // "FUNCTION" or "FUNCTION [MODULE]" a line
    std::function<base::Result<std::string>()> kallsyms;
    std::function<base::Result<std::string>()> blacklist;  // "ADDRESS-ADDRESS NAME" a line
  };
  explicit TraceableFunctions(const Sources& sources);
  TraceableFunctions(const TraceableFunctions&) = delete;
  TraceableFunctions& operator=(const TraceableFunctions&) = delete;

  // Why the list could not be read; null if it was.
  const base::Error* problem() const { return known_ ? nullptr : &problem_; }
  // Without a module: in any. True for everything harmless if there is no list.
  bool has(const std::string& module, std::string_view name) const;
  // See Kernel::match_traceable.
  std::vector<KernelFunction> match(const std::string& module, const std::string& pattern) const;

 private:
  // Views into the texts below.
  struct Function {
    std::string_view module;  // empty: the kernel image
    std::string_view name;
  };
  const std::vector<Function>& functions() const;
  bool is_refused(std::string_view name) const;

  bool known_ = false;
  base::Error problem_;
  std::function<base::Result<std::string>()> read_kallsyms_;
  std::string list_;
  std::string blacklist_;
  std::unordered_set<std::string_view> refused_;  // by the blacklist
  // Made at the first call that needs them.
  mutable bool has_functions_ = false;
  mutable std::string kallsyms_;
  mutable std::vector<Function> functions_;
  mutable std::unordered_multimap<std::string_view, std::string_view> modules_of_;
};

}  // namespace gimlet::kernel
