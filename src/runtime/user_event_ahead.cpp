#include "runtime/user_event_ahead.h"

#include <utility>

#include "base/run_ahead.h"
#include "runtime/attach_user.h"

namespace gimlet::runtime {
namespace {

// A refusal is left to whoever attaches: it will meet the same one, and knows what to say.
base::UniqueFd open_event(const ast::Target& target, uint64_t pid) {
  auto event = open_user_event(target, pid);
  return event ? std::move(*event) : base::UniqueFd();
}

}  // namespace

UserEventAhead UserEventAhead::start(ast::Target target, uint64_t pid) {
  UserEventAhead ahead;
  ahead.target_ = target;
  ahead.pid_ = pid;
  ahead.event_ = base::run_ahead(open_event, std::move(target), pid);
  return ahead;
}

base::UniqueFd UserEventAhead::take(const ast::Target& target, uint64_t pid) {
  bool same = pid == pid_ && target.provider == target_.provider && target.name == target_.name;
  if (!event_.valid() || !same) return {};
  return event_.get();
}

}  // namespace gimlet::runtime
