// A total parser: any text gives fields or an error. Declarations are taken apart by hand, since
// only a handful of shapes occur: T x, T * x, T x[N], T (*x)(...), __data_loc T[] x, __rel_loc T[]
// x.
#include "kernel/tracepoint_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "kernel/c_integers.h"

namespace gimlet::kernel {
namespace {

constexpr std::string_view kBlanks = " \t";

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string_view trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// The number in "KEY:number;", or nothing.
std::optional<uint32_t> attribute(std::string_view line, std::string_view key) {
  const size_t at = line.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  line.remove_prefix(at + key.size());
  uint32_t value = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
  if (error != std::errc{}) return std::nullopt;
  return value;
}

std::optional<FormatField> parse_line(std::string_view line) {
  constexpr std::string_view key = "field:";
  const size_t end = line.find(';');
  if (end == std::string_view::npos || end < key.size()) return std::nullopt;
  const std::string_view attributes = line.substr(end);
  const auto offset = attribute(attributes, "offset:");
  const auto size = attribute(attributes, "size:");
  if (!offset || !size) return std::nullopt;
  FormatField field;
  field.declaration = std::string(trimmed(line.substr(key.size(), end - key.size())));
  field.offset = *offset;
  field.size = *size;
  field.is_signed = attribute(attributes, "signed:").value_or(0) != 0;
  return field;
}

// Cuts the last identifier off.
std::string cut_name(std::string_view& text) {
  text = trimmed(text);
  size_t begin = text.size();
  while (begin > 0 && is_word(text[begin - 1])) --begin;
  std::string name(text.substr(begin));
  text = trimmed(text.substr(0, begin));
  return name;
}

// A declaration taken apart.
struct Declaration {
  enum class Location { Inline, Absolute, Relative };  // where the value of the field lies
  std::string name;
  std::string base;       // the type's words without qualifiers: "struct file", "unsigned long"
  uint32_t pointers = 0;  // number of `*`
  bool is_array = false;
  bool is_function = false;
  Location location = Location::Inline;
};

// Qualifiers and the kernel's address space marks say nothing that matters here.
bool is_qualifier(std::string_view word) {
  return word == "const" || word == "volatile" || word == "restrict" || word == "__user" ||
         word == "__rcu" || word == "__percpu" || word == "__iomem" || word == "__kernel" ||
         word.starts_with("__seg_");
}

void split_type(std::string_view text, Declaration& d) {
  while (!text.empty()) {
    if (!is_word(text.front())) {
      if (text.front() == '*') ++d.pointers;
      if (text.front() == '[') d.is_array = true;
      text.remove_prefix(1);
      continue;
    }
    const size_t end =
        static_cast<size_t>(std::find_if_not(text.begin(), text.end(), is_word) - text.begin());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end);
    if (is_qualifier(word)) continue;
    if (word == "__data_loc") {
      d.location = Declaration::Location::Absolute;
    } else if (word == "__rel_loc") {
      d.location = Declaration::Location::Relative;
    } else if (d.pointers == 0 && !d.is_array) {
      if (!d.base.empty()) d.base += ' ';
      d.base += word;
    }
  }
}

Declaration take_apart(std::string_view text) {
  Declaration d;
  if (const size_t at = text.find("(*"); at != std::string_view::npos) {
    d.is_function = true;
    text.remove_prefix(at + 2);
    text = text.substr(0, text.find(')'));
    d.name = cut_name(text);
    return d;
  }
  const bool is_location = text.starts_with("__data_loc") || text.starts_with("__rel_loc");
  // `T x[N]`: N is dropped; the file's size says how many there are.
  if (const size_t bracket = text.find('['); !is_location && bracket != std::string_view::npos) {
    d.is_array = true;
    text = text.substr(0, bracket);
  }
  d.name = cut_name(text);
  const bool is_array = std::exchange(d.is_array, false);
  split_type(text, d);
  d.is_array = is_array;
  return d;
}

bool is_register_size(uint32_t size) { return size == 1 || size == 2 || size == 4 || size == 8; }

ast::Type base_type(const Declaration& d, const TypeLookup& lookup) {
  if (auto known = c_integer(d.base)) return *known;
  if (d.base == "void") return ast::void_type();
  return lookup(d.base).value_or(ast::none_type());
}

ast::Type pointer_type(ast::Type pointee, uint32_t levels, ast::AddressSpace space) {
  if (!pointee.known()) pointee = ast::void_type();
  for (uint32_t i = 0; i < std::min(levels, 8u); ++i) {
    pointee = ast::pointer_to(std::move(pointee), space);
  }
  return pointee;
}

// A single value, forced to the size and sign that the file states.
ast::Type scalar_type(ast::Type type, const FormatField& field, ast::AddressSpace space) {
  const bool same_size = type.size == field.size;
  if (type.is(ast::TypeKind::Pointer) && same_size) {
    type.space = space;
    return type;
  }
  if (same_size && !ast::is_integer_like(type) && type.known()) return type;
  if (!is_register_size(field.size)) return ast::none_type();
  if (type.is(ast::TypeKind::Bool) && same_size) return type;
  if (type.is(ast::TypeKind::Enum)) return ast::enum_type(type.name, field.size, field.is_signed);
  return ast::integer_type(field.size, field.is_signed);
}

ast::Type array_type(ast::Type element, bool is_char, const FormatField& field) {
  if (is_char && field.size > 0) return ast::char_array(field.size);
  if (element.size == 0) return ast::none_type();
  if (element.is(ast::TypeKind::Integer) && !is_char) element.is_signed = field.is_signed;
  const uint32_t length = field.size / element.size;
  return ast::array_of(std::move(element), length);
}

}  // namespace

base::Result<std::vector<FormatField>> parse_format(std::string_view text,
                                                    const std::string& path) {
  std::vector<FormatField> fields;
  for (uint32_t number = 1; !text.empty(); ++number) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with("print fmt:")) break;
    if (!line.starts_with("field:")) continue;
    auto field = parse_line(line);
    if (!field) return base::Error{fmt::format("{}:{}: unknown form of field", path, number), {}};
    fields.push_back(std::move(*field));
  }
  return fields;
}

ast::Field typed_field(const FormatField& field, ast::AddressSpace pointers,
                       const TypeLookup& lookup) {
  const Declaration d = take_apart(field.declaration);
  ast::Field typed;
  typed.name = d.name;
  typed.offset = field.offset;
  if (d.location == Declaration::Location::Absolute) {
    typed.type = ast::integer_type(8, true);
    typed.data_location = true;
  } else if (d.location == Declaration::Location::Relative) {
    typed.type = ast::none_type();  // its offset counts from the field's end: no such Field yet
  } else if (d.is_function) {
    typed.type = scalar_type(ast::pointer_to(ast::void_type(), pointers), field, pointers);
  } else {
    ast::Type type = base_type(d, lookup);
    const bool is_char = d.base == "char" && d.pointers == 0;
    if (d.pointers > 0) type = pointer_type(std::move(type), d.pointers, pointers);
    typed.type = d.is_array ? array_type(std::move(type), is_char, field)
                            : scalar_type(std::move(type), field, pointers);
  }
  return typed;
}

}  // namespace gimlet::kernel
