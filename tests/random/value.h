// Values of the independent evaluator: conversion between types (specification 8 and the implicit
// casts of 6.2) and the text that print and printf make of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "types.h"

namespace gimlet::random_tests {

struct Value {
  Type type;
  std::uint64_t bits = 0;       // integers and bools, extended to 64 bits by their own sign
  std::string text;             // strings
  std::vector<Value> elements;  // tuples, records, arrays

  bool truth() const { return type.is_string() ? !text.empty() : bits != 0; }
};

Value integer_value(std::uint64_t bits, const Type& type);
Value boolean_value(bool value);
Value zero(const Type& type);
Value convert(const Value& value, const Type& type);
bool equal(const Value& left, const Value& right);

std::string text_form(const Value& value);
// One printf conversion such as "%lld" or "%-6hd".
std::string format(const std::string& conversion, const Value& value);
// Distinct for distinct values of one type.
std::string identity(const Value& value);

}  // namespace gimlet::random_tests
