// The types of the random programs and the rules by which types meet (language specification 5.4,
// 5.5, 6.1, 6.2). Written from the specification alone: nothing here is shared with the compiler
// under test, so that a rule misread there does not hide behind the same misreading here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gimlet::random_tests {

using Wide = __int128;

struct Type {
  enum class Kind { none, integer, boolean, string, tuple, record, array };
  Kind kind = Kind::none;
  int bits = 64;               // integers
  bool is_signed = true;       // integers
  bool flexible = false;       // integers: only non-negative literals so far, takes any sign (6.1)
  std::size_t length = 0;      // strings: capacity with the NUL; arrays: number of elements
  std::vector<Type> elements;  // tuples, records; the one element type of an array
  std::vector<std::string> fields;  // records

  bool operator==(const Type&) const = default;
  bool is_integer() const { return kind == Kind::integer; }
  bool is_boolean() const { return kind == Kind::boolean; }
  bool is_string() const { return kind == Kind::string; }
};

Type integer_type(int bits, bool is_signed, bool flexible = false);
Type boolean_type();
Type string_type(std::size_t capacity);
Type tuple_type(std::vector<Type> elements);
Type record_type(std::vector<std::string> fields, std::vector<Type> elements);
Type array_type(Type element, std::size_t length);

// 6.1: the smallest type that holds the literal.
Type literal_type(Wide value);
bool fits(Wide value, const Type& type);

// 5.5 and 6.2: the type of a location of type `present` that also receives `arriving`; nothing if
// the two are not compatible.
std::optional<Type> promote(const Type& present, const Type& arriving);
// 6.3: a 64-bit integer, or bool if both operands are.
Type arithmetic_type(const std::string& op, Type left, Type right);
// 6.3: the type in which two integers or bools are compared.
Type comparison_type(Type left, Type right);
// 6.3: what `++` and `--` make of the type of an inferred location.
Type stepped_type(const std::string& op, const Type& present);

// 5.4
std::size_t size_of(const Type& type);
std::size_t alignment_of(const Type& type);

// As a cast spells it; empty for types without a spelling.
std::string spelling(const Type& type);

}  // namespace gimlet::random_tests
