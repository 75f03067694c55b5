// Links of one program to many functions of the kernel. libbpf makes them only if it is younger
// than the kind of link is; the system call itself takes any.
#pragma once

#include <linux/bpf.h>

#include <cstdint>

#include "base/owners.h"

namespace gimlet::kernel {

// Newer than the headers that we may be built with.
constexpr auto kTraceKprobeMulti = static_cast<bpf_attach_type>(42);
constexpr auto kTraceUprobeMulti = static_cast<bpf_attach_type>(48);
constexpr auto kTraceKprobeSession = static_cast<bpf_attach_type>(56);

// The functions by name or, if `names` is null, by address.
struct FunctionList {
  const char* const* names = nullptr;
  const unsigned long* addresses = nullptr;
  uint32_t count = 0;
};

// `at_return`: only for kTraceKprobeMulti. Unset, with errno, if the kernel refuses; then none of
// the functions is traced.
base::UniqueFd link_functions(int program, bpf_attach_type kind, const FunctionList& functions,
                              bool at_return);

}  // namespace gimlet::kernel
