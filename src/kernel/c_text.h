// Types of BTF as C writes them, in libbpf's style of spacing, which scripts that read listings
// expect: "struct sock *", "const char *", "void (*)(int, char *)", "u8[16]".
#pragma once

#include <cstdint>
#include <string>

#include "kernel/btf.h"

namespace gimlet::kernel {

std::string c_type_name(const Btf& btf, uint32_t id);

}  // namespace gimlet::kernel
