#include "runtime/address_text.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <cstring>

namespace gimlet::runtime {
namespace {

std::string inet_text(std::span<const uint8_t> bytes) {
  constexpr size_t kAddress = 8;
  constexpr size_t kWhole = kAddress + 16;
  if (bytes.size() < kWhole) return {};
  int64_t family = 0;
  std::memcpy(&family, bytes.data(), sizeof(family));
  if (family != AF_INET && family != AF_INET6) return {};
  char text[INET6_ADDRSTRLEN] = {};
  inet_ntop(static_cast<int>(family), bytes.data() + kAddress, text, sizeof(text));
  return text;
}

}  // namespace

std::string address_text(const ast::Type& type, std::span<const uint8_t> bytes) {
  if (type.is(ast::TypeKind::Inet)) return inet_text(bytes);
  constexpr size_t kMac = 6;
  if (bytes.size() < kMac) return {};
  return fmt::format("{:02X}", fmt::join(bytes.first(kMac), ":"));
}

}  // namespace gimlet::runtime
