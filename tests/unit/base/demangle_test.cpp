#include "base/demangle.h"

#include <catch2/catch_test_macros.hpp>

using namespace gimlet::base;

TEST_CASE("names of functions are demangled") {
  CHECK(demangle("_ZN1N1fEi") == "N::f(int)");
  CHECK(demangle("main") == "main");
  CHECK(demangle("_Z") == "_Z");
  CHECK(demangle("_ZN4core3fmt5write17h0123456789abcdefE") == "core::fmt::write");
  CHECK(demangle("_ZN60_$LT$alloc..string..String$u20$as$u20$core..fmt..Display$GT$"
                 "3fmt17h0123456789abcdefE") ==
        "<alloc::string::String as core::fmt::Display>::fmt");
  // A hash has sixteen lower-case digits.
  CHECK(demangle("_ZN4core3fmt5write17h0123456789ABCDEFE") ==
        "core::fmt::write::h0123456789ABCDEF");
}

TEST_CASE("parameters and result types are cut off") {
  CHECK(without_parameters("N::f(int) const") == "N::f");
  CHECK(without_parameters("N::operator()(int, char)") == "N::operator()");
  CHECK(without_parameters("f(void (*)(int))") == "f");
  CHECK(without_parameters("(anonymous namespace)::f(int)") == "(anonymous namespace)::f");
  CHECK(without_parameters("N::(anonymous namespace)::f") == "N::(anonymous namespace)::f");
  CHECK(without_parameters("main") == "main");
  CHECK(without_parameters(")") == ")");
  CHECK(without_parameters("f(int) [clone .cold]") == "f");
  CHECK(without_result_type("int N::g<int>") == "N::g<int>");
  CHECK(without_result_type("std::vector<int, char> N::g<a b>") == "N::g<a b>");
  CHECK(without_result_type("N::operator int") == "N::operator int");
  CHECK(without_result_type("void N::operator()<int>") == "N::operator()<int>");
  CHECK(without_result_type("N::(anonymous namespace)::f") == "N::(anonymous namespace)::f");
}
