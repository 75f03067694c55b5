// Functions on strings and bytes, and names for numbers of the system (probes-and-stdlib B5.2).
#include <algorithm>
#include <bit>

#include "ast/system_names.h"
#include "codegen/lower_builtins.h"
#include "codegen/text_value.h"

namespace gimlet::codegen {
namespace {

using ast::TypeKind;

llvm::Value* widened(Lowering& l, llvm::Value* truth) {
  return l.builder().CreateZExt(truth, l.builder().getInt64Ty());
}

uint32_t count_of(Lowering& l, const ast::Expr& expr) {
  return std::get<ast::BuiltinUse>(l.info(expr).use).index;
}

// The characters of a literal before its first NUL; null for other expressions.
std::optional<std::string> literal_text(Lowering& l, const ast::Expr& expr) {
  const auto& constant = l.info(expr).constant;
  auto* text = constant ? std::get_if<std::string>(&*constant) : nullptr;
  if (!text) return std::nullopt;
  return text->substr(0, text->find('\0'));
}

// What a buffer keeps in front of its bytes: their number.
constexpr uint32_t kBufferHeader = 4;

// Any value as bytes in memory.
Address bytes_of(Lowering& l, const ast::Expr& expr) {
  const ast::Type& type = l.type(expr);
  if (!in_register(type)) {
    Address memory = l.in_memory(l.lower(expr)).address;
    return type.is(TypeKind::Buffer) ? memory.at(kBufferHeader) : memory;
  }
  Address memory = l.allocate(8);
  l.store(l.lower_number(expr), memory, 8);
  return memory;
}

}  // namespace

llvm::Value* lower_strlen(Lowering& l, const ast::Expr& expr) {
  const ast::Expr& source = *argument(expr, 0);
  if (auto literal = literal_text(l, source)) return l.constant(literal->size());
  return lower_text(l, source, UINT32_MAX).length;
}

llvm::Value* lower_strncmp(Lowering& l, const ast::Expr& expr) {
  const uint32_t count = count_of(l, expr);
  if (count == 0) return l.constant(0);
  auto left_literal = literal_text(l, *argument(expr, 0));
  auto right_literal = literal_text(l, *argument(expr, 1));
  if (left_literal && right_literal) {
    return l.constant(left_literal->substr(0, count) == right_literal->substr(0, count) ? 0 : 1);
  }
  auto side = [&](size_t index) {
    Value value = l.in_memory(l.lower(*argument(expr, index)));
    value.type.size = std::min(value.type.size, count);
    return value;
  };
  Value left = side(0);
  Value right = side(1);
  return widened(l, l.builder().CreateNot(l.memory_strings_equal(left, right)));
}

llvm::Value* lower_strstr(Lowering& l, const ast::Expr& expr) {
  TextValue haystack = lower_text(l, *argument(expr, 0), UINT32_MAX);
  TextValue needle = lower_text(l, *argument(expr, 1), UINT32_MAX);
  return find_text(l, haystack, needle);
}

// The second text is written behind the first one with room for all of it; what is too much is cut.
void lower_str_concat(Lowering& l, const ast::Expr& expr, const Address& to, bool padded) {
  llvm::IRBuilder<>& b = l.builder();
  const uint32_t size = l.type(expr).size;
  TextValue first = lower_text(l, *argument(expr, 0), size);
  TextValue second = lower_text(l, *argument(expr, 1), size);
  Address both = l.allocate_scratch(2 * size);
  llvm::Value* start = l.opaque(l.pointer(both));
  auto append = [&](const TextValue& text, llvm::Value* place) {
    l.call(Helper::ProbeReadKernel, {place, l.constant(text.size), l.pointer(text.bytes)});
  };
  auto place_of = [&](llvm::Value* length) {
    return b.CreateGEP(b.getInt8Ty(), start, l.clamp(length, size - 1));
  };
  append(first, start);
  append(second, place_of(first.length));
  llvm::Value* end = place_of(b.CreateAdd(first.length, second.length));
  l.store(l.constant(0), {end, 0, false}, 1);
  Value result = l.reference(Place::Memory, nullptr, 0, ast::string_type(size));
  result.address = both;
  if (padded) l.zero(to, size);
  l.copy_string(to, size, result);
}

// Byte by byte from the end, so that the first difference is the one that stays.
llvm::Value* lower_memcmp(Lowering& l, const ast::Expr& expr) {
  llvm::IRBuilder<>& b = l.builder();
  const uint32_t count = count_of(l, expr);
  llvm::Value* left = l.opaque(l.pointer(bytes_of(l, *argument(expr, 0))));
  llvm::Value* right = l.opaque(l.pointer(bytes_of(l, *argument(expr, 1))));
  Address result = l.allocate(8);
  l.store(l.constant(0), result, 8);
  ast::Type byte = ast::integer_type(1, true);
  l.repeat(l.constant(count), [&](llvm::Value* index) {
    llvm::Value* place = b.CreateSub(l.constant(count - 1), index);
    auto at = [&](llvm::Value* start) {
      return l.extend(l.load({b.CreateGEP(b.getInt8Ty(), start, place), 0, false}, 1), byte);
    };
    llvm::Value* difference = b.CreateSub(at(left), at(right));
    llvm::Value* same = b.CreateICmpEQ(difference, l.constant(0));
    l.store(b.CreateSelect(same, l.load(result, 8), difference), result, 8);
  });
  return l.load(result, 8);
}

llvm::Value* lower_bswap(Lowering& l, const ast::Expr& expr) {
  llvm::IRBuilder<>& b = l.builder();
  const uint32_t size = l.type(expr).size;
  llvm::Value* number = l.lower_number(*argument(expr, 0));
  if (size == 1) return b.CreateAnd(number, l.constant(0xff));
  llvm::Value* part = b.CreateTrunc(number, l.integer(size));
  return b.CreateZExt(b.CreateUnaryIntrinsic(llvm::Intrinsic::bswap, part), b.getInt64Ty());
}

namespace {

// The text for a number, from a table; the entry behind the last one is for all other numbers.
void copy_name(Lowering& l, const char* label, const ast::NameTable& table, llvm::Value* number,
               const Address& to, uint32_t size) {
  llvm::IRBuilder<>& b = l.builder();
  std::vector<std::string> texts;
  size_t longest = table.unknown.size();
  for (const std::string& name : table.names) {
    texts.push_back(name.empty() ? table.unknown : name);
    longest = std::max(longest, name.size());
  }
  texts.push_back(table.unknown);
  uint32_t stride = std::min(size, static_cast<uint32_t>(longest / 8 * 8 + 8));
  llvm::Value* index = l.clamp(number, texts.size() - 1);
  llvm::GlobalVariable* bytes = l.module().text_table(label, texts, stride);
  llvm::Value* offset = b.CreateMul(index, l.constant(stride));
  Value text = l.reference(Place::Memory, b.CreateGEP(b.getInt8Ty(), bytes, offset), 0,
                           ast::string_type(stride));
  l.copy(to, text, stride);
  l.zero(to.at(stride), size - stride);
}

}  // namespace

void lower_strerror(Lowering& l, const ast::Expr& expr, const Address& to, bool) {
  llvm::IRBuilder<>& b = l.builder();
  llvm::Value* number = l.lower_number(*argument(expr, 0));
  llvm::Value* negative = b.CreateICmpSLT(number, l.constant(0));
  number = b.CreateSelect(negative, b.CreateNeg(number), number);
  copy_name(l, "error_names", ast::error_names(), number, to, l.type(expr).size);
}

void lower_signal_name(Lowering& l, const ast::Expr& expr, const Address& to, bool) {
  llvm::Value* number = l.lower_number(*argument(expr, 0));
  copy_name(l, "signal_names", ast::signal_names(), number, to, l.type(expr).size);
}

void lower_syscall_name(Lowering& l, const ast::Expr& expr, const Address& to, bool) {
  llvm::Value* number = l.lower_number(*argument(expr, 0));
  copy_name(l, "syscall_names", ast::system_call_names(), number, to, l.type(expr).size);
}

}  // namespace gimlet::codegen
