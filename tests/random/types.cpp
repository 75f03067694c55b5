// Promotion and layout: one function per rule of the specification, numbered as there.
#include "types.h"

#include <algorithm>

namespace gimlet::random_tests {

Type integer_type(int bits, bool is_signed, bool flexible) {
  Type type;
  type.kind = Type::Kind::integer;
  type.bits = bits;
  type.is_signed = is_signed;
  type.flexible = flexible;
  return type;
}

Type boolean_type() {
  Type type;
  type.kind = Type::Kind::boolean;
  return type;
}

Type string_type(std::size_t capacity) {
  Type type;
  type.kind = Type::Kind::string;
  type.length = capacity;
  return type;
}

Type tuple_type(std::vector<Type> elements) {
  Type type;
  type.kind = Type::Kind::tuple;
  type.elements = std::move(elements);
  return type;
}

Type record_type(std::vector<std::string> fields, std::vector<Type> elements) {
  Type type;
  type.kind = Type::Kind::record;
  type.fields = std::move(fields);
  type.elements = std::move(elements);
  return type;
}

Type array_type(Type element, std::size_t length) {
  Type type;
  type.kind = Type::Kind::array;
  type.elements = {std::move(element)};
  type.length = length;
  return type;
}

bool fits(Wide value, const Type& type) {
  const Wide one = 1;
  if (type.is_signed) {
    return value >= -(one << (type.bits - 1)) && value < (one << (type.bits - 1));
  }
  return value >= 0 && value < (one << type.bits);
}

Type literal_type(Wide value) {
  for (int bits : {8, 16, 32, 64}) {
    auto type = integer_type(bits, true, value >= 0);
    if (fits(value, type)) return type;
  }
  return integer_type(64, false);
}

namespace {

Type promote_integers(const Type& present, const Type& arriving) {
  const int wider = std::max(present.bits, arriving.bits);
  if (present.is_signed == arriving.is_signed) {
    return integer_type(wider, present.is_signed, present.flexible && arriving.flexible);
  }
  if (present.flexible != arriving.flexible) {
    return integer_type(wider, present.flexible ? arriving.is_signed : present.is_signed);
  }
  const Type& with_sign = present.is_signed ? present : arriving;
  const Type& without = present.is_signed ? arriving : present;
  if (with_sign.bits > without.bits) return integer_type(with_sign.bits, true);
  return integer_type(std::min(64, 2 * wider), true);
}

std::optional<std::vector<Type>> promote_all(const std::vector<Type>& present,
                                             const std::vector<Type>& arriving) {
  if (present.size() != arriving.size()) return std::nullopt;
  std::vector<Type> result;
  for (std::size_t i = 0; i < present.size(); ++i) {
    auto element = promote(present[i], arriving[i]);
    if (!element) return std::nullopt;
    result.push_back(std::move(*element));
  }
  return result;
}

// The arriving record's element types in the order of the present one's fields.
std::optional<std::vector<Type>> by_name(const Type& present, const Type& arriving) {
  if (present.fields.size() != arriving.fields.size()) return std::nullopt;
  std::vector<Type> result;
  for (const auto& field : present.fields) {
    auto found = std::find(arriving.fields.begin(), arriving.fields.end(), field);
    if (found == arriving.fields.end()) return std::nullopt;
    result.push_back(arriving.elements[static_cast<std::size_t>(found - arriving.fields.begin())]);
  }
  return result;
}

// bool in an operator with an integer: 0 or 1, unsigned.
Type as_integer(const Type& type) { return type.is_boolean() ? integer_type(8, false) : type; }

}  // namespace

std::optional<Type> promote(const Type& present, const Type& arriving) {
  if (present.kind != arriving.kind) return std::nullopt;
  switch (present.kind) {
    case Type::Kind::integer: return promote_integers(present, arriving);
    case Type::Kind::string: return string_type(std::max(present.length, arriving.length));
    case Type::Kind::tuple: {
      auto elements = promote_all(present.elements, arriving.elements);
      if (!elements) return std::nullopt;
      return tuple_type(std::move(*elements));
    }
    case Type::Kind::record: {
      auto arranged = by_name(present, arriving);
      if (!arranged) return std::nullopt;
      auto elements = promote_all(present.elements, *arranged);
      if (!elements) return std::nullopt;
      return record_type(present.fields, std::move(*elements));
    }
    case Type::Kind::none:
    case Type::Kind::boolean:
    case Type::Kind::array: break;
  }
  if (present == arriving) return present;
  return std::nullopt;
}

Type arithmetic_type(const std::string& op, Type left, Type right) {
  if (left.is_boolean() && right.is_boolean()) return boolean_type();
  left = as_integer(left);
  right = as_integer(right);
  if (left.flexible && !right.is_signed) left.is_signed = false;
  if (right.flexible && !left.is_signed) right.is_signed = false;
  return integer_type(64, left.is_signed || right.is_signed || op == "-");
}

Type comparison_type(Type left, Type right) {
  return promote_integers(as_integer(left), as_integer(right));
}

Type stepped_type(const std::string& op, const Type& present) {
  return integer_type(64, present.is_signed || op == "--");
}

std::size_t alignment_of(const Type& type) {
  switch (type.kind) {
    case Type::Kind::integer: return static_cast<std::size_t>(type.bits) / 8;
    case Type::Kind::array: return alignment_of(type.elements.front());
    case Type::Kind::tuple:
    case Type::Kind::record: {
      std::size_t result = 1;
      for (const auto& element : type.elements) result = std::max(result, alignment_of(element));
      return result;
    }
    case Type::Kind::none:
    case Type::Kind::boolean:
    case Type::Kind::string: break;
  }
  return 1;
}

std::size_t size_of(const Type& type) {
  switch (type.kind) {
    case Type::Kind::none: return 0;
    case Type::Kind::integer: return static_cast<std::size_t>(type.bits) / 8;
    case Type::Kind::boolean: return 1;
    case Type::Kind::string: return type.length;
    case Type::Kind::array: return type.length * size_of(type.elements.front());
    case Type::Kind::tuple:
    case Type::Kind::record: break;
  }
  auto round_up = [](std::size_t size, std::size_t to) { return (size + to - 1) / to * to; };
  std::size_t size = 0;
  for (const auto& element : type.elements) {
    size = round_up(size, alignment_of(element)) + size_of(element);
  }
  return round_up(size, alignment_of(type));
}

std::string spelling(const Type& type) {
  switch (type.kind) {
    case Type::Kind::integer: return (type.is_signed ? "int" : "uint") + std::to_string(type.bits);
    case Type::Kind::boolean: return "bool";
    case Type::Kind::string: return "string[" + std::to_string(type.length) + "]";
    case Type::Kind::array:
      return spelling(type.elements.front()) + "[" + std::to_string(type.length) + "]";
    case Type::Kind::none:
    case Type::Kind::tuple:
    case Type::Kind::record: break;
  }
  return "";
}

}  // namespace gimlet::random_tests
