// Attach points of watchpoint (probes-and-stdlib B2.14): `watchpoint:ADDRESS:LENGTH:MODE`.

#include <fmt/format.h>

#include <algorithm>

#include "ast/arch.h"
#include "ast/sema/expand.h"

namespace gimlet::ast::sema {
namespace {

// The letters of a mode in the order in which they are shown; nothing if a mistake was reported.
std::optional<std::string> read_mode(ExpandContext& context, const AttachPoint::Part& part) {
  std::string mode = part.text;
  if (mode.empty() || mode.find_first_not_of("rwx") != std::string::npos) {
    context.error(part.range, "watchpoint mode must be combination of (r,w,x)");
    return std::nullopt;
  }
  std::sort(mode.begin(), mode.end());
  if (std::adjacent_find(mode.begin(), mode.end()) != mode.end()) {
    context.error(part.range, "watchpoint modes may not be duplicated");
    return std::nullopt;
  }
  std::string supported;
  for (std::string_view known : watchpoint_modes()) {
    if (known == mode) return mode;
    supported += (supported.empty() ? "" : ", ") + std::string(known);
  }
  context.error(part.range, fmt::format("invalid watchpoint mode: {}", part.text))
      .hint("supported modes: " + supported);
  return std::nullopt;
}

}  // namespace

void expand_watchpoint(ExpandContext& context, Expansion& expansion) {
  if (!context.check_part_count(3, 3)) return;
  auto address = context.number(context.parts[0], "Invalid function/address argument");
  if (!address) return;
  if (*address == 0) {
    context.error(context.parts[0].range, "watchpoint must be attached to a non-zero address");
    return;
  }
  auto length = context.number(context.parts[1], "Invalid length argument");
  if (!length) return;
  if (*length != 1 && *length != 2 && *length != 4 && *length != 8) {
    context.error(context.parts[1].range, "watchpoint length must be one of (1,2,4,8)");
    return;
  }
  auto mode = read_mode(context, context.parts[2]);
  if (!mode) return;

  const Options& options = context.facts.options;
  const uint64_t pid = options.target_pid ? options.target_pid : options.child_pid;
  std::string name = "watchpoint:";
  if (pid != 0) name += fmt::format("/proc/{}/exe:", pid);
  Match match;
  match.target = {ProviderId::Watchpoint, name + fmt::format("{}:{}:{}", *address, *length, *mode),
                  WatchpointTarget{*address, static_cast<uint32_t>(*length), *mode}};
  expansion.matches.push_back(std::move(match));
}

}  // namespace gimlet::ast::sema
