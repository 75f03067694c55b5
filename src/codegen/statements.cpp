// Statements and scratch variables (language §10, §13).
#include "ast/promote.h"
#include "codegen/lower_builtins.h"
#include "codegen/lowering.h"

namespace gimlet::codegen {

using ast::TypeKind;

namespace {

// Short strings in variables are kept zero-padded, so that using them as keys is a plain copy.
constexpr uint32_t kPaddedVariable = 64;

bool held_by_address(const ast::Type& type) {
  return type.is(TypeKind::Struct) || type.is(TypeKind::Array);
}

}  // namespace

bool Lowering::keeps_padding(const ast::Type& variable) const {
  return !variable.is(TypeKind::String) || variable.size <= kPaddedVariable;
}

void Lowering::declare_variables() {
  for (const ast::VariableInfo& variable : probe_.variables) {
    VariableSlot slot;
    slot.by_address = held_by_address(variable.type);
    if (in_register(variable.type) || slot.by_address) {
      // LLVM makes registers of these, so they do not count against the stack.
      llvm::IRBuilder<> at_entry(entry_, entry_->begin());
      slot.memory = {at_entry.CreateAlloca(b_.getInt64Ty()), 0, true};
      store(constant(0), slot.memory, 8);
    } else {
      slot.memory = allocate(variable.type.size, true);
      zero(slot.memory, variable.type.size);
    }
    variables_.push_back(slot);
  }
}

void Lowering::lower_block(const ast::Block& block) {
  for (const ast::StmtPtr& statement : block.statements) lower_statement(*statement);
}

void Lowering::lower_statement(const ast::Stmt& statement) {
  TemporaryMark mark = mark_temporaries();
  set_location(statement.range);
  std::visit([&](const auto& node) { lower_node(node); }, statement.node);
  release_temporaries(mark);
}

// An expression whose value nobody wants.
void Lowering::lower_effect(const ast::Expr& expr) {
  const ast::ExprInfo& known = info(expr);
  if (known.constant) return;
  if (auto* access = std::get_if<ast::MapAccess>(&expr.node)) {
    uint32_t map = std::get<ast::MapUse>(known.use).map;
    if (access->keys.empty() && ast::is_aggregate(module_.map_plan(map).value)) return;
  }
  lower(expr);
}

void Lowering::lower_node(const ast::ExpressionStatement& node) { lower_effect(*node.expression); }

void Lowering::lower_node(const ast::Discard& node) { lower_effect(*node.value); }

void Lowering::lower_node(const ast::Scope& node) { lower_block(node.block); }

void Lowering::lower_node(const ast::Assignment& node) {
  if (node.op) return compound_assign(node);
  const auto& use = info(*node.target).use;
  if (auto* variable = std::get_if<ast::VariableUse>(&use)) {
    return assign_variable(variable->variable, *node.value);
  }
  store_map(std::get<ast::MapAccess>(node.target->node), std::get<ast::MapUse>(use).map,
            *node.value);
}

// A struct or array in a variable is a reference. One that was copied out of a map or a tuple for
// this statement moves to memory that lasts as long as the variable.
Value Lowering::keep(const Value& copied, base::SourceRange range) {
  if (copied.type.space == ast::AddressSpace::User) {
    fail(range, "a copy of a user-space struct or array cannot be kept in a variable yet");
    return copied;
  }
  Value kept = copied;
  kept.address = allocate_scratch(copied.type.size);
  lasting_scratch_ = scratch_used_;
  copy(kept.address, copied, copied.type.size);
  return kept;
}

void Lowering::assign_variable(uint32_t variable, const ast::Expr& value) {
  const ast::Type& stored = probe_.variables[variable].type;
  const VariableSlot& slot = variables_[variable];
  if (slot.by_address) {
    Value source = lower(value);
    if (source.place == Place::Memory) source = keep(source, value.range);
    return store(address_of(source), slot.memory, 8);
  }
  if (in_register(stored)) {
    return store(convert(lower_bits(value), type(value), stored), slot.memory, 8);
  }
  if (std::holds_alternative<ast::Tuple>(value.node)) {
    // The elements may read the variable: `$t = ($t.1, $t.0)`.
    Address built = allocate(stored.size);
    lower_into(value, stored, built, true);
    Value tuple = reference(Place::Memory, nullptr, 0, stored);
    tuple.address = built;
    return copy(slot.memory, tuple, stored.size);
  }
  lower_into(value, stored, slot.memory, keeps_padding(stored));
}

void Lowering::compound_assign(const ast::Assignment& node) {
  const ast::Type& right_type = type(*node.value);
  const ast::Type& stored = type(*node.target);
  llvm::Value* right = lower_number(*node.value);
  auto change = [&](llvm::Value* old) {
    llvm::Value* result = step(*node.op, old, stored, right, right_type);
    return convert(result, ast::integer_type(8, stored.is_signed), stored);
  };
  const auto& use = info(*node.target).use;
  if (auto* variable = std::get_if<ast::VariableUse>(&use)) {
    const Address& slot = variables_[variable->variable].memory;
    return store(change(load(slot, 8)), slot, 8);
  }
  modify_map(std::get<ast::MapAccess>(node.target->node), std::get<ast::MapUse>(use).map, change);
}

void Lowering::lower_node(const ast::Let& node) {
  if (!node.value) return;
  const auto& use = std::get<ast::VariableUse>(info(*node.variable).use);
  assign_variable(use.variable, *node.value);
}

void Lowering::lower_node(const ast::If& node) {
  llvm::Value* condition = lower_condition(*node.condition);
  choose(
      condition,
      [&] {
        lower_block(node.then);
        return constant(0);
      },
      [&] {
        if (node.otherwise) lower_block(*node.otherwise);
        return constant(0);
      });
}

void Lowering::lower_node(const ast::Return& node) {
  leave(node.value ? lower_number(*node.value) : nullptr);
}

}  // namespace gimlet::codegen
