// The part of a Kernel that is answered from files of the kernel's own formats: BTF, tracefs,
// kallsyms. The running machine and the frozen system differ only in where these files lie, and in
// how user binaries are found.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kernel/btf_types.h"
#include "kernel/kernel.h"
#include "kernel/traceable_functions.h"
#include "kernel/tracefs.h"

namespace gimlet::kernel {

struct KernelPaths {
  std::string btf;                // raw BTF of the kernel
  std::string module_btf_folder;  // holds one raw split BTF for each module; may be empty
  std::string tracing;            // where tracefs is; empty: where this machine has it
  std::string kallsyms;
  std::string kprobe_blacklist{};     // may not exist
  std::string traceable_functions{};  // instead of the list in tracefs; may be empty
};

class FileKernel : public Kernel {
 public:
  explicit FileKernel(KernelPaths paths) : paths_(std::move(paths)), tracefs_(paths_.tracing) {}

  bool has_btf() override { return vmlinux() != nullptr; }
  const ast::StructLayout* find_struct(std::string_view tagged_name) override;
  const ast::EnumLayout* find_enum(std::string_view tagged_name) override;
  std::optional<ast::Type> find_type(std::string_view name) override;
  std::optional<EnumConstant> find_enum_constant(std::string_view name) override;
  std::vector<std::string> struct_names() override;
  std::vector<std::string> type_names(const std::string& pattern) override;
  std::vector<CDefinition> type_definitions(const std::string& pattern) override;

  bool tracepoint_exists(const std::string& category, const std::string& event) override;
  base::Result<std::vector<std::string>> tracepoints() override;
  base::Result<ast::StructLayout> tracepoint_format(const std::string& category,
                                                    const std::string& event) override;
  base::Result<std::vector<std::string>> tracepoint_field_lines(const std::string& category,
                                                                const std::string& event) override;

  std::vector<std::string> raw_tracepoints() override;
  std::optional<RawTracepoint> raw_tracepoint(const std::string& event) override;

  std::vector<KernelFunction> kernel_functions(const std::string& module,
                                               const std::string& name) override;
  std::vector<KernelFunction> match_kernel_functions(const std::string& pattern) override;
  KernelPrototype kernel_prototype(const KernelFunction& function) override;
  bool is_traceable(const std::string& module, const std::string& name) override;
  std::vector<KernelFunction> match_traceable(const std::string& module,
                                              const std::string& pattern) override;
  std::string traceable_problem() override;
  // A folder of files has no modules, no image and every feature.
  bool module_loaded(const std::string&) override { return false; }
  uint64_t function_size(const std::string&) override { return 0; }
  bool supports(Feature feature) override { return !is_withheld(feature); }

  bool may_call(const std::string& function, ast::ProviderId) override {
    return !kernel_functions("vmlinux", function).empty();
  }
  base::Result<uint64_t> cgroup_id(const std::string& path) override;
  std::vector<BpfFunction> bpf_functions() override { return {}; }
  std::vector<KernelIterator> iterators() override;
  std::optional<KernelIterator> iterator(const std::string& name) override;

  std::optional<uint64_t> kernel_symbol(const std::string& name) override;
  std::optional<uint32_t> percpu_variable(const std::string& name) override;

 protected:
  // Whether the kernel knows the iterator. That BTF describes one does not mean it.
  virtual bool can_iterate(const KernelIterator&) { return true; }

 private:
  // Read at the first call; the kernel takes milliseconds to write it.
  const TraceableFunctions& traceable();
  // Null without BTF. Read at the first call.
  BtfTypes* vmlinux();
  // Read at the first call, which is made only for what vmlinux does not know.
  std::vector<std::unique_ptr<BtfTypes>>& modules();
  // The first known() answer of ask(types) over vmlinux and the modules.
  template <typename Ask>
  auto first_answer(Ask ask) -> decltype(ask(std::declval<BtfTypes&>()));
  // Calls visit(types) for vmlinux and then the modules, or only for the one named.
  template <typename Visit>
  void visit_all(Visit visit, const std::string& only = {});
  std::optional<ast::Type> tagged_type(std::string_view name);

  KernelPaths paths_;
  Tracefs tracefs_;
  std::unique_ptr<TraceableFunctions> traceable_;
  bool opened_vmlinux_ = false;
  bool opened_modules_ = false;
  std::unique_ptr<BtfTypes> vmlinux_;
  std::vector<std::unique_ptr<BtfTypes>> modules_;
};

}  // namespace gimlet::kernel
