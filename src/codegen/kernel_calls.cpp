// Calls of the kernel's own functions (kfuncs), and its per-CPU variables. Both are named by their
// ids in the kernel's BTF, in instructions that LLVM cannot make by itself: it is given their
// bytes. Formats: struct bpf_insn of linux/bpf.h; the source register says what kind of number
// follows.
#include "codegen/kernel_calls.h"

#include <fmt/format.h>
#include <llvm/IR/InlineAsm.h>

#include "ast/walk.h"
#include "codegen/lowering.h"

namespace gimlet::codegen {

namespace {

const ast::Variable* variable_of(const ast::ExprPtr& expr, const std::string& name) {
  const auto* variable = expr ? std::get_if<ast::Variable>(&expr->node) : nullptr;
  return variable && variable->name == name ? variable : nullptr;
}

// What a statement gives to the variable; null if nothing.
const ast::Expr* value_given(const ast::Stmt& statement, const std::string& name) {
  if (const auto* assignment = std::get_if<ast::Assignment>(&statement.node)) {
    return variable_of(assignment->target, name) ? assignment->value.get() : nullptr;
  }
  const auto* let = std::get_if<ast::Let>(&statement.node);
  return let && variable_of(let->variable, name) ? let->value.get() : nullptr;
}

bool is_argument(const ast::Expr& expr) {
  if (const auto* cast = std::get_if<ast::Cast>(&expr.node)) return is_argument(*cast->operand);
  const auto* access = std::get_if<ast::FieldAccess>(&expr.node);
  const auto* base = access ? std::get_if<ast::Identifier>(&access->base->node) : nullptr;
  return base && base->name == "args";
}

// The verifier forgets what a pointer leads to once it has been in memory. A variable that never
// holds anything but an argument of the probe stands for that argument.
const ast::Expr& argument_behind(const ast::Probe& probe, const ast::Expr& expr) {
  const auto* variable = std::get_if<ast::Variable>(&expr.node);
  if (!variable) return expr;
  size_t given = 0;
  ast::for_each_statement(probe, [&](const ast::Stmt& statement) {
    given += value_given(statement, variable->name) != nullptr;
  });
  bool changed = false;
  ast::for_each_expression(probe, [&](const ast::Expr& other) {
    if (const auto* step = std::get_if<ast::Step>(&other.node)) {
      changed = changed || variable_of(step->operand, variable->name);
    } else if (const auto* unary = std::get_if<ast::Unary>(&other.node)) {
      bool address = unary->op == ast::UnaryOp::AddressOf;
      changed = changed || (address && variable_of(unary->operand, variable->name));
    } else if (const auto* call = std::get_if<ast::Call>(&other.node);
               call && call->name == "find") {
      changed = changed || variable_of(call->arguments.back(), variable->name);
    }
  });
  if (given != 1 || changed) return expr;
  for (const ast::StmtPtr& statement : probe.body.statements) {
    const ast::Expr* value = value_given(*statement, variable->name);
    if (value && is_argument(*value)) return *value;
  }
  return expr;
}

}  // namespace

// BPF_CALL of kind BPF_PSEUDO_KFUNC_CALL. As any call it leaves nothing in r1 to r5.
llvm::Value* kernel_call(llvm::IRBuilder<>& builder, uint32_t function, llvm::Value* argument) {
  auto* i64 = builder.getInt64Ty();
  auto* results = llvm::StructType::get(i64, i64);
  auto* type = llvm::FunctionType::get(results, {i64}, false);
  std::string code = fmt::format(".long 0x2085\n.long {}", function);
  auto* call =
      llvm::InlineAsm::get(type, code, "={r0},={r1},1,~{r2},~{r3},~{r4},~{r5},~{memory}", true);
  return builder.CreateExtractValue(builder.CreateCall(type, call, {argument}), 0);
}

llvm::Value* Lowering::call_kernel(uint32_t function, llvm::Value* argument) {
  return kernel_call(b_, function, argument);
}

// A load of 64 bits of kind BPF_PSEUDO_BTF_ID into r0.
llvm::Value* Lowering::percpu_variable(uint32_t id) {
  auto* type = llvm::FunctionType::get(b_.getPtrTy(), {}, false);
  std::string code = fmt::format(".long 0x3018\n.long {}\n.long 0\n.long 0", id);
  return b_.CreateCall(type, llvm::InlineAsm::get(type, code, "={r0}", true), {});
}

llvm::Value* Lowering::typed_pointer(const ast::Expr& expr) {
  Value value = base_of(argument_behind(*probe().source, expr));
  if (value.place == Place::Trusted) return pointer(value.address);
  value = read(value);
  if (value.place != Place::Register || !value.trusted) return nullptr;
  return b_.CreateIntToPtr(value.bits(), b_.getPtrTy());
}

}  // namespace gimlet::codegen
