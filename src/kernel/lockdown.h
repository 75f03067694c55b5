// Lockdown: how far the kernel keeps even root from changing it (integrity) or from reading what it
// keeps secret (confidentiality).
#pragma once

#include <string>

namespace gimlet::kernel {

enum class Lockdown { None, Integrity, Confidentiality };

inline constexpr const char* kLockdownFile = "/sys/kernel/security/lockdown";

// As the kernel says in kLockdownFile; None if it does not say.
Lockdown lockdown();

// How a user gets out of confidentiality.
inline constexpr const char* kLockdownRemedy =
    "boot with lockdown=integrity, or turn Secure Boot off";

// What to say beside a refusal that lockdown may be the reason of; empty if it is not on.
std::string lockdown_hint();

}  // namespace gimlet::kernel
