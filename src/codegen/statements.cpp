// Statements and scratch variables (language §10, §13).
#include <set>

#include "ast/promote.h"
#include "ast/walk.h"
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

void Lowering::declare_variable(uint32_t number) {
  const ast::VariableInfo& variable = probe_.variables[number];
  VariableSlot& slot = variables_[number];
  slot.by_address = held_by_address(variable.type);
  bool one_word = in_register(variable.type) || slot.by_address;
  if (slot.captured) {
    store(constant(0), variable_memory(number), 8);
  } else if (variable.captured) {
    slot.scratch = allocate_scratch(variable.type.size).offset;
    lasting_scratch_ = scratch_used_;
    zero(variable_memory(number), variable.type.size);
  } else if (one_word) {
    // LLVM makes registers of these, so they do not count against the stack.
    llvm::IRBuilder<> at_entry(frame_.entry, frame_.entry->begin());
    slot.memory = {at_entry.CreateAlloca(b_.getInt64Ty()), 0, true};
    store(constant(0), slot.memory, 8);
  } else {
    slot.memory = allocate(variable.type.size, true);
    if (frame_.loop > 0) lasting_scratch_ = scratch_used_;
    zero(slot.memory, variable.type.size);
  }
}

// Where a variable lies, seen from the function that is being lowered.
Address Lowering::variable_memory(uint32_t number) {
  const VariableSlot& slot = variables_[number];
  if (slot.captured) return captures_of(probe_.variables[number].loop).at(8 * *slot.captured);
  if (slot.scratch) {
    llvm::Value* region = b_.CreateGEP(b_.getInt8Ty(), area(), module_.scratch_offset());
    return {region, *slot.scratch, false};
  }
  return slot.memory;
}

// A number that the rounds of a loop hand on: if the verifier knew its bounds, which grow with each
// round of a sum, no round would look like the one before, and it would try them all. But it has to
// know what bounds a `while` loop in there. Nor may addresses on the stack be handed on.
void Lowering::store_scalar(uint32_t id, llvm::Value* bits) {
  const ast::VariableInfo& variable = probe_.variables[id];
  const bool handed_on = variable.loop < frame_.loop && !llvm::isa<llvm::ConstantInt>(bits);
  if (handed_on && variable.type.is(TypeKind::Pointer)) {
    bits = number(register_value(bits, variable.type));
  } else if (handed_on && variable.type.is(TypeKind::Integer) && !frame_.bounds.contains(id)) {
    bits = forget(bits);
  }
  store(bits, variable_memory(id), 8);
}

std::optional<uint32_t> Lowering::variable_of(const ast::Expr& expr) const {
  const ast::ExprInfo* known = probe_.expressions.find(expr.id);
  auto* use = known ? std::get_if<ast::VariableUse>(&known->use) : nullptr;
  return use ? std::optional(use->variable) : std::nullopt;
}

template <typename Code>
void Lowering::declare_variables(const Code& code) {
  std::set<uint32_t> used;
  ast::for_each_expression(code, [&](const ast::Expr& expr) {
    auto variable = variable_of(expr);
    if (variable && probe_.variables[*variable].loop == frame_.loop) used.insert(*variable);
  });
  for (uint32_t number : used) declare_variable(number);
}
template void Lowering::declare_variables(const ast::Block& code);
template void Lowering::declare_variables(const ast::Expr& code);

void Lowering::lower_block(const ast::Block& block) {
  for (const ast::StmtPtr& statement : block.statements) lower_statement(*statement);
  if (block.value) lower_effect(*block.value);
}

void Lowering::lower_statement(const ast::Stmt& statement) {
  TemporaryMark mark = mark_temporaries();
  set_location(statement.range);
  std::visit([&](const auto& node) { lower_node(node); }, statement.node);
  release_temporaries(mark);
}

// An expression whose value nobody wants.
void Lowering::lower_effect(const ast::Expr& expr) {
  if (auto* choice = std::get_if<ast::If>(&expr.node)) return lower_branches(expr, *choice);
  if (auto* scope = std::get_if<ast::BlockExpr>(&expr.node)) return lower_block(scope->block);
  const ast::ExprInfo& known = info(expr);
  if (known.constant) return;
  // `*args;` has no effect.
  auto* builtin = std::get_if<ast::BuiltinUse>(&known.use);
  if (builtin && builtin->id == ast::BuiltinId::Args) return;
  if (auto* access = std::get_if<ast::MapAccess>(&expr.node)) {
    uint32_t map = std::get<ast::MapUse>(known.use).map;
    if (access->keys.empty() && ast::is_aggregate(module_.map_plan(map).value)) return;
  }
  lower(expr);
}

void Lowering::lower_node(const ast::ExpressionStatement& node) { lower_effect(*node.expression); }

void Lowering::lower_node(const ast::Discard& node) { lower_effect(*node.value); }

