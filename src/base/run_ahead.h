// Work that takes the kernel long, begun on a thread of its own before its result is needed.
#pragma once

#include <future>
#include <utility>

#include "base/signals_blocked.h"

namespace gimlet::base {

// Without a thread to spare, the work is done when its result is asked for.
template <typename Function, typename... Arguments>
auto run_ahead(Function&& function, Arguments&&... arguments) {
  SignalsBlocked blocked;
  return std::async(std::launch::async | std::launch::deferred, std::forward<Function>(function),
                    std::forward<Arguments>(arguments)...);
}

}  // namespace gimlet::base
