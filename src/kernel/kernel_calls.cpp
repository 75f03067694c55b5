#include "kernel/kernel_calls.h"

#include <bpf/bpf.h>

#include <string_view>
#include <vector>

#include "base/owners.h"

namespace gimlet::kernel {
namespace {

using ast::ProviderId;

bpf_prog_type program_type(ProviderId provider) {
  switch (provider) {
    case ProviderId::Begin:
    case ProviderId::End:
    case ProviderId::Self: return BPF_PROG_TYPE_RAW_TRACEPOINT;
    case ProviderId::Test:
    case ProviderId::Bench: return BPF_PROG_TYPE_XDP;
    case ProviderId::Tracepoint: return BPF_PROG_TYPE_TRACEPOINT;
    case ProviderId::Kprobe:
    case ProviderId::Kretprobe:
    case ProviderId::Usdt:
    case ProviderId::Uprobe:
    case ProviderId::Uretprobe: return BPF_PROG_TYPE_KPROBE;
    case ProviderId::Profile:
    case ProviderId::Interval:
    case ProviderId::Software:
    case ProviderId::Hardware:
    case ProviderId::Watchpoint: return BPF_PROG_TYPE_PERF_EVENT;
    default: return BPF_PROG_TYPE_TRACING;
  }
}

}  // namespace

// The call lacks its arguments: a kernel that allows it complains of them instead.
bool kernel_allows_call(uint32_t function, ProviderId provider, uint32_t tracing_target) {
  const bpf_insn instructions[] = {
      {BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_KFUNC_CALL, 0, static_cast<int32_t>(function)},
      {BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 0},
      {BPF_JMP | BPF_EXIT, 0, 0, 0, 0},
  };
  const bpf_prog_type type = program_type(provider);
  std::vector<char> log(16384);
  LIBBPF_OPTS(bpf_prog_load_opts, load, .log_level = 1,
              .log_size = static_cast<uint32_t>(log.size()), .log_buf = log.data());
  if (type == BPF_PROG_TYPE_TRACING) {
    load.expected_attach_type = BPF_TRACE_RAW_TP;
    load.attach_btf_id = tracing_target;
  }
  base::UniqueFd program(
      bpf_prog_load(type, nullptr, "GPL", instructions, std::size(instructions), &load));
  if (program) return true;
  std::string_view said = log.data();
  if (said.empty()) return false;
  for (std::string_view refusal : {"is not allowed", "not support", "JIT is required"}) {
    if (said.find(refusal) != std::string_view::npos) return false;
  }
  return true;
}

}  // namespace gimlet::kernel
