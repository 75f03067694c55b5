// Hardware breakpoints: the processor stops at accesses of a few addresses, and the kernel hands
// them out as perf events.
#pragma once

#include <vector>

#include "ast/target.h"
#include "base/result.h"
#include "runtime/attach.h"
#include "runtime/link.h"

namespace gimlet::runtime {

base::Status attach_watchpoint(const ast::Target& target, const AttachContext& context,
                               std::vector<Link>& links);

}  // namespace gimlet::runtime
