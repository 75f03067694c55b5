// What the running kernel can do, for people to read (--info). Every answer comes from a trial: a
// program of a few instructions is loaded, a link is made and dropped. Nothing is concluded from
// version numbers, because distributions port features back and leave others out.
#pragma once

#include <cstdint>

#include "kernel/kernel.h"

namespace gimlet::kernel {

struct Survey {
  // Helper functions.
  bool dpath = false;
  bool get_tai_ns = false;
  bool get_func_ip = false;
  bool lookup_percpu_elem = false;
  bool loop = false;
  bool probe_read_kernel = false;
  bool send_signal = false;
  bool skb_output = false;
  bool jiffies64 = false;
  // The verifier and type information.
  uint32_t instruction_limit = 0;
  bool bounded_loops = false;
  bool btf = false;
  bool module_btf = false;
  // Links.
  bool kprobe_multi = false;
  bool kprobe_session = false;
  bool uprobe_multi = false;
  bool iter = false;
  bool fentry = false;
};

// Needs the rights that tracing needs.
Survey survey(Kernel& kernel);

}  // namespace gimlet::kernel
