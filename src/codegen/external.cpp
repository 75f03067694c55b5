// Calls of imported functions (language §14.6).
//
// The function is declared as taking and giving i64: whoever compiled it expects an argument that
// is narrower than a register to be extended by the sign of its type, and says nothing about the
// upper bits of its result.
#include "ast/promote.h"
#include "codegen/lowering.h"

namespace gimlet::codegen {

using ast::TypeKind;

Value Lowering::lower_external(const ast::Expr& expr, const ast::Call& node, uint32_t number) {
  const ast::ExternalFunction& external = module_.program().external.functions[number];
  llvm::SmallVector<llvm::Value*, 5> arguments;
  for (size_t i = 0; i < node.arguments.size(); i++) {
    const ast::Expr& argument = *node.arguments[i];
    const ast::Type& wanted = external.parameters[i].type;
    // A pointer goes on with all that the verifier knows of it.
    arguments.push_back(
        wanted.is(TypeKind::Pointer)
            ? lower_bits(argument)
            : convert(lower_number(argument), ast::as_operand(type(argument)), wanted));
  }
  set_location(expr.range);
  llvm::Value* result = b_.CreateCall(module_.external(number), arguments);
  if (external.result.is(TypeKind::Void)) return {};
  if (external.result.size < 8) {
    result = extend(b_.CreateTrunc(result, integer(external.result.size)), external.result);
  }
  return register_value(result, external.result);
}

llvm::Function* ProgramModule::external(uint32_t number) {
  llvm::Function*& known = externals_[number];
  if (known) return known;
  const ast::ExternalFunction& external = program_.external.functions[number];
  auto* i64 = llvm::Type::getInt64Ty(context_);
  const llvm::SmallVector<llvm::Type*, 5> parameters(external.parameters.size(), i64);
  known = llvm::Function::Create(llvm::FunctionType::get(i64, parameters, false),
                                 llvm::GlobalValue::ExternalLinkage, external.name, *module_);
  // The loader makes hidden functions static: the verifier then checks them with the arguments of
  // each call, and not once for whatever their types allow.
  known->setVisibility(llvm::GlobalValue::HiddenVisibility);
  known->addFnAttr(llvm::Attribute::NoUnwind);
  debug_->declaration(*known, external);
  return known;
}

}  // namespace gimlet::codegen
