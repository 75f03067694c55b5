// Calls that user space carries out: each sends the event that sema planned for it.
#include "codegen/lower_builtins.h"

namespace gimlet::codegen {
namespace {

using ast::EventKind;

uint32_t event_of(Lowering& l, const ast::Expr& expr) {
  return std::get<ast::EventUse>(l.info(expr).use).event;
}

// print(@m[k]): the key, and the value where the program can read it.
void print_entry(Lowering& l, uint32_t event, const ast::Expr& expr) {
  const ast::EventPlan plan = l.module().event(event);
  const auto& access = std::get<ast::MapAccess>(expr.node);
  l.send_fixed(event, [&](const Address& record) {
    const ast::EventField& key = plan.fields[0];
    if (access.keys.size() == 1) {
      l.lower_into(*access.keys[0], key.type, record.at(key.offset), true);
    } else {
      l.zero(record.at(key.offset), key.type.size);
      for (size_t i = 0; i < access.keys.size(); i++) {
        const ast::TupleField& field = (*key.type.fields)[i];
        l.lower_into(*access.keys[i], *field.type, record.at(key.offset + field.offset), true);
      }
    }
    if (plan.fields.size() < 2) return;
    const ast::EventField& value = plan.fields[1];
    l.lower_into(expr, value.type, record.at(value.offset), false);
  });
}

}  // namespace

void lower_printf(Lowering& l, const ast::Expr& expr) {
  bool is_printf = l.module().event(event_of(l, expr)).kind == EventKind::Printf;
  if (is_printf && l.probe().provider == ast::ProviderId::Iter) {
    return l.print_to_iterator(expr, event_of(l, expr));
  }
  std::vector<const ast::Expr*> fields;
  for (size_t i = 1; const ast::Expr* field = argument(expr, i); i++) fields.push_back(field);
  l.send(event_of(l, expr), fields);
}

void lower_print(Lowering& l, const ast::Expr& expr) {
  uint32_t event = event_of(l, expr);
  const ast::Expr& value = *argument(expr, 0);
  switch (l.module().event(event).kind) {
    case EventKind::PrintMap: return lower_bare_event(l, expr);
    case EventKind::PrintMapKey: return print_entry(l, event, value);
    default: return l.send(event, {&value});
  }
}

void lower_exit(Lowering& l, const ast::Expr& expr) {
  uint32_t event = event_of(l, expr);
  uint32_t offset = l.module().event(event).fields[0].offset;
  const ast::Expr* status = argument(expr, 0);
  llvm::Value* number = status ? l.lower_number(*status) : l.constant(0);
  // The end of a run must not hang on room in the ring.
  auto leave_word = [&] {
    llvm::IRBuilder<>& b = l.builder();
    llvm::Value* image =
        l.load({l.module().constants(), offsetof(image::Constants, image)}, 4, true);
    llvm::Value* from = b.CreateAdd(b.CreateZExt(image, b.getInt64Ty()), l.constant(1));
    llvm::Value* word = b.CreateOr(b.CreateShl(from, 8), b.CreateAnd(number, l.constant(0xff)));
    l.store(word, {l.module().control(), offsetof(image::Control, lost_exit), false}, 8);
  };
  l.send_fixed(
      event, [&](const Address& record) { l.store(number, record.at(offset), 8); }, leave_word);
  // Inside a macro it only asks for the end.
  if (l.module().event(event).returns) l.exit_now();
}

// fail() where no error came of it: the call is in a part of the program that was checked only.
void lower_nothing(Lowering&, const ast::Expr&) {}

// clear(), zero(), time(), print(@map): all that matters is in the plan.
void lower_bare_event(Lowering& l, const ast::Expr& expr) {
  l.send_fixed(event_of(l, expr), [](const Address&) {});
}

// Up to kJoinCount strings, each in a field of its own; the first null pointer ends them.
void lower_join(Lowering& l, const ast::Expr& expr) {
  llvm::IRBuilder<>& b = l.builder();
  uint32_t event = event_of(l, expr);
  const ast::EventPlan plan = l.module().event(event);
  const ast::Expr& list = *argument(expr, 0);
  Place place = l.place_of(l.type(list).space);
  llvm::Value* pointers = l.lower_number(list);
  ast::Type word = ast::integer_type(8, false);
  Address record = l.allocate_scratch(plan.max_size);
  l.write_header(event, record);
  Address strings = record.at(plan.fields[0].offset);
  for (uint32_t i = 0; i < ast::kJoinCount; i++) {
    l.store(l.constant(0), strings.at(i * ast::kJoinSize), 1);
  }
  llvm::BasicBlock* complete = l.block("complete");
  for (uint32_t i = 0; i < ast::kJoinCount; i++) {
    llvm::Value* text = l.read(l.reference(place, pointers, 8 * i, word)).bits();
    llvm::BasicBlock* next = l.block("next");
    b.CreateCondBr(b.CreateICmpEQ(text, l.constant(0)), complete, next);
    b.SetInsertPoint(next);
    l.probe_read_string(strings.at(i * ast::kJoinSize), l.constant(ast::kJoinSize), place, text);
  }
  b.CreateBr(complete);
  b.SetInsertPoint(complete);
  l.send_record(event, record, l.constant(plan.fixed_size));
}

}  // namespace gimlet::codegen
