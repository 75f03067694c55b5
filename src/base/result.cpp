#include "base/result.h"

#include <fmt/format.h>

#include <cstring>

namespace gimlet::base {

Error system_error(int errnum, std::string message, std::string hint) {
  return {fmt::format("{} ({})", message, strerror(errnum)), std::move(hint), errnum};
}

}  // namespace gimlet::base
