// Attaching to the markers of user programs.
//
// A marker may have many locations in its file. Kernels since 6.6 have a link for many places,
// which costs little more than one for a single place; before, each is a perf event with a link of
// its own. Either way the location's cookie tells the program where its arguments are, and the
// kernel raises the marker's semaphore in every process while it is attached.
#pragma once

#include <vector>

#include "ast/target.h"
#include "base/result.h"
#include "runtime/attach.h"

namespace gimlet::runtime {

// All locations of the marker are attached, or none.
base::Status attach_usdt(const ast::Target& target, const AttachContext& context,
                         std::vector<Link>& links);

}  // namespace gimlet::runtime
