// Names of what is sent to be printed or done.
#pragma once

#include <string_view>

#include "ast/event_plan.h"

namespace gimlet::ast {

// The call that sends an event of this kind; empty for what is sent without a call.
std::string_view call_name(EventKind kind);

}  // namespace gimlet::ast
