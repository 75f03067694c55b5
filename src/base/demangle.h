// Readable names of C++ and Rust functions, from what compilers write into symbol tables.
#pragma once

#include <string>

namespace gimlet::base {

// "_ZN1N1fEi" -> "N::f(int)"; Rust's older names lose their hash: "_ZN4core3fmt5write17h<hash>E" ->
// "core::fmt::write", and so do the newer ones (demangle_rust.h). Other names are returned as they
// are.
std::string demangle(const std::string& name);

// A demangled name without its parameters: "N::f(int) const" -> "N::f". Names of templates keep
// their result type, as the demangler writes it: "int N::g<int>(int)" -> "int N::g<int>".
std::string without_parameters(const std::string& demangled);

// The same without the result type that templates have: "int N::g<int>" -> "N::g<int>".
std::string without_result_type(const std::string& name);

// Whether the NAME of cpp:"NAME", which may be a pattern, means a symbol: with or without
// parameters, and for templates without the type of the result, which belongs to their mangled
// name.
bool cpp_name_matches(const std::string& pattern, const std::string& symbol);

}  // namespace gimlet::base
