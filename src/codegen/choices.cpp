// Expressions that are made of others: branches and blocks with a value, tuples and records
// (language §5.4, §13.1).
#include "ast/promote.h"
#include "codegen/lowering.h"

namespace gimlet::codegen {

using ast::TypeKind;

// --- branches ---

Lowering::Side Lowering::side_of(const ast::Expr& expr) {
  return {[this, &expr] { return lower(expr); }, type(expr), is_copy(expr),
          [this, &expr](const ast::Type& target, const Address& to) {
            lower_into(expr, target, to, true);
          }};
}

// A block without a value ends in a jump: what it would give is never used.
Lowering::Side Lowering::side_of(const ast::Block& block) {
  Side side;
  if (block.value) side.type = type(*block.value);
  side.copied = is_copy(block);
  side.value = [this, &block] { return lower_block_value(block); };
  side.into = [this, &block](const ast::Type& target, const Address& to) {
    for (const ast::StmtPtr& statement : block.statements) lower_statement(*statement);
    if (block.value) lower_into(*block.value, target, to, true);
  };
  return side;
}

Value Lowering::lower_block_value(const ast::Block& block) {
  for (const ast::StmtPtr& statement : block.statements) lower_statement(*statement);
  return block.value ? lower(*block.value) : Value{};
}

Value Lowering::lower_choice(llvm::Value* condition, const ast::Type& result, const Side& yes,
                             const Side& no) {
  bool none = !result.known() || result.is(TypeKind::Void);
  bool by_address = result.is(TypeKind::Struct) || result.is(TypeKind::Array);
  // One copy of the two sides becomes another, which both can share.
  by_address = by_address && !yes.copied && !no.copied;
  Value value = reference(Place::Memory, nullptr, 0, result);
  if (!none && !by_address && !in_register(result)) {
    // No byte is left undefined: LLVM would make a register of it that is never set.
    value.address = allocate(result.size);
    value.padded = true;
  }
  auto side = [&](const Side& taken) {
    return [&]() -> llvm::Value* {
      if (value.address.base) {
        taken.into(result, value.address);
        return constant(0);
      }
      Value made = taken.value();
      if (none || made.place == Place::None) return constant(0);
      // Structs and arrays stay where they are; only their address is chosen.
      if (by_address) return address_of(made);
      return convert(number(made), taken.type, result);
    };
  };
  llvm::Value* bits = choose(condition, side(yes), side(no));
  if (none) return {};
  if (by_address) return reference(place_of(result.space), bits, 0, result);
  return value.address.base ? value : register_value(bits, result);
}

Value Lowering::lower_node(const ast::Expr& expr, const ast::Ternary& node) {
  if (auto* branch = std::get_if<ast::BranchUse>(&info(expr).use)) {
    return lower(branch->then ? *node.then : *node.otherwise);
  }
  llvm::Value* condition = lower_condition(*node.condition);
  return lower_choice(condition, type(expr), side_of(node.then ? *node.then : *node.condition),
                      side_of(*node.otherwise));
}

Value Lowering::lower_node(const ast::Expr& expr, const ast::If& node) {
  if (!type(expr).known() || type(expr).is(TypeKind::Void)) {
    lower_branches(expr, node);
    return {};
  }
  if (const ast::Block* taken = block_of(expr)) return lower_block_value(*taken);
  llvm::Value* condition = lower_condition(*node.condition);
  return lower_choice(condition, type(expr), side_of(node.then), side_of(*node.otherwise));
}

Value Lowering::lower_node(const ast::Expr&, const ast::BlockExpr& node) {
  return lower_block_value(node.block);
}

// The one block that an expression stands for: itself, or the branch taken at compile time.
const ast::Block* Lowering::block_of(const ast::Expr& expr) const {
  if (auto* scope = std::get_if<ast::BlockExpr>(&expr.node)) return &scope->block;
  auto* choice = std::get_if<ast::If>(&expr.node);
  auto* branch = choice ? std::get_if<ast::BranchUse>(&info(expr).use) : nullptr;
  if (!branch) return nullptr;
  if (branch->then) return &choice->then;
  return choice->otherwise ? &*choice->otherwise : nullptr;
}

Value Lowering::lower_node(const ast::Expr&, const ast::Comptime& node) {
  return lower(*node.operand);
}

// --- what is always folded ---

Value Lowering::lower_node(const ast::Expr& expr, const ast::SizeOf&) { return not_folded(expr); }
Value Lowering::lower_node(const ast::Expr& expr, const ast::OffsetOf&) { return not_folded(expr); }
Value Lowering::lower_node(const ast::Expr& expr, const ast::TypeArgument&) {
  return not_folded(expr);
}

Value Lowering::not_folded(const ast::Expr& expr) {
  fail(expr.range, "internal error: a compile-time value was not folded");
  return register_value(constant(0), ast::integer_type(8, false));
}

// --- tuples and records ---

namespace {

// All parameters of the probe's function.
bool is_whole_args(const ast::ExprInfo& info) {
  auto* use = std::get_if<ast::BuiltinUse>(&info.use);
  return use && use->id == ast::BuiltinId::Args && info.type.is(TypeKind::Record);
}

}  // namespace

bool Lowering::writes_itself(const ast::Expr& expr) const {
  return std::holds_alternative<ast::Tuple>(expr.node) ||
         std::holds_alternative<ast::Record>(expr.node) ||
         std::holds_alternative<ast::TypeInfoUse>(info(expr).use) || is_whole_args(info(expr));
}

namespace {

const ast::TupleField& field_named(const ast::Type& record, const std::string& name) {
  for (const ast::TupleField& field : *record.fields) {
    if (field.name == name) return field;
  }
  return record.fields->front();
}

}  // namespace

void Lowering::write_fields(const ast::Expr& expr, const ast::Type& target, const Address& to,
                            bool padded) {
  uint32_t held = 0;
  for (const ast::TupleField& field : *target.fields) held += field.type->size;
  if (padded && held != target.size) zero(to, target.size);
  if (auto* tuple = std::get_if<ast::Tuple>(&expr.node)) {
    for (size_t i = 0; i < tuple->elements.size(); i++) {
      const ast::TupleField& field = (*target.fields)[i];
      lower_into(*tuple->elements[i], *field.type, to.at(field.offset), padded);
    }
  } else if (auto* record = std::get_if<ast::Record>(&expr.node)) {
    for (const ast::Record::Field& element : record->fields) {
      const ast::TupleField& field = field_named(target, element.name);
      lower_into(*element.value, *field.type, to.at(field.offset), padded);
    }
  } else if (is_whole_args(info(expr))) {
    for (const ast::TupleField& field : *target.fields) {
      const ast::Field& parameter = *probe_.context->find(field.name);
      write(context_field(parameter, parameter.type), *field.type, to.at(field.offset), padded);
    }
  } else {
    const auto& use = std::get<ast::TypeInfoUse>(info(expr).use);
    for (size_t i = 0; i < use.values.size(); i++) {
      const ast::TupleField& from = (*type(expr).fields)[i];
      const ast::TupleField& field = field_named(target, from.name);
      write(lower_constant({*from.type, use.values[i], {}}), *field.type, to.at(field.offset),
            padded);
    }
  }
}

Value Lowering::lower_fields(const ast::Expr& expr) {
  Value value = reference(Place::Memory, nullptr, 0, type(expr));
  value.address = allocate(value.type.size);
  lower_into(expr, value.type, value.address, true);
  return value;
}

Value Lowering::lower_node(const ast::Expr& expr, const ast::Tuple&) { return lower_fields(expr); }
Value Lowering::lower_node(const ast::Expr& expr, const ast::Record&) { return lower_fields(expr); }
Value Lowering::lower_node(const ast::Expr& expr, const ast::TypeInfo&) {
  return lower_fields(expr);
}

Value Lowering::element(const Value& whole, const ast::TupleField& field, const ast::Type& result) {
  Value part = whole;
  part.type = *field.type;
  part.padded = false;
  part.address = whole.address.at(field.offset);
  Value value = read(part);
  if (value.place != Place::Register) return value;
  return register_value(convert(value.bits(), *field.type, result), result);
}

Value Lowering::lower_node(const ast::Expr& expr, const ast::TupleAccess& node) {
  Value base = materialize(lower(*node.base));
  return element(base, (*base.type.fields)[node.index], type(expr));
}

Value Lowering::record_field(const ast::Expr& expr, const ast::FieldAccess& node) {
  Value base = materialize(lower(*node.base));
  return element(base, field_named(base.type, node.field), type(expr));
}

// A tuple or record of another shape: element by element, records by name.
void Lowering::rewrite(const Value& value, const ast::Type& target, const Address& to,
                       bool padded) {
  zero(to, target.size);
  for (size_t i = 0; i < target.fields->size(); i++) {
    const ast::TupleField& wanted = (*target.fields)[i];
    const ast::TupleField& source = target.is(TypeKind::Record)
                                        ? field_named(value.type, wanted.name)
                                        : (*value.type.fields)[i];
    Value part = value;
    part.type = *source.type;
    part.address = value.address.at(source.offset);
    write(part, *wanted.type, to.at(wanted.offset), padded);
  }
}

}  // namespace gimlet::codegen
