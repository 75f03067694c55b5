// Programs of iterators (probes-and-stdlib B2.13): their context, and printf.
//
// The context's members are the object that the program runs for. Most iterators call once more at
// the end, with null pointers; reading such a member ends that run. What printf makes goes into the
// iterator's own file, formatted by the kernel. The kernel takes at most 12 values and 512 bytes of
// strings at a time, and only plain text between them: longer formats become several calls.
#include <cctype>

#include "ast/format.h"
#include "codegen/lowering.h"

namespace gimlet::codegen {
namespace {

constexpr size_t kMostArguments = 12;       // MAX_BPRINTF_VARARGS of the kernel
constexpr uint32_t kMostStringBytes = 400;  // MAX_BPRINTF_BIN_ARGS, less room for 12 numbers
constexpr int64_t kOverflow = -75;          // EOVERFLOW

// One call: text alone, or a format with its arguments.
struct Part {
  std::string text;
  std::vector<const ast::Expr*> arguments;
  uint32_t string_bytes = 0;
};

bool is_plain(const std::string& text) {
  for (unsigned char c : text) {
    if (c > 126 || (!std::isprint(c) && !std::isspace(c))) return false;
  }
  return true;
}

std::string without_conversions(const std::string& text) {
  std::string out;
  for (char c : text) out += c == '%' ? "%%" : std::string(1, c);
  return out;
}

// Puts a literal behind the last format, or makes it a part of its own. A part without arguments
// is written as it is, so `%` is doubled only behind a conversion.
void add_text(std::vector<Part>& parts, const std::string& text) {
  if (text.empty()) return;
  bool joins = is_plain(text) && !parts.empty() && !parts.back().arguments.empty();
  if (joins) {
    parts.back().text += without_conversions(text);
  } else {
    parts.push_back({text, {}, 0});
  }
}

void add_argument(std::vector<Part>& parts, const std::string& specification,
                  const ast::Expr* argument, const ast::Type& type) {
  uint32_t bytes = type.is(ast::TypeKind::String) ? type.size : 0;
  bool fresh = parts.empty() || parts.back().arguments.size() == kMostArguments ||
               (bytes > 0 && parts.back().string_bytes + bytes > kMostStringBytes &&
                parts.back().string_bytes > 0);
  if (!fresh && parts.back().arguments.empty()) {
    // Text so far: it becomes the beginning of a format if the kernel takes it there.
    fresh = !is_plain(parts.back().text);
    if (!fresh) parts.back().text = without_conversions(parts.back().text);
  }
  if (fresh) parts.push_back({});
  parts.back().text += specification;
  parts.back().arguments.push_back(argument);
  parts.back().string_bytes += bytes;
}

// ctx.meta.seq; every context begins with `meta`, and that with `seq`.
llvm::Value* sequence_file(Lowering& l) {
  llvm::IRBuilder<>& b = l.builder();
  llvm::Value* meta = l.load({l.context(), 0, true}, 8, true);
  return l.load({b.CreateIntToPtr(meta, b.getPtrTy()), 0, false}, 8, true);
}

llvm::Value* sequence_argument(Lowering& l, const ast::Expr& expr) {
  const ast::Type& type = l.type(expr);
  if (!type.is(ast::TypeKind::String)) return l.lower_bits(expr);
  // A string that was cut has no NUL of its own.
  Address text = l.allocate(type.size + 1);
  l.lower_into(expr, type, text, false);
  l.store(l.constant(0), text.at(type.size), 1);
  return l.builder().CreatePtrToInt(l.pointer(text), l.builder().getInt64Ty());
}

// If the file is full the kernel runs the program again for the same object, with an empty one.
void check_result(Lowering& l, const char* helper, llvm::Value* result) {
  llvm::IRBuilder<>& b = l.builder();
  llvm::Value* failed =
      b.CreateAnd(b.CreateICmpSLT(result, l.constant(0)),
                  b.CreateICmpNE(result, l.constant(static_cast<uint64_t>(kOverflow))));
  l.when(
      failed, [&] { l.helper_error(helper, result); }, true);
}

void put_text(Lowering& l, const std::string& text) {
  llvm::Value* result =
      l.call(Helper::SeqWrite, {sequence_file(l), l.module().text(text), l.constant(text.size())});
  check_result(l, "seq_write", result);
}

void put_formatted(Lowering& l, const Part& part) {
  auto bytes = static_cast<uint32_t>(8 * part.arguments.size());
  Address values = l.allocate(bytes);
  for (uint32_t i = 0; i < part.arguments.size(); i++) {
    l.store(sequence_argument(l, *part.arguments[i]), values.at(8 * i), 8);
  }
  llvm::Value* result = l.call(
      Helper::SeqPrintf, {sequence_file(l), l.module().text(part.text),
                          l.constant(part.text.size() + 1), l.pointer(values), l.constant(bytes)});
  check_result(l, "seq_printf", result);
}

}  // namespace

Value Lowering::iterator_member(const Value& base, const ast::Field& field, const ast::Type& type) {
  Value member = field_of(base, field, type);
  if (!type.is(ast::TypeKind::Pointer) || member.place != Place::Register) return member;
  when(
      b_.CreateICmpEQ(member.bits(), constant(0)), [&] { leave(nullptr); }, true);
  member.trusted = type.element->is(ast::TypeKind::Struct);
  member.maybe_null = false;
  return member;
}

void Lowering::print_to_iterator(const ast::Expr& expr, uint32_t event) {
  const auto& call = std::get<ast::Call>(expr.node);
  std::vector<Part> parts;
  size_t next = 1;
  for (const ast::FormatPiece& piece : ast::parse_format(module_.event(event).format)) {
    add_text(parts, piece.literal);
    if (piece.conversion.empty() || next >= call.arguments.size()) continue;
    const ast::Expr* argument = call.arguments[next++].get();
    add_argument(parts, piece.specification, argument, type(*argument));
  }
  for (const Part& part : parts) {
    TemporaryMark mark = mark_temporaries();
    if (part.arguments.empty()) {
      put_text(*this, part.text);
    } else {
      put_formatted(*this, part);
    }
    release_temporaries(mark);
  }
}

}  // namespace gimlet::codegen
