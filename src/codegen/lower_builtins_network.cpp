// Builtins for addresses and packets, and cgroup_path() (probes-and-stdlib B5.4, B5.6, B5.8).
#include <arpa/inet.h>

#include "codegen/lower_builtins.h"

namespace gimlet::codegen {
namespace {

using ast::TypeKind;

constexpr uint32_t kAddressSize = 16;
constexpr uint64_t kFamily4 = 2;   // AF_INET
constexpr uint64_t kFamily6 = 10;  // AF_INET6
constexpr uint32_t kMacSize = 6;

// Copies the first bytes of a value that lives somewhere in memory.
void copy_bytes(Lowering& l, const ast::Expr& expr, const Address& to, uint32_t size) {
  l.copy(to, l.lower(expr), size);
}

}  // namespace

// {int64 family; 16 bytes}
void lower_ntop(Lowering& l, const ast::Expr& expr, const Address& to, bool) {
  const ast::Expr* second = argument(expr, 1);
  const ast::Expr& address = second ? *second : *argument(expr, 0);
  const ast::Type& type = l.type(address);
  uint64_t usual = type.size == kAddressSize ? kFamily6 : kFamily4;
  l.store(second ? l.lower_number(*argument(expr, 0)) : l.constant(usual), to, 8);
  l.zero(to.at(8), kAddressSize);
  if (in_register(type)) return l.store(l.lower_number(address), to.at(8), 4);
  copy_bytes(l, address, to.at(8), type.size);
}

void lower_pton(Lowering& l, const ast::Expr& expr, const Address& to, bool) {
  const auto& text = std::get<std::string>(*l.info(*argument(expr, 0)).constant);
  uint32_t size = l.type(expr).size;
  std::string bytes(size, '\0');
  inet_pton(size == kAddressSize ? AF_INET6 : AF_INET, text.c_str(), bytes.data());
  l.write_text(bytes, size, to);
}

void lower_macaddr(Lowering& l, const ast::Expr& expr, const Address& to, bool) {
  const ast::Expr& source = *argument(expr, 0);
  const ast::Type& type = l.type(source);
  if (!in_register(type)) return copy_bytes(l, source, to, kMacSize);
  Value from =
      l.reference(l.place_of(type.space), l.lower_number(source), 0, ast::mac_address_type());
  l.copy(to, from, kMacSize);
}

// {uint64 cgroup; uint64 event that holds the pattern}
void lower_cgroup_path(Lowering& l, const ast::Expr& expr, const Address& to, bool) {
  const auto& use = std::get<ast::EventUse>(l.info(expr).use);
  l.store(l.lower_number(*argument(expr, 0)), to, 8);
  l.store(l.constant(use.event), to.at(8), 8);
}

// A record: image::PacketHeader, then the packet.
llvm::Value* lower_skboutput(Lowering& l, const ast::Expr& expr) {
  llvm::IRBuilder<>& b = l.builder();
  uint32_t event = std::get<ast::EventUse>(l.info(expr).use).event;
  const ast::Expr& source = *argument(expr, 1);
  llvm::Value* packet = l.typed_pointer(source);
  if (!packet) {
    l.fail(source.range,
           "skboutput() needs a packet that is reached from the probe's own arguments");
    return l.constant(0);
  }
  llvm::Value* length = b.CreateAnd(l.lower_number(*argument(expr, 2)), l.constant(0xfffff));
  Address header = l.allocate(sizeof(image::PacketHeader));
  l.write_header(event, header);
  l.store(l.call(Helper::KtimeGetBootNs, {}), header.at(offsetof(image::PacketHeader, time_ns)), 8);
  l.store(length, header.at(offsetof(image::PacketHeader, length)), 8);
  auto send = [&]() -> llvm::Value* {
    llvm::Value* flags = b.CreateOr(b.CreateShl(length, 32), l.constant(kCurrentCpu));
    llvm::Value* result =
        l.call(Helper::SkbOutput, {packet, l.module().packets(), flags, l.pointer(header),
                                   l.constant(sizeof(image::PacketHeader))});
    return b.CreateAnd(result, l.constant(0xffffffff));
  };
  constexpr uint32_t kNoPacket = static_cast<uint32_t>(-22);  // EINVAL
  return l.choose(b.CreateIsNotNull(packet), send,
                  [&]() -> llvm::Value* { return l.constant(kNoPacket); });
}

}  // namespace gimlet::codegen
