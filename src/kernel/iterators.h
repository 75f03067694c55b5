// BPF iterators as BTF describes them: for each the kernel has a function bpf_iter_NAME, which is
// what a program attaches to, and a structure bpf_iter__NAME, which is the program's context.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernel/btf.h"
#include "kernel/kernel.h"

namespace gimlet::kernel {

// Every iterator that the file describes, sorted by name.
std::vector<KernelIterator> list_iterators(const Btf& btf);

std::optional<KernelIterator> find_iterator(const Btf& btf, const std::string& name);

// Whether the running kernel loads a program for it. True if it does not let us try.
bool kernel_takes(const KernelIterator& iterator);

}  // namespace gimlet::kernel
