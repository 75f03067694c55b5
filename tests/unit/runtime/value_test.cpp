#include <catch2/catch_test_macros.hpp>

#include "runtime/value_json.h"
#include "runtime/value_text.h"

using namespace gimlet;
using namespace gimlet::runtime;

TEST_CASE("Text form of values", "[runtime][value]") {
  CHECK(text_of({int64_t{-5}}) == "-5");
  CHECK(text_of({UINT64_MAX}) == "18446744073709551615");
  CHECK(text_of({false}) == "false");
  CHECK(text_of({Pointer{0xffff888102564500}}) == "0xffff888102564500");
  CHECK(text_of({Pointer{0}}) == "0x0");
  CHECK(text_of({EnumValue{"", 9}}) == "9");
  CHECK(text_of({Bytes{"hi\xff\n"}}) == "hi\\xff\\x0a");
  CHECK(text_of({Bytes{"\\"}}) == "\\");
  Array inner{{{int64_t{1}}, {int64_t{2}}}};
  CHECK(text_of({Array{{{inner}, {inner}}}}) == "[[1,2],[1,2]]");
  CHECK(text_of({TupleValue{{{int64_t{1}}}}}) == "(1)");
  TupleValue nested{{{int64_t{1}}, {std::string("two")}, {TupleValue{{{int64_t{3}}, {true}}}}}};
  CHECK(text_of({nested}) == "(1, two, (3, true))");
  StructValue point{{{"x", {int64_t{7}}}, {"name", {std::string("abc")}}, {"p", {Pointer{16}}}}};
  CHECK(text_of({point}) == "{ .x = 7, .name = abc, .p = 0x10 }");
  CHECK(text_of({StructValue{}}) == "{}");
  CHECK(text_of({StructValue{{{"f", {}}}}}) == "{ .f = null }");
  CHECK(text_of({StatsValue{3, 2, 6, true}}) == "{ .count = 3, .average = 2, .total = 6 }");
}

TEST_CASE("Only a tuple key loses its parentheses", "[runtime][value]") {
  TupleValue pair{{{int64_t{1}}, {std::string("two")}}};
  CHECK(key_text({pair}) == "1, two");
  CHECK(key_text({TupleValue{{{pair}, {int64_t{3}}}}}) == "(1, two), 3");
  CHECK(key_text({std::string("(x)")}) == "(x)");
}

TEST_CASE("Division is toward zero and leaves totals alone", "[runtime][value]") {
  CHECK(text_of(divided({int64_t{-7}}, 2)) == "-3");
  CHECK(text_of(divided({uint64_t{7}}, 2)) == "3");
  CHECK(text_of(divided({int64_t{-7}}, UINT64_MAX)) == "0");
  CHECK(text_of(divided({StatsValue{3, 20, 60, true}}, 10)) ==
        "{ .count = 3, .average = 2, .total = 60 }");
}

TEST_CASE("JSON numbers stay exact", "[runtime][json]") {
  CHECK(json_of({int64_t{9007199254740992}}) == "9007199254740992");
  CHECK(json_of({int64_t{9007199254740993}}) == "\"9007199254740993\"");
  CHECK(json_of({INT64_MIN}) == "-9223372036854775808");
  CHECK(json_of({INT64_MAX}) == "\"9223372036854775807\"");
  CHECK(json_of({UINT64_MAX}) == "\"18446744073709551615\"");
  CHECK(json_of({Pointer{16}}) == "16");
  CHECK(json_of({EnumValue{"RED", 7}}) == "7");
}

TEST_CASE("JSON compounds", "[runtime][json]") {
  CHECK(json_of({Bytes{"hi\xff"}}) == "[104,105,-1]");
  Array pair{{{int64_t{2}}, {int64_t{3}}}};
  CHECK(json_of({TupleValue{{{int64_t{1}}, {std::string("a")}, {true}, {pair}}}}) ==
        "[1,\"a\",true,[2,3]]");
  CHECK(json_of({StructValue{{{"a", {int64_t{1}}}, {"b", {}}}}}) == "{\"a\": 1, \"b\": null}");
  CHECK(json_of({}) == "null");
}

TEST_CASE("JSON strings are valid whatever the bytes", "[runtime][json]") {
  CHECK(json_string("a\"b\\c\n\r\t\x01/\x7f") == "\"a\\\"b\\\\c\\n\\r\\t\\u0001/\x7f\"");
  CHECK(json_string("\xc3\xa4") == "\"\xc3\xa4\"");
  CHECK(json_string("\xc3") == "\"\\ufffd\"");
  CHECK(json_string("\xff\xfe"
                    "a") == "\"\\ufffd\\ufffda\"");
  CHECK(json_string("\xe0\x80\x80") == "\"\\ufffd\\ufffd\\ufffd\"");  // overlong
  CHECK(json_string("\xed\xa0\x80") == "\"\\ufffd\\ufffd\\ufffd\"");  // surrogate
  CHECK(json_string("\xf0\x9f\x98\x80") == "\"\xf0\x9f\x98\x80\"");
}

TEST_CASE("JSON keys lose their blanks unless exact", "[runtime][json]") {
  TupleValue key{{{std::string("get x")}, {int64_t{1}}}};
  CHECK(json_key({key}, false) == "\"getx,1\"");
  CHECK(json_key({key}, true) == "\"get x, 1\"");
  CHECK(json_key({Text{"\n        read+4\n"}}, false) == "\"\\nread+4\\n\"");
  CHECK(json_key({EnumValue{"RED", 7}}, false) == "\"RED\"");
}
