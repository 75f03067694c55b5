#include "codegen/text_value.h"

#include <algorithm>
#include <bit>

#include "ast/string_size.h"

namespace gimlet::codegen {
namespace {

using ast::TypeKind;

// What the rounds of a search share, in scratch memory: there the verifier does not try to follow
// every value that the counters can take.
constexpr uint32_t kStart = 0;    // where in the haystack the needle is tried
constexpr uint32_t kMatched = 8;  // how many of its characters fit there
constexpr uint32_t kFound = 16;
constexpr uint32_t kHaystackLength = 24;
constexpr uint32_t kNeedleLength = 32;
constexpr uint32_t kStateSize = 40;

constexpr uint64_t kMostRounds = 1 << 23;  // BPF_MAX_LOOPS

// A byte at an index, which the mask keeps inside the memory.
llvm::Value* byte_at(llvm::IRBuilder<>& b, llvm::Value* start, llvm::Value* index, uint32_t size) {
  llvm::Value* inside = b.CreateAnd(Lowering::opaque_in(b, index), b.getInt64(size - 1));
  return b.CreateLoad(b.getInt8Ty(), b.CreateGEP(b.getInt8Ty(), start, inside));
}

// One round compares one character, and goes on to the next one or to the next start. Its context
// holds pointers to the state, the haystack and the needle.
llvm::Function* search_round(Lowering& l, uint32_t haystack_size, uint32_t needle_size) {
  ProgramModule& module = l.module();
  llvm::LLVMContext& context = module.context();
  llvm::IRBuilder<> b(context);
  auto* type = llvm::FunctionType::get(b.getInt64Ty(), {b.getInt64Ty(), b.getPtrTy()}, false);
  auto* function = llvm::Function::Create(type, llvm::GlobalValue::InternalLinkage,
                                          l.probe().name + "_search", module.llvm());
  function->setSection(".text");
  function->addFnAttr(llvm::Attribute::NoUnwind);
  function->addFnAttr(llvm::Attribute::NoInline);
  auto* subprogram = module.debug().callback(*function, {"index", "texts"}, l.location());
  auto block = [&](const char* name) { return llvm::BasicBlock::Create(context, name, function); };
  llvm::BasicBlock* entry = block("entry");
  llvm::BasicBlock* room = block("room");
  llvm::BasicBlock* compare = block("compare");
  llvm::BasicBlock* same = block("same");
  llvm::BasicBlock* differ = block("differ");
  llvm::BasicBlock* found = block("found");
  llvm::BasicBlock* stop = block("stop");
  b.SetInsertPoint(entry);
  b.SetCurrentDebugLocation(module.debug().location(subprogram, l.location()));
  auto pointer_at = [&](uint32_t offset) {
    llvm::Value* place = b.CreateConstInBoundsGEP1_64(b.getInt8Ty(), function->getArg(1), offset);
    return b.CreateLoad(b.getPtrTy(), place);
  };
  llvm::Value* state = pointer_at(0);
  llvm::Value* haystack = pointer_at(8);
  llvm::Value* needle = pointer_at(16);
  auto word = [&](uint32_t offset) {
    return b.CreateConstInBoundsGEP1_64(b.getInt8Ty(), state, offset);
  };
  auto load = [&](uint32_t offset) { return b.CreateLoad(b.getInt64Ty(), word(offset)); };
  llvm::Value* start = load(kStart);
  llvm::Value* matched = load(kMatched);
  b.CreateCondBr(b.CreateICmpUGE(matched, load(kNeedleLength)), found, room);
  b.SetInsertPoint(room);
  llvm::Value* place = b.CreateAdd(start, matched);
  b.CreateCondBr(b.CreateICmpUGE(place, load(kHaystackLength)), stop, compare);
  b.SetInsertPoint(compare);
  llvm::Value* left = byte_at(b, haystack, place, haystack_size);
  llvm::Value* right = byte_at(b, needle, matched, needle_size);
  b.CreateCondBr(b.CreateICmpEQ(left, right), same, differ);
  b.SetInsertPoint(same);
  b.CreateStore(b.CreateAdd(matched, b.getInt64(1)), word(kMatched));
  b.CreateRet(b.getInt64(0));
  b.SetInsertPoint(differ);
  b.CreateStore(b.CreateAdd(start, b.getInt64(1)), word(kStart));
  b.CreateStore(b.getInt64(0), word(kMatched));
  b.CreateRet(b.getInt64(0));
  b.SetInsertPoint(found);
  b.CreateStore(b.getInt64(1), word(kFound));
  b.CreateBr(stop);
  b.SetInsertPoint(stop);
  b.CreateRet(b.getInt64(1));
  return function;
}

}  // namespace

TextValue lower_text(Lowering& l, const ast::Expr& expr, uint32_t limit) {
  llvm::IRBuilder<>& b = l.builder();
  const ast::Type& type = l.type(expr);
  uint32_t capacity = l.config().max_strlen;
  if (type.is(TypeKind::String)) capacity = type.size;
  if (type.is(TypeKind::Array)) capacity = type.length > 0 ? type.length : capacity;
  Place place = l.place_of(type.space);
  llvm::Value* address = nullptr;
  if (type.is(TypeKind::Pointer)) {
    address = l.lower_bits(expr);
  } else {
    Value value = l.lower(expr);
    if (value.type.is(TypeKind::String)) capacity = value.type.size;
    bool kernel = value.place == Place::Context || value.place == Place::Trusted;
    place = kernel ? Place::Kernel : value.place;
    address = l.address_of(value);
  }
  capacity = std::max(1U, std::min(capacity, limit));
  TextValue text;
  text.size = std::bit_ceil(std::max(capacity, 8U));
  text.bytes = l.allocate_scratch(text.size);
  llvm::Value* bytes =
      l.read_string(text.bytes, l.constant(capacity), capacity, place, address, true);
  // The last byte is the NUL, unless the text was cut.
  llvm::Value* last = b.CreateSub(bytes, l.constant(1));
  llvm::Value* inside = b.CreateAnd(l.opaque(last), l.constant(text.size - 1));
  llvm::Value* start = l.opaque(l.pointer(text.bytes));
  llvm::Value* end = l.load({b.CreateGEP(b.getInt8Ty(), start, inside), 0, false}, 1);
  llvm::Value* cut = b.CreateICmpNE(end, b.getInt8(0));
  // A cut string of the default size, or of a larger one, is shown without its last byte.
  const bool gives_way = type.is(TypeKind::String) && type.length == 0 &&
                         ast::last_byte_gives_way(capacity, l.config().max_strlen);
  llvm::Value* length = gives_way ? last : b.CreateSelect(cut, bytes, last);
  text.length = b.CreateSelect(b.CreateICmpEQ(bytes, l.constant(0)), l.constant(0), length);
  return text;
}

llvm::Value* find_text(Lowering& l, const TextValue& haystack, const TextValue& needle) {
  llvm::IRBuilder<>& b = l.builder();
  Address state = l.allocate_scratch(kStateSize);
  l.store(l.constant(0), state.at(kStart), 8);
  l.store(l.constant(0), state.at(kMatched), 8);
  l.store(l.constant(0), state.at(kFound), 8);
  l.store(haystack.length, state.at(kHaystackLength), 8);
  l.store(needle.length, state.at(kNeedleLength), 8);
  Address texts = l.allocate_on_stack(24);
  uint32_t offset = 0;
  for (const Address& part : {state, haystack.bytes, needle.bytes}) {
    b.CreateStore(l.pointer(part), l.pointer(texts.at(offset)));
    offset += 8;
  }
  // Each start may match all of the needle but its last character.
  llvm::Value* starts = b.CreateAdd(haystack.length, l.constant(1));
  llvm::Value* rounds = b.CreateMul(starts, b.CreateAdd(needle.length, l.constant(1)));
  rounds = b.CreateSelect(b.CreateICmpUGT(rounds, l.constant(kMostRounds)), l.constant(kMostRounds),
                          rounds);
  llvm::Function* round = search_round(l, haystack.size, needle.size);
  l.call(Helper::Loop, {l.opaque(rounds), round, l.pointer(texts), l.constant(0)});
  llvm::Value* found = b.CreateICmpNE(l.load(state.at(kFound), 8, true), l.constant(0));
  return b.CreateSelect(found, l.load(state.at(kStart), 8, true), l.constant(~0ULL));
}

}  // namespace gimlet::codegen
