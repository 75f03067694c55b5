// Conversions and texts; integers travel as 64 bits and are cut and extended by their type.
#include "value.h"

#include <algorithm>

namespace gimlet::random_tests {
namespace {

std::uint64_t cut(std::uint64_t bits, int width, bool is_signed) {
  if (width == 64) return bits;
  const std::uint64_t mask = (std::uint64_t{1} << width) - 1;
  bits &= mask;
  if (is_signed && (bits >> (width - 1)) != 0) bits |= ~mask;
  return bits;
}

// Integer to array of integers or bools: the bytes in host order (little-endian), the integer
// first extended by its own sign to the array's size.
Value split(const Value& value, const Type& type) {
  Value result{type, 0, "", {}};
  const Type& element = type.elements.front();
  const int width = static_cast<int>(size_of(element)) * 8;
  for (std::size_t i = 0; i < type.length; ++i) {
    const std::uint64_t part = value.bits >> (static_cast<int>(i) * width);
    result.elements.push_back(convert(integer_value(part, integer_type(width, false)), element));
  }
  return result;
}

Value unite(const Value& value, const Type& type) {
  std::uint64_t bits = 0;
  const int width = static_cast<int>(size_of(value.type.elements.front())) * 8;
  for (std::size_t i = 0; i < value.elements.size(); ++i) {
    bits |= cut(value.elements[i].bits, width, false) << (static_cast<int>(i) * width);
  }
  return integer_value(bits, type);
}

Value rearrange(const Value& value, const Type& type) {
  Value result{type, 0, "", {}};
  for (std::size_t i = 0; i < type.elements.size(); ++i) {
    std::size_t from = i;
    if (type.kind == Type::Kind::record) {
      const auto& fields = value.type.fields;
      from = static_cast<std::size_t>(std::find(fields.begin(), fields.end(), type.fields[i]) -
                                      fields.begin());
    }
    result.elements.push_back(convert(value.elements[from], type.elements[i]));
  }
  return result;
}

std::string list(const Value& value, const char* open, const char* separator, const char* close) {
  std::string text = open;
  for (std::size_t i = 0; i < value.elements.size(); ++i) {
    if (i > 0) text += separator;
    if (value.type.kind == Type::Kind::record) text += "." + value.type.fields[i] + " = ";
    text += text_form(value.elements[i]);
  }
  return text + close;
}

std::string in_base(std::uint64_t bits, unsigned base) {
  std::string text;
  do {
    text.insert(text.begin(), "0123456789abcdef"[bits % base]);
    bits /= base;
  } while (bits != 0);
  return text;
}

int conversion_width(const std::string& conversion) {
  if (conversion.find("hh") != std::string::npos) return 8;
  if (conversion.find('h') != std::string::npos) return 16;
  return conversion.find_first_of("ljzt") != std::string::npos ? 64 : 32;
}

}  // namespace

Value integer_value(std::uint64_t bits, const Type& type) {
  return Value{type, cut(bits, type.bits, type.is_signed), "", {}};
}

Value boolean_value(bool value) { return Value{boolean_type(), value ? 1u : 0u, "", {}}; }

Value zero(const Type& type) {
  Value value{type, 0, "", {}};
  if (type.kind == Type::Kind::tuple || type.kind == Type::Kind::record) {
    for (const auto& element : type.elements) value.elements.push_back(zero(element));
  }
  return value;
}

Value convert(const Value& value, const Type& type) {
  switch (type.kind) {
    case Type::Kind::integer:
      if (value.type.kind == Type::Kind::array) return unite(value, type);
      return integer_value(value.bits, type);
    case Type::Kind::boolean: return boolean_value(value.truth());
    case Type::Kind::string: return Value{type, 0, value.text, {}};
    case Type::Kind::array:
      return value.type.kind == Type::Kind::array ? value : split(value, type);
    case Type::Kind::tuple:
    case Type::Kind::record: return rearrange(value, type);
    case Type::Kind::none: break;
  }
  return value;
}

bool equal(const Value& left, const Value& right) { return identity(left) == identity(right); }

std::string identity(const Value& value) {
  if (value.type.is_string()) return std::to_string(value.text.size()) + ":" + value.text;
  if (value.type.is_integer() || value.type.is_boolean()) return std::to_string(value.bits) + ";";
  std::string text;
  for (const auto& element : value.elements) text += identity(element);
  return text;
}

std::string text_form(const Value& value) {
  switch (value.type.kind) {
    case Type::Kind::integer:
      if (value.type.is_signed) return std::to_string(static_cast<std::int64_t>(value.bits));
      return std::to_string(value.bits);
    case Type::Kind::boolean: return value.bits != 0 ? "true" : "false";
    case Type::Kind::string: return value.text;
    case Type::Kind::tuple: return list(value, "(", ", ", ")");
    case Type::Kind::record: return list(value, "{ ", ", ", " }");
    case Type::Kind::array: return list(value, "[", ",", "]");
    case Type::Kind::none: break;
  }
  return "";
}

std::string format(const std::string& conversion, const Value& value) {
  std::string text;
  const int width = conversion_width(conversion);
  const std::uint64_t plain = cut(value.bits, width, false);
  switch (conversion.back()) {
    case 'd': text = std::to_string(static_cast<std::int64_t>(cut(value.bits, width, true))); break;
    case 'u': text = std::to_string(plain); break;
    case 'x': text = in_base(plain, 16); break;
    case 'o': text = in_base(plain, 8); break;
    default: text = text_form(value); break;
  }
  const bool left = conversion.find('-') != std::string::npos;
  const auto digits = conversion.find_first_of("123456789");
  if (digits == std::string::npos) return text;
  const auto wanted = static_cast<std::size_t>(std::stoi(conversion.substr(digits)));
  if (text.size() >= wanted) return text;
  const std::string blanks(wanted - text.size(), ' ');
  return left ? text + blanks : blanks + text;
}

}  // namespace gimlet::random_tests
