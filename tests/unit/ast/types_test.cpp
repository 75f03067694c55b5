// Unit tests of types, promotion, folding, formats, tables and map layouts.
#include <catch2/catch_test_macros.hpp>
#include <set>

#include "ast/builtin.h"
#include "ast/format.h"
#include "ast/map_plan.h"
#include "ast/promote.h"
#include "ast/provider.h"
#include "ast/sema/fold.h"

using namespace gimlet::ast;
using gimlet::ast::sema::fold_binary;
using gimlet::ast::sema::fold_unary;

namespace {

Type i(uint32_t bytes) { return integer_type(bytes, true); }
Type u(uint32_t bytes) { return integer_type(bytes, false); }
Constant n(int64_t value) { return IntegerConstant{static_cast<uint64_t>(value), value < 0}; }
std::string promoted(const Type& a, const Type& b) {
  auto type = promote(a, b);
  return type ? type_name(*type) : "none";
}

}  // namespace

TEST_CASE("literals get the smallest type that holds them") {
  CHECK(type_name(literal_integer_type(127)) == "int8");
  CHECK(type_name(literal_integer_type(128)) == "int16");
  CHECK(type_name(literal_integer_type(1ULL << 31)) == "int64");
  CHECK(type_name(literal_integer_type(UINT64_MAX)) == "uint64");
  CHECK(type_name(negative_literal_type(-128)) == "int8");
  CHECK(type_name(negative_literal_type(-129)) == "int16");
}

TEST_CASE("promotion of storage") {
  CHECK(promoted(u(4), i(4)) == "int64");
  CHECK(promoted(u(1), i(4)) == "int32");
  CHECK(promoted(u(8), i(8)) == "int64");
  CHECK(promoted(u(1), literal_integer_type(200)) == "uint16");
  CHECK(promoted(literal_integer_type(5), u(4)) == "uint32");
  CHECK(promoted(string_type(3), string_type(5)) == "string[5]");
  CHECK(promoted(bool_type(), i(1)) == "none");
  CHECK(promoted(tuple_type({literal_integer_type(1), string_type(2)}),
                 tuple_type({u(8), string_type(4)})) == "(uint64,string[4])");
  CHECK(promoted(tuple_type({i(1)}), tuple_type({i(1), i(1)})) == "none");
  CHECK(promotion_loses(u(8), i(8)));
  CHECK_FALSE(promotion_loses(u(8), literal_integer_type(5)));
}

TEST_CASE("arithmetic is signed if a side is, and for subtraction") {
  CHECK(type_name(arithmetic_type(u(4), literal_integer_type(2), false)) == "uint64");
  CHECK(type_name(arithmetic_type(u(8), u(8), true)) == "int64");
  CHECK(type_name(arithmetic_type(i(4), u(4), false)) == "int64");
  CHECK_FALSE(compares_signed(u(8), literal_integer_type(1)));
  CHECK(compares_signed(u(4), i(4)));
}

TEST_CASE("tuples are laid out at natural alignment") {
  CHECK(tuple_type({i(1), i(8), i(1)}).size == 24);
  Type t = tuple_type({string_type(3), i(4)});
  CHECK((*t.fields)[1].offset == 4);
  CHECK(t.size == 8);
}

TEST_CASE("names of types in messages") {
  CHECK(type_name(pointer_to(struct_type("struct file", 8))) == "struct file *");
  CHECK(type_name(array_of(i(4), 3)) == "int32[3]");
  CHECK(type_name(stack_type(TypeKind::UserStack, StackMode::Perf, 10)) == "ustack_perf_10");
  CHECK(type_name(aggregate_type(TypeKind::Sum, false)) == "usum_t");
  CHECK(type_name(aggregate_type(TypeKind::Min, true)) == "min_t");
}

