// The numbers in C definitions: enums, array lengths, and the names that stand for them.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "ast/sema/script_types.h"

namespace gimlet::ast::sema {
namespace {

// The value of a macro that is nothing but a number, maybe in parentheses. Others would need a
// parser; a structure that uses one is taken from the compiler.
std::optional<int64_t> plain_number(std::string_view text) {
  while (text.size() > 2 && text.front() == '(' && text.back() == ')') {
    text = text.substr(1, text.size() - 2);
  }
  const int base = text.starts_with("0x") || text.starts_with("0X") ? 16
                   : text.starts_with('0') && text.size() > 1       ? 8
                                                                    : 10;
  if (base == 16) text.remove_prefix(2);
  while (!text.empty() && std::string_view("uUlL").find(text.back()) != std::string_view::npos) {
    text.remove_suffix(1);
  }
  int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, base);
  if (error != std::errc{} || stop != end || value < 0) return std::nullopt;
  return value;
}

// Bytes of the integer that holds all values (C23 6.7.2.2, as GCC and clang have always done it).
uint32_t enum_size(const EnumLayout& layout, bool packed) {
  const auto fits = [&](uint32_t bytes) {
    return std::all_of(layout.values.begin(), layout.values.end(), [&](const auto& entry) {
      const uint32_t spare = 64 - 8 * bytes;
      const auto bits = static_cast<uint64_t>(entry.second);
      if (!layout.is_signed) return (bits << spare) >> spare == bits;
      return static_cast<int64_t>(bits << spare) >> spare == entry.second;
    });
  };
  for (uint32_t bytes = packed ? 1 : 4; bytes < 8; bytes *= 2) {
    if (fits(bytes)) return bytes;
  }
  return 8;
}

}  // namespace

const EnumLayout* ScriptTypes::find_enum(std::string_view name) {
  const auto found = enums_.find(name);
  if (found == enums_.end() || !measure_enum(found->second)) return nullptr;
  return &found->second.layout;
}

bool ScriptTypes::measure_enum(Enum& found) {
  if (found.state != Enum::State::New) return found.state == Enum::State::Measured;
  if (depth_ >= kMaxDepth) return false;
  found.state = Enum::State::Busy;
  ++depth_;
  const bool good = measure_enumerators(found);
  --depth_;
  found.state = good ? Enum::State::Measured : Enum::State::Wrong;
  return good;
}

bool ScriptTypes::measure_enumerators(Enum& found) {
  const CEnum& definition = *found.definition;
  found.layout.name = definition.name;
  CInteger next = c_integer_of(0);
  for (const CEnumerator& entry : definition.enumerators) {
    if (entry.value) {
      auto explicit_value = value(*entry.value);
      if (auto* problem = std::get_if<Problem>(&explicit_value)) {
        report(*problem);
        return false;
      }
      next = std::get<CInteger>(explicit_value);
    }
    found.layout.values.emplace_back(entry.name, next.as_signed());
    found.layout.is_signed |= !next.is_unsigned && next.as_signed() < 0;
    next = c_integer_of(static_cast<int64_t>(next.bits + 1));
  }
  found.layout.size = enum_size(found.layout, definition.packed);
  return true;
}

std::optional<int64_t> ScriptTypes::enumerator(std::string_view name) {
  const auto owner = enumerators_.find(name);
  if (owner == enumerators_.end()) return std::nullopt;
  Enum& found = enums_.find(owner->second->name)->second;
  measure_enum(found);
  // Inside its own enum a name is known from the next enumerator on.
  for (const auto& [entry, number] : found.layout.values) {
    if (entry == name) return number;
  }
  return std::nullopt;
}

std::optional<kernel::EnumConstant> ScriptTypes::find_enum_constant(std::string_view name) {
  const auto number = enumerator(name);
  if (!number) return std::nullopt;
  const CEnum& owner = *enumerators_.find(name)->second;
  return kernel::EnumConstant{owner.anonymous ? std::string() : owner.name, *number};
}

auto ScriptTypes::length(const CDerivation& array) -> Or<uint64_t> {
  if (!array.length) return uint64_t{0};
  auto count = value(*array.length);
  if (auto* problem = std::get_if<Problem>(&count)) return std::move(*problem);
  const CInteger n = std::get<CInteger>(count);
  if (!n.is_unsigned && n.as_signed() < 0) {
    return Problem{array.length->range,
                   fmt::format("an array cannot have the size {}", n.as_signed())};
  }
  return n.bits;
}

auto ScriptTypes::value(const CConstant& expression) -> Or<CInteger> {
  CNames names;
  names.constant = [this](std::string_view name) { return constant(name); };
  names.type = [this](const CTypeName& type) { return facts(type); };
  auto result = evaluate(expression, names);
  if (const auto* error = std::get_if<CConstantError>(&result)) {
    const char* hint =
        error->unknown_name ? "define it before, or include the header that does" : "";
    return Problem{error->range, error->message, hint, error->unknown_name};
  }
  return std::get<CInteger>(result);
}

std::optional<CInteger> ScriptTypes::constant(std::string_view name) {
  if (auto own = enumerator(name)) return c_integer_of(*own);
  if (enumerators_.contains(name)) return std::nullopt;
  if (auto found = outside_.find_enum_constant(name)) return c_integer_of(found->value);
  const CMacro* macro = outside_.find_macro(name);
  const auto number = macro ? plain_number(macro->replacement) : std::nullopt;
  return number ? std::optional(c_integer_of(*number)) : std::nullopt;
}

std::optional<CTypeFacts> ScriptTypes::facts(const CTypeName& type) {
  const auto measured = measure(type);
  const auto* found = std::get_if<Measured>(&measured);
  if (!found) return std::nullopt;
  return CTypeFacts{found->size, found->alignment, found->kind == Measured::Kind::Integer,
                    found->is_signed};
}

}  // namespace gimlet::ast::sema
