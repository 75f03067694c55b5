// Builtin values that come from helpers: ids, clocks, random numbers (probes-and-stdlib B4).
#include "codegen/lower_builtins.h"

namespace gimlet::codegen {

namespace {

constexpr uint32_t kCommSize = 16;

llvm::Value* low_half(Lowering& l, llvm::Value* bits) {
  return l.builder().CreateAnd(bits, l.constant(0xffffffff));
}

llvm::Value* high_half(Lowering& l, llvm::Value* bits) { return l.builder().CreateLShr(bits, 32); }

// Whether pid(init) was asked for.
bool wants_initial_namespace(Lowering& l, const ast::Expr& expr) {
  auto* use = std::get_if<ast::BuiltinUse>(&l.info(expr).use);
  return use && use->index == 1;
}

// Not so where the process is only part of another value, such as a stack.
bool is_asked(Lowering& l, const ast::Expr& expr) {
  auto* use = std::get_if<ast::BuiltinUse>(&l.info(expr).use);
  return use && use->id == ast::BuiltinId::Pid;
}

}  // namespace

llvm::Value* lower_pid(Lowering& l, const ast::Expr& expr) {
  return high_half(l, l.process_and_thread(wants_initial_namespace(l, expr), is_asked(l, expr)));
}

llvm::Value* lower_tid(Lowering& l, const ast::Expr& expr) {
  return low_half(l, l.process_and_thread(wants_initial_namespace(l, expr), true));
}

// Also `username`, which is a user id until it is shown.
llvm::Value* lower_uid(Lowering& l, const ast::Expr&) {
  return low_half(l, l.call(Helper::GetUidGid, {}));
}

llvm::Value* lower_gid(Lowering& l, const ast::Expr&) {
  return high_half(l, l.call(Helper::GetUidGid, {}));
}

// The helper fills the rest with zeroes.
void lower_comm(Lowering& l, const ast::Expr& expr, const Address& to, bool) {
  if (argument(expr, 0)) return lower_comm_of(l, expr, to);
  l.call(Helper::GetComm, {l.pointer(to), l.constant(kCommSize)});
}

llvm::Value* lower_nsecs(Lowering& l, const ast::Expr& expr) {
  if (llvm::Value* number = l.clock_map()) return number;
  switch (l.type(expr).clock) {
    case ast::Clock::Monotonic: return l.call(Helper::KtimeGetNs, {});
    case ast::Clock::Tai: return l.call(Helper::KtimeGetTaiNs, {});
    case ast::Clock::SoftwareTai: return l.tai_clock();
    case ast::Clock::Boot: break;
  }
  return l.call(Helper::KtimeGetBootNs, {});
}

llvm::Value* lower_elapsed(Lowering& l, const ast::Expr&) {
  llvm::Value* now = l.call(Helper::KtimeGetBootNs, {});
  Address start{l.module().control(), offsetof(image::Control, start_ns), false};
  return l.builder().CreateSub(now, l.load(start, 8, true));
}

llvm::Value* lower_cpu(Lowering& l, const ast::Expr&) {
  return low_half(l, l.call(Helper::GetProcessorId, {}));
}

// As a number. The base of a field access is a typed pointer instead (see access.cpp).
llvm::Value* lower_curtask(Lowering& l, const ast::Expr&) { return l.call(Helper::GetTask, {}); }

llvm::Value* lower_args(Lowering& l, const ast::Expr& expr) {
  l.fail(expr.range, "args as a whole is not supported yet: use one of its fields");
  return l.constant(0);
}

llvm::Value* lower_rand(Lowering& l, const ast::Expr&) {
  return low_half(l, l.call(Helper::GetPrandom, {}));
}

llvm::Value* lower_ncpus(Lowering& l, const ast::Expr&) { return l.cpu_count(); }

llvm::Value* lower_cpid(Lowering& l, const ast::Expr&) {
  uint64_t child = l.module().program().child_pid;
  if (child == 0) l.runtime_error("No child command (`-c`); cpid is zero");
  return l.constant(child);
}

llvm::Value* lower_jiffies(Lowering& l, const ast::Expr&) { return l.call(Helper::Jiffies64, {}); }

llvm::Value* lower_numaid(Lowering& l, const ast::Expr&) {
  return low_half(l, l.call(Helper::GetNumaNodeId, {}));
}

// kptr() and uptr() only change the type.
llvm::Value* lower_pointer(Lowering& l, const ast::Expr& expr) {
  return l.lower_bits(*argument(expr, 0));
}

llvm::Value* lower_ksym(Lowering& l, const ast::Expr& expr) {
  return l.lower_bits(*argument(expr, 0));
}

void lower_usym(Lowering& l, const ast::Expr& expr, const Address& to, bool) {
  l.store(l.lower_bits(*argument(expr, 0)), to, 8);
  l.store(lower_pid(l, expr), to.at(8), 8);
}

// {uint64 nanoseconds; uint32 event that holds the format; uint32 clock}
void lower_strftime(Lowering& l, const ast::Expr& expr, const Address& to, bool) {
  const auto& use = std::get<ast::EventUse>(l.info(expr).use);
  l.store(l.lower_bits(*argument(expr, 1)), to, 8);
  l.store(l.constant(use.event), to.at(8), 4);
  l.store(l.constant(static_cast<uint64_t>(l.type(expr).clock)), to.at(12), 4);
}

}  // namespace gimlet::codegen
