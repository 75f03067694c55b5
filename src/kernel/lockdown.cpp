#include "kernel/lockdown.h"

#include <fmt/format.h>

#include "base/owners.h"

namespace gimlet::kernel {

Lockdown lockdown() {
  // The mode in force stands in brackets: "none [integrity] confidentiality".
  auto modes = base::read_file(kLockdownFile);
  if (!modes) return Lockdown::None;
  if (modes->find("[confidentiality]") != std::string::npos) return Lockdown::Confidentiality;
  return modes->find("[integrity]") != std::string::npos ? Lockdown::Integrity : Lockdown::None;
}

std::string lockdown_hint() {
  switch (lockdown()) {
    case Lockdown::None: return {};
    case Lockdown::Integrity:
      return fmt::format("Kernel lockdown is set to 'integrity' ({}).", kLockdownFile);
    case Lockdown::Confidentiality: break;
  }
  return fmt::format("Kernel lockdown is set to 'confidentiality' ({}): {}", kLockdownFile,
                     kLockdownRemedy);
}

}  // namespace gimlet::kernel
