// Attaching to kernel functions: trampolines, kprobes, and links for many functions at once.
#pragma once

#include <vector>

#include "ast/target.h"
#include "base/result.h"
#include "runtime/attach.h"

namespace gimlet::runtime {

// fentry, fexit; kprobe, kretprobe: one target, one link.
base::Status attach_trampoline(const ast::Target& target, const AttachContext& context,
                               std::vector<Link>& links);
base::Status attach_kprobe(const ast::Target& target, const AttachContext& context,
                           std::vector<Link>& links);

}  // namespace gimlet::runtime