void Lowering::lower_node(const ast::Assignment& node) {
  if (node.op) return compound_assign(node);
  const auto& use = info(*node.target).use;
  if (auto* variable = std::get_if<ast::VariableUse>(&use)) {
    return assign_variable(variable->variable, *node.value);
  }
  store_map(std::get<ast::MapAccess>(node.target->node), std::get<ast::MapUse>(use).map,
            *node.value);
}

bool Lowering::mentions(const ast::Expr& value, uint32_t variable) const {
  bool found = false;
  ast::for_each_expression(
      value, [&](const ast::Expr& expr) { found = found || variable_of(expr) == variable; });
  return found;
}

void Lowering::assign_variable(uint32_t variable, const ast::Expr& value) {
  const ast::Type& stored = probe_.variables[variable].type;
  const VariableSlot& slot = variables_[variable];
  if (slot.by_address) {
    Value source = lower(value);
    if (source.place == Place::Memory) source = keep(source);
    return store(address_of(source), variable_memory(variable), 8);
  }
  if (in_register(stored)) {
    llvm::Value* bits = convert(lower_bits(value), type(value), stored);
    return store_scalar(variable, bits);
  }
  if (mentions(value, variable)) {
    // The value is made of the old one: `$t = ($t.1, $t.0)`.
    Value whole = reference(Place::Memory, nullptr, 0, stored);
    whole.address = allocate(stored.size);
    lower_into(value, stored, whole.address, true);
    return copy(variable_memory(variable), whole, stored.size);
  }
  lower_into(value, stored, variable_memory(variable), keeps_padding(stored));
}

// The variable takes a value that was computed already.
void Lowering::assign_found(uint32_t variable, const Value& value, const ast::Type& from) {
  const ast::Type& stored = probe_.variables[variable].type;
  if (variables_[variable].by_address) {
    Value kept = value.place == Place::Memory ? keep(value) : value;
    return store(address_of(kept), variable_memory(variable), 8);
  }
  if (in_register(stored)) {
    return store_scalar(variable, convert(read(value).bits(), from, stored));
  }
  write(value, stored, variable_memory(variable), keeps_padding(stored));
}

namespace {

bool has_steps(const ast::MapAccess& access) {
  bool found = false;
  for (const ast::ExprPtr& key : access.keys) {
    ast::for_each_expression(*key, [&](const ast::Expr& expr) {
      found = found || std::holds_alternative<ast::Step>(expr.node);
    });
  }
  return found;
}

}  // namespace

void Lowering::compound_assign(const ast::Assignment& node) {
  const ast::Type& right_type = type(*node.value);
  const ast::Type& stored = type(*node.target);
  llvm::Value* right = lower_number(*node.value);
  auto change = [&](llvm::Value* old) {
    llvm::Value* result = step(*node.op, old, stored, right, right_type);
    return convert(result, ast::integer_type(8, stored.is_signed), stored);
  };
  const auto& use = info(*node.target).use;
  if (auto* access = std::get_if<ast::MapAccess>(&node.target->node);
      access && has_steps(*access)) {
    // `@m[k] op= e` is `@m[k] = @m[k] op (e)`, and such a key is another one the second time.
    llvm::Value* old = read(read_map(*node.target, *access)).bits();
    uint32_t map = std::get<ast::MapUse>(use).map;
    Address value = allocate(8);
    store(change(old), value, 8);
    update_entry(map, build_key(module_.map_plan(map), access->keys), value, kUpdateAny);
    return;
  }
  if (auto* variable = std::get_if<ast::VariableUse>(&use)) {
    llvm::Value* old = load(variable_memory(variable->variable), 8);
    return store_scalar(variable->variable, change(old));
  }
  modify_map(std::get<ast::MapAccess>(node.target->node), std::get<ast::MapUse>(use).map, change);
}

void Lowering::lower_node(const ast::Let& node) {
  if (!node.value) return;
  const auto& use = std::get<ast::VariableUse>(info(*node.variable).use);
  assign_variable(use.variable, *node.value);
}

void Lowering::lower_branches(const ast::Expr& expr, const ast::If& node) {
  if (auto* branch = std::get_if<ast::BranchUse>(&info(expr).use)) {
    if (branch->then) return lower_block(node.then);
    if (node.otherwise) lower_block(*node.otherwise);
    return;
  }
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
  llvm::Value* value = node.value ? lower_number(*node.value) : nullptr;
  // What the kernel does with a program's result is not for the script to decide; only who runs a
  // test looks at it. There 32 bits arrive, and any value but 0 is a failure.
  if (!value || !ast::is_run_on_request(probe_.provider)) return leave(nullptr);
  leave(b_.CreateZExt(b_.CreateICmpNE(value, constant(0)), b_.getInt64Ty()));
}

}  // namespace gimlet::codegen
