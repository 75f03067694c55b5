#include "kernel/survey.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/btf.h>

#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "base/owners.h"

namespace gimlet::kernel {
namespace {

constexpr bpf_insn kReturnZero = {BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 0};
constexpr bpf_insn kExit = {BPF_JMP | BPF_EXIT, 0, 0, 0, 0};

// Newer than the headers that we may be built with.
constexpr int32_t kJiffies64 = 118;
constexpr int32_t kSkbOutput = 111;
constexpr int32_t kDpath = 147;
constexpr int32_t kGetFuncIp = 173;
constexpr int32_t kLoop = 181;
constexpr int32_t kLookupPercpuElem = 195;
constexpr int32_t kGetTaiNs = 208;

// What a program is loaded as; tracing programs name something of the kernel's BTF.
struct Kind {
  bpf_prog_type type = BPF_PROG_TYPE_KPROBE;
  bpf_attach_type attach{};
  uint32_t target = 0;
};

base::UniqueFd load(const Kind& kind, std::span<const bpf_insn> instructions,
                    std::span<char> log = {}) {
  LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = kind.attach);
  options.attach_btf_id = kind.target;
  if (!log.empty()) {
    options.log_level = 1;
    options.log_size = static_cast<uint32_t>(log.size());
    options.log_buf = log.data();
  }
  return base::UniqueFd(
      bpf_prog_load(kind.type, nullptr, "GPL", instructions.data(), instructions.size(), &options));
}

// The call lacks its arguments: a kernel that has the helper complains of them, others of the call.
bool has_helper(int32_t helper, const Kind& kind = {}) {
  const bpf_insn instructions[] = {{BPF_JMP | BPF_CALL, 0, 0, 0, helper}, kReturnZero, kExit};
  std::vector<char> log(4096);
  if (load(kind, instructions, log)) return true;
  std::string_view said = log.data();
  if (said.empty()) return false;
  for (std::string_view refusal : {"unknown func", "invalid func", "cannot use helper"}) {
    if (said.find(refusal) != std::string_view::npos) return false;
  }
  return true;
}

// One more than old kernels take of anybody.
uint32_t instruction_limit() {
  constexpr uint32_t kOld = 4096, kNew = 1000000;
  std::vector<bpf_insn> instructions(kOld, kReturnZero);
  instructions.push_back(kExit);
  return load({}, instructions) ? kNew : kOld;
}

bool takes_bounded_loops() {
  const bpf_insn instructions[] = {
      kReturnZero,
      {BPF_ALU64 | BPF_ADD | BPF_K, BPF_REG_0, 0, 0, 1},
      {BPF_JMP | BPF_JLT | BPF_K, BPF_REG_0, 0, -2, 4},
      kReturnZero,
      kExit,
  };
  return load({}, instructions).get() >= 0;
}

// Kernels that know the types of modules have their own among the BTF objects, with its name.
bool knows_module_types() {
  uint32_t id = 0;
  while (bpf_btf_get_next_id(id, &id) == 0) {
    base::UniqueFd fd(bpf_btf_get_fd_by_id(id));
    if (!fd) continue;
    char name[64] = {};
    bpf_btf_info info{};
    info.name = reinterpret_cast<uint64_t>(name);
    info.name_len = sizeof name;
    uint32_t size = sizeof info;
    if (bpf_obj_get_info_by_fd(fd.get(), &info, &size) != 0) return false;
    if (info.kernel_btf && strcmp(name, "vmlinux") == 0) return true;
  }
  return false;
}

// Loads a program for something in the kernel's BTF, and attaches it for a moment.
bool can_attach(const Kind& kind) {
  if (kind.target == 0) return false;
  const bpf_insn instructions[] = {kReturnZero, kExit};
  base::UniqueFd program = load(kind, instructions);
  if (!program) return false;
  return base::UniqueFd(bpf_link_create(program.get(), 0, kind.attach, nullptr)).get() >= 0;
}

// A function that exists for this purpose, and one that is rarely called.
uint32_t function_to_try(Kernel& kernel) {
  for (const char* name : {"bpf_fentry_test1", "vfs_fallocate"}) {
    auto found = kernel.kernel_functions("vmlinux", name);
    if (!found.empty()) return found.front().btf_id;
  }
  return 0;
}

}  // namespace

Survey survey(Kernel& kernel) {
  auto iterator = kernel.iterator("task");
  auto event = kernel.raw_tracepoint("sched_switch");
  const Kind walk{BPF_PROG_TYPE_TRACING, BPF_TRACE_ITER, iterator ? iterator->btf_id : 0};
  const Kind typed{BPF_PROG_TYPE_TRACING, BPF_TRACE_RAW_TP, event ? event->btf_id : 0};
  const Kind entry{BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY, function_to_try(kernel)};

  Survey found;
  // Most programs may resolve paths in a few functions only, iterators anywhere.
  found.dpath = has_helper(kDpath, walk);
  found.get_tai_ns = has_helper(kGetTaiNs);
  found.get_func_ip = has_helper(kGetFuncIp);
  found.lookup_percpu_elem = has_helper(kLookupPercpuElem);
  found.loop = has_helper(kLoop);
  found.probe_read_kernel = has_helper(BPF_FUNC_probe_read_kernel);
  found.send_signal = has_helper(BPF_FUNC_send_signal);
  found.skb_output = has_helper(kSkbOutput, typed);
  found.jiffies64 = has_helper(kJiffies64);

  found.instruction_limit = instruction_limit();
  found.bounded_loops = takes_bounded_loops();
  found.btf = kernel.has_btf();
  found.module_btf = knows_module_types();

  found.kprobe_multi = kernel.supports(Feature::KprobeMulti);
  found.kprobe_session = kernel.supports(Feature::KprobeSession);
  found.uprobe_multi = kernel.supports(Feature::UprobeMulti);
  found.iter = can_attach(walk);
  found.fentry = can_attach(entry);
  return found;
}

}  // namespace gimlet::kernel
