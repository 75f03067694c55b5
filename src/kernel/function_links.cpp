#include "kernel/function_links.h"

#include <sys/syscall.h>
#include <unistd.h>

namespace gimlet::kernel {
namespace {

constexpr uint32_t kReturn = 1;  // BPF_F_KPROBE_MULTI_RETURN

}  // namespace

base::UniqueFd link_functions(int program, bpf_attach_type kind, const FunctionList& functions,
                              bool at_return) {
  bpf_attr attr{};
  attr.link_create.prog_fd = static_cast<uint32_t>(program);
  attr.link_create.attach_type = kind;
  attr.link_create.kprobe_multi.flags = at_return ? kReturn : 0;
  attr.link_create.kprobe_multi.cnt = functions.count;
  attr.link_create.kprobe_multi.syms = reinterpret_cast<uint64_t>(functions.names);
  attr.link_create.kprobe_multi.addrs = reinterpret_cast<uint64_t>(functions.addresses);
  return base::UniqueFd(static_cast<int>(syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof(attr))));
}

}  // namespace gimlet::kernel
