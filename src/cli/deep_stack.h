// A stack that has room for deep programs.
//
// Every pass over a program calls itself for each level of its tree, and a chain of five thousand
// operators has as many levels. What `ulimit -s` leaves may be less than that takes. So everything
// runs on a stack of its own: still on the first thread, because threads can be told apart (by
// `tid` in a probe, by ptrace(2), by the signal for a parent's death).
#pragma once

#include <functional>

namespace gimlet::cli {

// Calls `body` on a large stack, or on the ordinary one if there is no memory for that.
int on_deep_stack(const std::function<int()>& body);

}  // namespace gimlet::cli
