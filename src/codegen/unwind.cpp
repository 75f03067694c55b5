// dw_ustack: the user stack by tables instead of frame pointers (ast/unwind_layout.h).
//
// The kernel runs one round of a loop for each frame. A round notes the address that it stands at,
// finds the mapping of that address, in the rows of the mapping's file the one for it, and goes by
// its rule to the caller. Both searches are sequences without branches, so that the verifier
// follows one path.
#include <bit>

#include "ast/unwind_layout.h"
#include "ast/walk.h"
#include "codegen/lowering.h"

namespace gimlet::codegen {
namespace {

using ast::FrameRule;

// In the loop's context, behind the captures of the caller.
constexpr uint32_t kFrames = 8;                              // where the frames are written to
constexpr uint32_t kAddress = 16, kStack = 24, kFrame = 32;  // rip, rsp, rbp
constexpr uint32_t kCount = 40;                              // of frames
// 1 while the address is that of an instruction to be run; that of a caller is behind its call.
constexpr uint32_t kExact = 48;
constexpr uint32_t kFirstMapping = 56, kMappingCount = 64;

// struct pt_regs of x86_64, in bytes.
constexpr uint32_t kRegistersSize = 168;
constexpr uint32_t kRegisterFrame = 32, kRegisterAddress = 128, kRegisterStack = 152;

constexpr const char* kNoTables =
    "No DWARF unwind data available for this process. Use -p or --dwarf-pid to specify target "
    "PIDs.";

}  // namespace

// How many loops inside each other this file makes for the probe.
uint32_t Lowering::unwind_loops() const {
  bool found = false;
  ast::for_each_expression(*probe_.source, [&](const ast::Expr& expr) {
    const ast::ExprInfo* known = probe_.expressions.find(expr.id);
    auto* use = known ? std::get_if<ast::BuiltinUse>(&known->use) : nullptr;
    found = found || (use && use->id == ast::BuiltinId::DwarfStack);
  });
  return found ? 1 : 0;
}

// All ones if left < right, else 0; both are far below 2^63.
llvm::Value* Lowering::mask_below(llvm::Value* left, llvm::Value* right) {
  return opaque(b_.CreateAShr(b_.CreateSub(left, right), 63));
}

llvm::Value* Lowering::pick(llvm::Value* mask, llvm::Value* yes, llvm::Value* no) {
  return b_.CreateXor(no, b_.CreateAnd(b_.CreateXor(yes, no), mask));
}

// Bit by bit from the highest: a position is taken if it is in range and not too high.
Address Lowering::search(const Search& array, llvm::Value* first, llvm::Value* count,
                         llvm::Value* wanted) {
  llvm::Value* mask =
      b_.CreateZExt(load({module_.constants(), array.mask_offset}, 4, true), b_.getInt64Ty());
  auto element = [&](llvm::Value* index) {
    llvm::Value* inside = b_.CreateAnd(opaque(b_.CreateAdd(first, index)), mask);
    llvm::Value* offset = b_.CreateMul(inside, constant(array.stride));
    return Address{b_.CreateGEP(b_.getInt8Ty(), array.start, opaque(offset)), 0, false};
  };
  llvm::Value* index = constant(0);
  llvm::Value* end = b_.CreateAdd(wanted, constant(1));
  for (uint32_t step = 1U << (array.steps - 1); step > 0; step /= 2) {
    llvm::Value* next = b_.CreateAdd(index, constant(step));
    llvm::Value* address = load(element(next), array.bytes);
    if (array.bytes < 8) address = b_.CreateZExt(address, b_.getInt64Ty());
    llvm::Value* taken = b_.CreateAnd(mask_below(next, count), mask_below(address, end));
    index = b_.CreateAdd(index, b_.CreateAnd(taken, constant(step)));
  }
  return element(index);
}

// Goes on only if `wrong` does not hold.
void Lowering::go_unless(llvm::Value* wrong, llvm::BasicBlock* otherwise) {
  llvm::BasicBlock* on = block("on");
  b_.CreateCondBr(wrong, otherwise, on);
  b_.SetInsertPoint(on);
}

// Leaves for `failed` if the memory cannot be read.
Address Lowering::read_user_words(llvm::Value* address, uint32_t bytes, llvm::BasicBlock* failed) {
  Address words = allocate_on_stack(bytes);
  llvm::Value* result = call(Helper::ProbeReadUser, {pointer(words), constant(bytes), address});
  go_unless(b_.CreateICmpNE(result, constant(0)), failed);
  return words;
}

void Lowering::unwind_signal_frame(const Address& own, llvm::BasicBlock* broken) {
  llvm::Value* place = b_.CreateAdd(load(own.at(kStack), 8), constant(ast::kSignalFrame));
  Address saved = read_user_words(place, ast::kSignalFrameSize, broken);
  store(load(saved.at(ast::kSignalAddress), 8), own.at(kAddress), 8);
  store(load(saved.at(ast::kSignalFramePointer), 8), own.at(kFrame), 8);
  store(load(saved.at(ast::kSignalStackPointer), 8), own.at(kStack), 8);
  store(constant(1), own.at(kExact), 8);
  b_.CreateBr(frame_.continue_to);
  b_.SetInsertPoint(block("unreachable"));
}

// Goes by a row's rule from the frame in the loop's context to its caller's. Choices between values
// are made by masks: each branch would double what the verifier has to look at.
void Lowering::unwind_to_caller(const Address& own, const Address& row, llvm::BasicBlock* broken) {
  llvm::Value* rule =
      b_.CreateZExt(load(row.at(offsetof(ast::UnwindRow, rule)), 2), b_.getInt64Ty());
  llvm::Value* kind = opaque(b_.CreateAnd(rule, constant((1 << ast::kFrameRuleBits) - 1)));
  auto number = [&](FrameRule wanted) { return constant(static_cast<uint64_t>(wanted)); };
  auto is = [&](FrameRule wanted) { return b_.CreateICmpEQ(kind, number(wanted)); };
  auto mask_of = [&](FrameRule wanted) {
    return mask_below(b_.CreateXor(kind, number(wanted)), constant(1));
  };
  go_unless(is(FrameRule::Outermost), frame_.exit);
  go_unless(is(FrameRule::Unknown), broken);
  when(
      is(FrameRule::Signal), [&] { unwind_signal_frame(own, broken); }, true);

  llvm::Value* stack = load(own.at(kStack), 8);
  llvm::Value* frame = load(own.at(kFrame), 8);
  llvm::Value* base = pick(mask_of(FrameRule::FramePointer), frame, stack);
  llvm::Value* offset = b_.CreateShl(b_.CreateLShr(rule, ast::kFrameRuleBits), 3);
  // Entries of .plt are 16 bytes long; behind the push, which ends at 11, there is a word more.
  llvm::Value* in_entry = b_.CreateAnd(load(own.at(kAddress), 8), constant(15));
  llvm::Value* pushed = b_.CreateAnd(b_.CreateAdd(in_entry, constant(16 - 11)), constant(16));
  llvm::Value* linkage = b_.CreateAdd(constant(8), b_.CreateLShr(pushed, 1));
  offset = pick(mask_of(FrameRule::Linkage), linkage, offset);
  llvm::Value* caller_stack = opaque(b_.CreateAdd(base, offset));
  // Stacks grow downwards: a caller's frame that lies deeper is none.
  go_unless(b_.CreateICmpULE(caller_stack, stack), broken);

  // A register that was not saved keeps its value; what is read in its place can always be read.
  llvm::Value* saved =
      b_.CreateSExt(load(row.at(offsetof(ast::UnwindRow, saved)), 2), b_.getInt64Ty());
  llvm::Value* was_saved = mask_below(saved, constant(0));
  llvm::Value* place = b_.CreateAdd(caller_stack, b_.CreateShl(saved, 3));
  Address old_frame = read_user_words(pick(was_saved, place, stack), 8, broken);
  Address address = read_user_words(b_.CreateSub(caller_stack, constant(8)), 8, broken);
  llvm::Value* caller = load(address, 8);
  go_unless(b_.CreateICmpEQ(caller, constant(0)), frame_.exit);
  store(pick(was_saved, load(old_frame, 8), frame), own.at(kFrame), 8);
  store(caller, own.at(kAddress), 8);
  store(caller_stack, own.at(kStack), 8);
  store(constant(0), own.at(kExact), 8);
}

// Writes an address as the next frame. There is room for a power of two of them.
void Lowering::note_frame(const Address& own, llvm::Value* address, uint32_t limit) {
  llvm::Value* count = load(own.at(kCount), 8);
  llvm::Value* place = b_.CreateAnd(opaque(count), constant(std::bit_ceil(limit) - 1));
  llvm::Value* frames = b_.CreateLoad(b_.getPtrTy(), pointer(own.at(kFrames)));
  store(address, {b_.CreateGEP(b_.getInt8Ty(), frames, b_.CreateShl(place, 3)), 0, false}, 8);
  store(forget(b_.CreateAdd(count, constant(1))), own.at(kCount), 8);
}

// One round: notes the frame, and goes to its caller.
void Lowering::unwind_frame(llvm::Function* function, uint32_t limit) {
  Address own{function->getArg(1), 0, true};
  const ProgramModule::Unwind& tables = module_.unwind();
  llvm::BasicBlock* broken = block("broken");
  llvm::Value* address = load(own.at(kAddress), 8);
  note_frame(own, address, limit);

  // Comparisons want numbers far below 2^63, as user addresses are.
  llvm::Value* at = b_.CreateAdd(b_.CreateSub(address, constant(1)), load(own.at(kExact), 8));
  go_unless(b_.CreateICmpNE(b_.CreateLShr(at, 47), constant(0)), broken);
  const Search in_mappings{tables.mappings, offsetof(image::Constants, unwind_mapping_mask),
                           sizeof(ast::UnwindMapping), 8, ast::kUnwindMappingSteps};
  llvm::Value* mappings = load(own.at(kMappingCount), 8);
  Address mapping = search(in_mappings, load(own.at(kFirstMapping), 8), mappings, at);
  auto half = [&](const Address& word) { return b_.CreateZExt(load(word, 4), b_.getInt64Ty()); };
  auto word = [&](uint32_t offset) { return load(mapping.at(offset), 8); };
  llvm::Value* wanted = b_.CreateSub(at, word(offsetof(ast::UnwindMapping, base)));
  llvm::Value* outside =
      b_.CreateOr(mask_below(at, word(offsetof(ast::UnwindMapping, begin))),
                  b_.CreateNot(mask_below(at, word(offsetof(ast::UnwindMapping, end)))));
  outside = b_.CreateOr(outside, b_.CreateLShr(wanted, 32));
  outside = b_.CreateOr(outside, mask_below(mappings, constant(1)));

  const Search in_rows{tables.rows, offsetof(image::Constants, unwind_row_mask),
                       sizeof(ast::UnwindRow), 4, ast::kUnwindRowSteps};
  Address row = search(in_rows, half(mapping.at(offsetof(ast::UnwindMapping, first_row))),
                       half(mapping.at(offsetof(ast::UnwindMapping, row_count))), wanted);
  llvm::Value* before = mask_below(wanted, half(row.at(offsetof(ast::UnwindRow, address))));
  go_unless(b_.CreateICmpNE(opaque(b_.CreateOr(outside, before)), constant(0)), broken);
  unwind_to_caller(own, row, broken);
  b_.CreateBr(frame_.continue_to);

  b_.SetInsertPoint(broken);
  when(b_.CreateICmpULT(load(own.at(kCount), 8), constant(limit)),
       [&] { note_frame(own, constant(ast::kUnwindFailure), limit); });
  b_.CreateBr(frame_.exit);
  b_.SetInsertPoint(block("unreachable"));
}

// {uint64 frames; uint64 process; addresses}
void Lowering::unwind_stack(const ast::Expr& expr, const Address& to) {
  const uint32_t limit = type(expr).stack_limit;
  llvm::Value* process = b_.CreateLShr(process_and_thread(false), 32);
  store(constant(0), to, 8);
  store(process, to.at(8), 8);
  Address frames = allocate_scratch(8 * std::bit_ceil(limit));
  zero(frames, 8 * limit);
  Address key = allocate_on_stack(8);
  store(process, key, 8);
  llvm::Value* found = call(Helper::MapLookup, {module_.unwind().processes, pointer(key)});
  llvm::BasicBlock* missing = block("missing");
  llvm::BasicBlock* present = block("present");
  llvm::BasicBlock* after = block("after");
  b_.CreateCondBr(b_.CreateIsNull(found), missing, present);
  b_.SetInsertPoint(missing);
  runtime_error(kNoTables);
  b_.CreateBr(after);

  b_.SetInsertPoint(present);
  Address place{found, 0, false};
  auto half = [&](uint32_t offset) {
    return b_.CreateZExt(load(place.at(offset), 4), b_.getInt64Ty());
  };
  llvm::Value* first = half(offsetof(ast::UnwindProcess, first_mapping));
  llvm::Value* count = half(offsetof(ast::UnwindProcess, mapping_count));
  // The registers as they were when the task came from user space.
  Address registers = allocate_scratch(kRegistersSize);
  llvm::Value* saved = call(Helper::TaskPtRegs, {call(Helper::GetTaskBtf, {})});
  call(Helper::ProbeReadKernel, {pointer(registers), constant(kRegistersSize), saved});
  // Programs may ask for several stacks: each has this memory only for as long as it takes.
  constexpr uint32_t kContextSize = kMappingCount + 8;
  Address loop = allocate_on_stack(kContextSize);
  b_.CreateLifetimeStart(loop.base, constant(kContextSize));
  b_.CreateStore(frame_.captures, loop.base);
  uint32_t offset = kFrames;
  for (llvm::Value* word : std::initializer_list<llvm::Value*>{
           pointer(frames), load(registers.at(kRegisterAddress), 8),
           load(registers.at(kRegisterStack), 8), load(registers.at(kRegisterFrame), 8),
           constant(0), constant(1), first, count}) {
    b_.CreateStore(word, pointer(loop.at(offset)));
    offset += 8;
  }
  Callback round{location_, {"index", "loop"}, 1, {}};
  round.code = [&](llvm::Function* function) { unwind_frame(function, limit); };
  llvm::Function* function = lower_callback(round);
  call(Helper::Loop, {constant(limit), function, pointer(loop), constant(0)});
  store(opaque(load(loop.at(kCount), 8)), to, 8);
  b_.CreateLifetimeEnd(loop.base, constant(kContextSize));
  b_.CreateBr(after);
  b_.SetInsertPoint(after);
  Value written = reference(Place::Memory, pointer(frames), 0, type(expr));
  copy(to.at(16), written, 8 * limit);
}

}  // namespace gimlet::codegen
