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
  CHECK(without_parameters("a::f::<fn(u8) -> u8>") == "a::f::<fn(u8) -> u8>");
  CHECK(without_parameters(")") == ")");
  CHECK(without_parameters("f(int) [clone .cold]") == "f");
  CHECK(without_result_type("int N::g<int>") == "N::g<int>");
  CHECK(without_result_type("std::vector<int, char> N::g<a b>") == "N::g<a b>");
  CHECK(without_result_type("N::operator int") == "N::operator int");
  CHECK(without_result_type("void N::operator()<int>") == "N::operator()<int>");
  CHECK(without_result_type("N::(anonymous namespace)::f") == "N::(anonymous namespace)::f");
}

TEST_CASE("newer names of Rust functions") {
  CHECK(demangle("_RNvCsbsFkZsjFIc5_1w4work") == "w::work");
  CHECK(demangle("_RNvNtCs1234_4core3fmt5write.llvm.77") == "core::fmt::write");
  CHECK(demangle("_RINvNtCsbsFkZsjFIc5_1w6server7genericmEB4_") == "w::server::generic::<u32>");
  CHECK(demangle("_RNvMNtCsbsFkZsjFIc5_1w6serverNtB2_6Server6handle") ==
        "<w::server::Server>::handle");
  CHECK(demangle("_RNvXs_NtCsbsFkZsjFIc5_1w6serverNtB4_6ServerNtB4_5Shape4area") ==
        "<w::server::Server as w::server::Shape>::area");
  CHECK(demangle("_RNCNvC1a4main0") == "a::main::{closure#0}");
  CHECK(demangle("_RNCNvC1a4mains0_0B3_") == "a::main::{closure#2}");
  CHECK(demangle("_RINvC1a1fRShTlcEAtj8_E") == "a::f::<&[u8], (i32, char), [u16; 8]>");
  CHECK(demangle("_RINvC1a1fKb1_Kinf_Kc41_E") == "a::f::<true, -15, 'A'>");
  CHECK(demangle("_RINvC1a1fFUKCPhEuE") == "a::f::<unsafe extern \"C\" fn(*const u8)>");
  CHECK(demangle("_RINvC1a1fDNtC1b4Itemp1TyEL_E") == "a::f::<dyn b::Item<T = u64>>");
  // References to themselves, forward, and without an end.
  for (const char* bad :
       {"_R", "_RNv", "_RB_", "_RNvB_1a", "_RNvC9a", "_RIC1aE_", "_RNvC1a1fx9_"}) {
    CHECK(demangle(bad) == bad);
  }
  CHECK(demangle("_R" + std::string(10'000, 'N')) == "_R" + std::string(10'000, 'N'));
}
