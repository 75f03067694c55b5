// Kernel functions as BTF describes them, for trampolines (fentry, fexit). BTF holds a function for
// each that pahole found to have one clear prototype; whether the kernel lets it be traced is
// another matter, which tracefs knows.
#pragma once

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "kernel/btf_types.h"
#include "kernel/kernel.h"

namespace gimlet::kernel {

// The set of functions that the kernel's function tracer can instrument.
class TraceableFunctions {
 public:
  // `list`: the text of available_filter_functions. Where it cannot be read every function that
  // is not known to be harmful counts as traceable, and attaching will tell.
  explicit TraceableFunctions(base::Result<std::string> list);
  TraceableFunctions(const TraceableFunctions&) = delete;
  TraceableFunctions& operator=(const TraceableFunctions&) = delete;

  // Without a module: in any.
  bool has(const std::string& module, std::string_view name) const;
  // See Kernel::match_traceable.
  std::vector<KernelFunction> match(const std::string& module, const std::string& pattern) const;

 private:
  bool known_ = false;
  std::string text_;
  std::unordered_set<std::string_view> kernel_;            // into text_
  std::unordered_set<std::string> modules_;                // "MODULE:FUNCTION"
  std::unordered_set<std::string_view> module_functions_;  // into text_, of all modules
};

std::optional<KernelFunction> find_kernel_function(const BtfTypes& types, const std::string& name);

// Appends the file's functions whose "MODULE:FUNCTION" matches and that a trampoline can hold.
void add_matching_functions(const BtfTypes& types, const std::string& pattern,
                            const TraceableFunctions& traceable,
                            std::vector<KernelFunction>& found);

KernelPrototype read_prototype(const BtfTypes& types, uint32_t function_id);

// A type as C writes it in a declaration: "const char *", "struct file *", "size_t".
std::string c_type_name(const Btf& btf, uint32_t id);

}  // namespace gimlet::kernel
