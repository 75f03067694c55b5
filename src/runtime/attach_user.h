// Attaching to user programs: uprobe, uretprobe and usdt.
//
// A place is a file and an offset in it; every process that maps the file there is traced. Kernels
// since 6.6 have a link for many places of one file, which costs little more than one for a single
// place; before, each place is a perf event with a link of its own.
#pragma once

#include <linux/bpf.h>

#include <span>
#include <vector>

#include "ast/target.h"
#include "base/result.h"
#include "runtime/attach.h"
#include "runtime/link.h"

namespace gimlet::runtime {

// The perf event at the place of a uprobe or uretprobe that has one place; no program runs yet.
base::Result<base::UniqueFd> open_user_event(const ast::Target& target, uint64_t pid);

// uprobe, uretprobe
base::Status attach_user(const ast::Target& target, const AttachContext& context,
                         std::vector<Link>& links);
base::Status attach_usdt(const ast::Target& target, const AttachContext& context,
                         std::vector<Link>& links);

// One link for several user functions of one file. The program must have been loaded for it.
base::Status attach_user_multi(std::span<const ast::Target* const> targets,
                               const AttachContext& context, std::vector<Link>& links);

}  // namespace gimlet::runtime
