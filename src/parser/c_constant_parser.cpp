// Constant expressions, by precedence climbing. `(x)` before something that can begin an operand
// may be a cast to a typedef; as C knows its typedefs and this parser does not, only C's own type
// words and tagged types are taken as types there.
#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "parser/c_declarations.h"

namespace gimlet::parser {
namespace {

// Expressions are walked by recursion.
constexpr int kMaxOperators = 1000;

struct Operator {
  std::string_view text;
  ast::BinaryOp op;
  int precedence;
};

constexpr Operator kOperators[] = {
    {"*", ast::BinaryOp::Multiply, 10},     {"/", ast::BinaryOp::Divide, 10},
    {"%", ast::BinaryOp::Modulo, 10},       {"+", ast::BinaryOp::Add, 9},
    {"-", ast::BinaryOp::Subtract, 9},      {"<<", ast::BinaryOp::ShiftLeft, 8},
    {">>", ast::BinaryOp::ShiftRight, 8},   {"<", ast::BinaryOp::Less, 7},
    {"<=", ast::BinaryOp::LessEqual, 7},    {">", ast::BinaryOp::Greater, 7},
    {">=", ast::BinaryOp::GreaterEqual, 7}, {"==", ast::BinaryOp::Equal, 6},
    {"!=", ast::BinaryOp::NotEqual, 6},     {"&", ast::BinaryOp::BitAnd, 5},
    {"^", ast::BinaryOp::BitXor, 4},        {"|", ast::BinaryOp::BitOr, 3},
    {"&&", ast::BinaryOp::LogicalAnd, 2},   {"||", ast::BinaryOp::LogicalOr, 1},
};

const Operator* operator_of(const CToken& token) {
  if (token.kind != CToken::Kind::Symbol) return nullptr;
  for (const Operator& entry : kOperators) {
    if (entry.text == token.text) return &entry;
  }
  return nullptr;
}

// The suffix of a number: any of u, l, ll, ul, ... False if it is none.
bool read_suffix(std::string_view suffix, bool& is_unsigned, bool& wide) {
  int unsigneds = 0, longs = 0;
  for (const char c : suffix) {
    unsigneds += c == 'u' || c == 'U';
    longs += c == 'l' || c == 'L';
    if (c != 'u' && c != 'U' && c != 'l' && c != 'L') return false;
  }
  is_unsigned = unsigneds > 0;
  wide = longs > 0;
  return unsigneds <= 1 && longs <= 2;
}

}  // namespace

std::optional<ast::CConstant> CDeclarations::parse_condition(base::SourceRange line) {
  condition_ = true;
  if (at_end()) {
    fail(line, "syntax: this line needs a condition");
    return std::nullopt;
  }
  ast::CConstant result = constant();
  if (!at_end()) fail_here("an operator or the end of the line");
  if (failed_) return std::nullopt;
  return result;
}

ast::CConstant CDeclarations::constant() {
  const Level level(*this);
  if (too_deep()) return {};
  if (expressions_++ == 0) operators_ = 0;
  const CToken first = peek();
  ast::CConstant condition = binary(1);
  if (!failed_ && accept("?")) {
    ast::CConstant choice;
    choice.kind = ast::CConstant::Kind::Conditional;
    choice.operands.push_back(std::move(condition));
    choice.operands.push_back(constant());
    if (!failed_) expect(":", "of this '?'");
    choice.operands.push_back(constant());
    choice.range = since(first);
    condition = std::move(choice);
  }
  --expressions_;
  return condition;
}

ast::CConstant CDeclarations::binary(int lowest) {
  const CToken first = peek();
  ast::CConstant left = prefix();
  for (;;) {
    const Operator* found = failed_ ? nullptr : operator_of(peek());
    if (!found || found->precedence < lowest) return left;
    if (++operators_ > kMaxOperators) {
      fail(peek().range, "this expression is too long");
      return {};
    }
    take();
    ast::CConstant whole;
    whole.kind = ast::CConstant::Kind::Binary;
    whole.binary = found->op;
    whole.operands.push_back(std::move(left));
    whole.operands.push_back(binary(found->precedence + 1));
    whole.range = since(first);
    left = std::move(whole);
  }
}

ast::CConstant CDeclarations::prefix() {
  const Level level(*this);
  if (too_deep()) return {};
  const CToken first = peek();
  if (accept("+")) return prefix();
  const bool is_operator = first.is("-") || first.is("~") || first.is("!");
  const bool is_cast = first.is("(") && !condition_ && [&] {
    ++at_;
    const bool type = at_type();
    --at_;
    return type;
  }();
  if (!is_operator && !is_cast) return primary();
  take();
  ast::CConstant whole;
  whole.kind = is_cast ? ast::CConstant::Kind::Cast : ast::CConstant::Kind::Unary;
  whole.unary = first.is("-")   ? ast::UnaryOp::Negate
                : first.is("~") ? ast::UnaryOp::BitNot
                                : ast::UnaryOp::LogicalNot;
  if (is_cast) {
    whole.type = std::make_shared<ast::CTypeName>(type_name());
    if (failed_ || !expect(")", "after the type of the cast")) return {};
  }
  whole.operands.push_back(prefix());
  whole.range = since(first);
  return whole;
}

ast::CConstant CDeclarations::primary() {
  if (peek().kind == CToken::Kind::Number) return number(take());
  if (peek().kind == CToken::Kind::Character) return character(take());
  if (accept("(")) {
    ast::CConstant inner = constant();
    if (!failed_) expect(")", "in this expression");
    return inner;
  }
  const bool size = peek().is("sizeof");
  if (!condition_ && (size || peek().is("_Alignof") || peek().is("__alignof__"))) return size_of();
  if (at_word()) {
    const CToken token = take();
    if (peek().is("(")) {
      fail(token.range, fmt::format("'{}(...)' is not a constant expression", token.text))
          .hint(condition_ ? "conditions do not see the macros of included headers" : "");
      return {};
    }
    ast::CConstant name;
    name.kind = ast::CConstant::Kind::Name;
    name.range = token.range;
    name.name = token.text;
    return name;
  }
  fail_here("a constant expression");
  return {};
}

ast::CConstant CDeclarations::size_of() {
  const CToken keyword = take();
  ast::CConstant whole;
  whole.kind =
      keyword.text == "sizeof" ? ast::CConstant::Kind::SizeOf : ast::CConstant::Kind::AlignOf;
  if (!expect("(", fmt::format("after {}", keyword.text))) return {};
  whole.type = std::make_shared<ast::CTypeName>(type_name());
  if (!failed_) expect(")", fmt::format("of {}", keyword.text));
  whole.range = since(keyword);
  return whole;
}

ast::CConstant CDeclarations::number(const CToken& token) {
  std::string_view digits = token.text;
  int base = 10;
  if (digits.starts_with("0x") || digits.starts_with("0X")) {
    base = 16;
    digits.remove_prefix(2);
  } else if (digits.starts_with("0b") || digits.starts_with("0B")) {
    base = 2;
    digits.remove_prefix(2);
  } else if (digits.starts_with('0')) {
    base = 8;
  }
  ast::CConstant constant;
  constant.range = token.range;
  auto& [bits, is_unsigned, wide] = constant.value;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, bits, base);
  if (error == std::errc::result_out_of_range) {
    fail(token.range, "this number does not fit into 64 bits");
    return constant;
  }
  const std::string_view suffix(stop, static_cast<size_t>(end - stop));
  if (error != std::errc{} || !read_suffix(suffix, is_unsigned, wide)) {
    fail(token.range, fmt::format("'{}' is not an integer", token.text));
    return constant;
  }
  // The first of int, unsigned (not for decimal numbers), long, unsigned long that fits.
  wide =
      wide || condition_ || bits > UINT32_MAX || (bits > INT32_MAX && !is_unsigned && base == 10);
  if (!wide && bits > INT32_MAX) is_unsigned = true;
  if (wide && bits > INT64_MAX) is_unsigned = true;
  if (!wide && !is_unsigned) bits = static_cast<uint64_t>(int64_t{static_cast<int32_t>(bits)});
  return constant;
}

ast::CConstant CDeclarations::character(const CToken& token) {
  constexpr std::pair<char, char> escapes[] = {{'n', '\n'},  {'t', '\t'},  {'r', '\r'}, {'0', '\0'},
                                               {'a', '\a'},  {'b', '\b'},  {'f', '\f'}, {'v', '\v'},
                                               {'\\', '\\'}, {'\'', '\''}, {'"', '"'}};
  const std::string_view inner = token.text.substr(1, token.text.size() - 2);
  ast::CConstant constant;
  constant.range = token.range;
  constant.value.wide = condition_;
  std::optional<char> value;
  if (inner.size() == 1) value = inner[0];
  if (inner.size() == 2 && inner[0] == '\\') {
    for (const auto& [letter, meaning] : escapes) {
      if (letter == inner[1]) value = meaning;
    }
  }
  if (!value) {
    fail(token.range, fmt::format("{} is not a character that is understood here", token.text));
    return constant;
  }
  constant.value.bits = static_cast<uint64_t>(int64_t{static_cast<signed char>(*value)});
  return constant;
}

}  // namespace gimlet::parser
