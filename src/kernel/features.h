// What a kernel can do, found out by trying: a small program is loaded, a small link is made. A
// version number would say less, because distributions port features back and leave others out.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace gimlet::kernel {

enum class Feature : uint8_t {
  KprobeMulti,    // one link for many kernel functions (Linux 5.18)
  KprobeSession,  // one link for their entry and return (6.10)
  UprobeMulti,    // one link for many user functions (6.6)
  Kprobes,        // built with CONFIG_KPROBE_EVENTS
  // Taken for granted until the kernel refuses one:
  Trampolines,     // fentry and fexit programs
  RawTracepoints,  // programs on tracepoints without their events
};

// By the name that --no-feature has for it: "kprobe_multi", "fentry", ...
std::optional<Feature> find_feature(std::string_view name);

// Asks the running kernel. Each call does; Kernel::supports remembers.
bool probe_feature(Feature feature);

}  // namespace gimlet::kernel
