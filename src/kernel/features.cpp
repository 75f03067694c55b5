#include "kernel/features.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <unistd.h>

#include <cerrno>

#include "base/owners.h"
#include "kernel/function_links.h"

namespace gimlet::kernel {
namespace {

// A program that does nothing, for links of that kind.
base::UniqueFd load_idle_program(bpf_attach_type kind) {
  const bpf_insn instructions[] = {
      {BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 0},
      {BPF_JMP | BPF_EXIT, 0, 0, 0, 0},
  };
  LIBBPF_OPTS(bpf_prog_load_opts, load, .expected_attach_type = kind);
  return base::UniqueFd(
      bpf_prog_load(BPF_PROG_TYPE_KPROBE, nullptr, "GPL", instructions, 2, &load));
}

// A link for a function that does not exist: a kernel that knows the kind of link looks for it.
bool has_kprobe_links(bpf_attach_type kind) {
  base::UniqueFd program = load_idle_program(kind);
  if (!program) return false;
  const char* function = "gimlet_no_such_function";
  base::UniqueFd link = link_functions(program.get(), kind, {&function, nullptr, 1}, false);
  return !link && (errno == ESRCH || errno == ENOENT);
}

// The complaint about a link for an impossible path and this process.
int uprobe_link_error(const base::UniqueFd& program, uint32_t pid) {
  unsigned long offset = 0;
  LIBBPF_OPTS(bpf_link_create_opts, options);
  options.uprobe_multi.path = "/";
  options.uprobe_multi.offsets = &offset;
  options.uprobe_multi.cnt = 1;
  options.uprobe_multi.pid = pid;
  base::UniqueFd link(bpf_link_create(program.get(), -1, kTraceUprobeMulti, &options));
  return link ? 0 : errno;
}

// A kernel that knows the kind of link complains of the path. The first kernels that did scoped by
// thread where a process was meant; the others complain of an impossible process before they look
// at the path.
bool has_uprobe_links() {
  base::UniqueFd program = load_idle_program(kTraceUprobeMulti);
  return program && uprobe_link_error(program, 0) == EBADF &&
         uprobe_link_error(program, UINT32_MAX) == EINVAL;
}

}  // namespace

std::optional<Feature> find_feature(std::string_view name) {
  if (name == "kprobe_multi") return Feature::KprobeMulti;
  if (name == "kprobe_session") return Feature::KprobeSession;
  if (name == "uprobe_multi") return Feature::UprobeMulti;
  if (name == "fentry") return Feature::Trampolines;
  if (name == "raw_tracepoint") return Feature::RawTracepoints;
  return std::nullopt;
}

bool probe_feature(Feature feature) {
  switch (feature) {
    case Feature::KprobeMulti: return has_kprobe_links(kTraceKprobeMulti);
    case Feature::KprobeSession: return has_kprobe_links(kTraceKprobeSession);
    case Feature::UprobeMulti: return has_uprobe_links();
    case Feature::Kprobes: return ::access("/sys/bus/event_source/devices/kprobe/type", R_OK) == 0;
    case Feature::Trampolines:
    case Feature::RawTracepoints: return true;
  }
  return false;
}

}  // namespace gimlet::kernel
