// A small system in a folder, for tests: the Kernel interface without a kernel, without root.
//
//   vmlinux.btf                     raw BTF
//   available_events, events/CATEGORY/EVENT/format    as in tracefs
//   available_filter_functions      as in tracefs; may be missing
//   kallsyms                        as in /proc
//   bpf_functions                   loaded BPF functions: program id, name, id in its BTF
//   binaries/NAME.symbols           the user binaries, one a file:
//     path /usr/bin/app             where it lies
//     alias app                     another name that finds it; any number of these lines
//     NAME ADDRESS SIZE OFFSET [ifunc]   a function; hexadecimal address and offset, decimal size
//     usdt PROVIDER NAME ADDRESS OFFSET SEMAPHORE ARGUMENTS   a location of a marker; the numbers
//                         are hexadecimal, the arguments those of an x86_64 program
//     line SOURCE LINE COLUMN ADDRESS   where a source line's code starts (hexadecimal address)
//     parameter FUNCTION TYPE NAME      the next parameter of a function: an integer type, or one
//                         with a star behind it
//     instruction ADDRESS               an instruction inside a function starts there
//     # comment
#pragma once

#include <memory>
#include <string>

#include "kernel/kernel.h"

namespace gimlet::kernel {

std::unique_ptr<Kernel> frozen_kernel(const std::string& folder);

}  // namespace gimlet::kernel
