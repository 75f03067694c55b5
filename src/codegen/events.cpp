// Events: records sent to user space through the ring buffer (layout: ast/event_plan.h).
//
// A record of fixed size is reserved and filled in place. One with strings of varying length is put
// together in scratch memory and copied at its real length. The consumer is woken only if it
// sleeps; so a burst of records costs one wake-up.
#include "codegen/lower_builtins.h"
#include "codegen/lowering.h"

namespace gimlet::codegen {

using ast::EventKind;
using ast::TypeKind;

llvm::Value* Lowering::wake_flags() {
  Address waiting{module_.control(), offsetof(image::Control, waiting), false};
  llvm::Value* sleeps = b_.CreateICmpNE(load(waiting, 4, true), b_.getInt32(0));
  auto claim = [&]() -> llvm::Value* {
    // Of several programs that see the flag, the one that takes it wakes the consumer.
    llvm::Value* old =
        b_.CreateAtomicRMW(llvm::AtomicRMWInst::Xchg, pointer(waiting), b_.getInt32(0),
                           llvm::Align(4), llvm::AtomicOrdering::SequentiallyConsistent);
    llvm::Value* mine = b_.CreateICmpNE(old, b_.getInt32(0));
    return b_.CreateSelect(mine, constant(kRingForceWakeup), constant(kRingNoWakeup));
  };
  return choose(sleeps, claim, [&]() -> llvm::Value* { return constant(kRingNoWakeup); });
}

void Lowering::count_lost(uint32_t event) {
  llvm::Value* counter = b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), area_here(), 8ULL * event);
  b_.CreateAtomicRMW(llvm::AtomicRMWInst::Add, counter, constant(1), llvm::Align(8),
                     llvm::AtomicOrdering::Monotonic);
}

void Lowering::write_header(uint32_t event, const Address& record) {
  llvm::Value* image = load({module_.constants(), offsetof(image::Constants, image)}, 4, true);
  store(image, record.at(offsetof(ast::RecordHeader, image)), 2);
  llvm::Value* cpu = frame_.cpu ? frame_.cpu : call(Helper::GetProcessorId, {});
  store(cpu, record.at(offsetof(ast::RecordHeader, cpu)), 2);
  store(constant(event), record.at(offsetof(ast::RecordHeader, event)), 4);
}

void Lowering::send_fixed(uint32_t event, const std::function<void(const Address&)>& fill,
                          const std::function<void()>& lost) {
  uint32_t size = module_.event(event).fixed_size;
  llvm::Value* record =
      call(Helper::RingbufReserve, {module_.ringbuf(), constant(size), constant(0)});
  choose(
      b_.CreateIsNotNull(record),
      [&] {
        Address start{record, 0, false};
        write_header(event, start);
        frame_.open_records.push_back(record);
        fill(start);
        frame_.open_records.pop_back();
        llvm::Value* flags = wake_flags();
        call(Helper::RingbufSubmit, {record, flags});
        return constant(0);
      },
      [&] {
        lost ? lost() : count_lost(event);
        return constant(0);
      });
}

// Writes a string into the tail of a record and gives the number of its bytes.
llvm::Value* Lowering::write_tail(const ast::Expr& expr, const ast::Type& type, const Address& to) {
  const auto& known = info(expr).constant;
  if (auto* text = known ? std::get_if<std::string>(&*known) : nullptr) {
    std::string kept = text->substr(0, type.size - 1);
    auto size = static_cast<uint32_t>(kept.size() + 1);
    write_text(kept, size, to);
    return constant(size);
  }
  if (auto* row = memory_builtin(info(expr)); row && row->tail) {
    base::SourceRange before = location_;
    set_location(expr.range);
    llvm::Value* length = row->tail(*this, expr, to);
    set_location(before);
    return length;
  }
  Value value = lower(expr);
  return copy_string(to, std::min(value.type.size, type.size), value);
}

void Lowering::send_variable(uint32_t event, const std::vector<const ast::Expr*>& fields) {
  ast::EventPlan plan = module_.event(event);
  Address record = allocate_scratch(plan.max_size);
  write_header(event, record);
  llvm::Value* start = pointer(record);
  llvm::Value* tail = constant(plan.fixed_size);
  for (size_t i = 0; i < fields.size(); i++) {
    const ast::EventField& field = plan.fields[i];
    if (!field.variable) {
      lower_into(*fields[i], field.type, record.at(field.offset), false);
      continue;
    }
    Address to{b_.CreateGEP(b_.getInt8Ty(), start, tail), 0, false};
    llvm::Value* length = write_tail(*fields[i], field.type, to);
    store(length, record.at(field.offset), 4);
    tail = b_.CreateAdd(tail, length);
  }
  send_record(event, record, tail);
}

void Lowering::send_record(uint32_t event, const Address& record, llvm::Value* size) {
  llvm::Value* flags = wake_flags();
  llvm::Value* result =
      call(Helper::RingbufOutput, {module_.ringbuf(), pointer(record), size, flags});
  when(
      b_.CreateICmpSLT(result, constant(0)), [&] { count_lost(event); }, true);
}

void Lowering::send(uint32_t event, const std::vector<const ast::Expr*>& fields) {
  // A copy: lowering arguments may add events for failures.
  ast::EventPlan plan = module_.event(event);
  for (const ast::EventField& field : plan.fields) {
    if (field.variable) return send_variable(event, fields);
  }
  // Numbers are computed before there is a record, so that what is reported of them comes first.
  std::vector<std::optional<Value>> numbers(fields.size());
  for (size_t i = 0; i < fields.size(); i++) {
    bool is_number = in_register(plan.fields[i].type) && in_register(type(*fields[i]));
    if (is_number) numbers[i] = lower(*fields[i]);
  }
  send_fixed(event, [&](const Address& record) {
    for (size_t i = 0; i < fields.size(); i++) {
      const ast::EventField& field = plan.fields[i];
      if (numbers[i]) {
        write(*numbers[i], field.type, record.at(field.offset), false);
      } else {
        lower_into(*fields[i], field.type, record.at(field.offset), false);
      }
    }
  });
}

void Lowering::send_number(uint32_t event, llvm::Value* number) {
  uint32_t offset = module_.event(event).fields[0].offset;
  send_fixed(event, [&](const Address& record) { store(number, record.at(offset), 8); });
}

void Lowering::runtime_error(const std::string& message) {
  send_fixed(module_.failure_event(EventKind::RuntimeError, location_, message),
             [](const Address&) {});
}

void Lowering::helper_error(const char* helper, llvm::Value* result, int32_t map) {
  uint32_t event = module_.failure_event(EventKind::HelperError, location_, helper, map);
  send_number(event, result);
}

}  // namespace gimlet::codegen