TEST_CASE("constant folding") {
  auto folded = [](BinaryOp op, const Constant& a, const Constant& b) {
    auto result = fold_binary(op, a, b);
    REQUIRE(result);
    REQUIRE_FALSE(result->error);
    return result->value;
  };
  auto bits = [&](BinaryOp op, int64_t a, int64_t b) {
    return static_cast<int64_t>(std::get<IntegerConstant>(folded(op, n(a), n(b))).bits);
  };
  CHECK(bits(BinaryOp::Divide, -10, 2) == -5);
  CHECK(bits(BinaryOp::ShiftRight, -8, 2) == -2);
  CHECK(bits(BinaryOp::Modulo, 7, 4) == 3);
  CHECK(bits(BinaryOp::BitXor, 6, 3) == 5);
  CHECK(std::get<bool>(folded(BinaryOp::Less, n(-1), n(1))));
  CHECK(std::get<std::string>(folded(BinaryOp::Add, std::string("ab"), std::string("cd"))) ==
        "abcd");
  CHECK(std::get<std::string>(folded(BinaryOp::Add, std::string("abc"), n(1))) == "bc");
  CHECK(std::get<std::string>(folded(BinaryOp::Add, std::string("abc"), n(9))).empty());
  CHECK(fold_binary(BinaryOp::Divide, n(1), n(0))->error);
  CHECK(fold_binary(BinaryOp::ShiftLeft, n(1), n(64))->error);
  CHECK(fold_binary(BinaryOp::Multiply, n(INT64_MAX), n(INT64_MAX))->error);
  CHECK(fold_binary(BinaryOp::Subtract, std::string("a"), std::string("b"))->error);
  CHECK(fold_unary(UnaryOp::Negate, IntegerConstant{UINT64_MAX, false})->error);
  CHECK(std::get<IntegerConstant>(fold_unary(UnaryOp::Negate, n(5))->value).negative);
}

TEST_CASE("formats are taken apart") {
  auto pieces = parse_format("a%%b %-5d|%lx %s%rx%gr 100%\n%z");
  REQUIRE(pieces.size() == 6);
  CHECK(pieces[0].literal == "a%b ");
  CHECK(pieces[0].conversion == "d");
  CHECK(pieces[0].left);
  CHECK(pieces[0].width == 5);
  CHECK(pieces[1].conversion == "x");
  CHECK(pieces[1].length == FormatLength::Long);
  CHECK(pieces[3].conversion == "rx");
  CHECK(pieces[4].conversion == "gr");
  CHECK(pieces[5].literal == " 100%\n%z");
  CHECK(parse_format("%5").back().literal == "%5");
  CHECK(accepts("d", bool_type()));
  CHECK_FALSE(accepts("d", string_type(4)));
  CHECK(accepts("s", string_type(4)));
  CHECK_FALSE(accepts("r", string_type(4)));
}

TEST_CASE("tables are in the order of their ids and names are unique") {
  std::set<std::string> names;
  for (const Builtin& row : builtins()) {
    CHECK(&builtin(row.id) == &row);
    CHECK(names.insert(row.name).second);
    CHECK(row.min_arguments <= row.max_arguments);
  }
  for (const Provider& row : providers()) CHECK(&provider(row.id) == &row);
  CHECK(find_builtin("arg3")->id == BuiltinId::ArgN);
  CHECK(find_builtin("argN") == nullptr);
  CHECK(find_provider("BEGIN")->id == ProviderId::Begin);
  CHECK(find_provider("u")->id == ProviderId::Uprobe);
  CHECK(find_provider("U")->id == ProviderId::Usdt);
}

TEST_CASE("histograms have one bucket for each index") {
  Type hist = aggregate_type(TypeKind::Hist, true);
  CHECK(bucket_count(hist) == 65);
  hist.histogram.bits = 2;
  CHECK(bucket_count(hist) == (61 << 2) + 5);
  Type lhist = aggregate_type(TypeKind::LHist, true);
  lhist.histogram = {0, 0, 10, 3};
  CHECK(bucket_count(lhist) == 5);
}
