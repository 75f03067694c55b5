// The perf event of a probe on a user function, opened before it is needed: the kernel waits for a
// grace period (10 ms) before it lets an instruction be replaced, longer than a short program takes
// to compile. Until a program is linked to it, the event does nothing.
#pragma once

#include <cstdint>
#include <future>

#include "ast/target.h"
#include "base/owners.h"

namespace gimlet::runtime {

class UserEventAhead {
 public:
  // Nothing is opened ahead.
  UserEventAhead() = default;
  // On a thread of its own. `target` is a uprobe or uretprobe at one place; `pid` as in
  // AttachContext.
  static UserEventAhead start(ast::Target target, uint64_t pid);

  // That event if it is this one's and could be opened, and was not taken before; else unset.
  base::UniqueFd take(const ast::Target& target, uint64_t pid);

 private:
  ast::Target target_;
  uint64_t pid_ = 0;
  std::future<base::UniqueFd> event_;
};

}  // namespace gimlet::runtime
