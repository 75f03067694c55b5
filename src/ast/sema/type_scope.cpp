#include "ast/sema/type_scope.h"

#include <fmt/format.h>

#include <algorithm>

#include "kernel/c_integers.h"

namespace gimlet::ast::sema {

TypeScope::TypeScope(const CDefinitions& definitions, kernel::Kernel& kernel,
                     base::Diagnostics& diagnostics, kernel::HeaderTypes* headers)
    : definitions_(definitions),
      diagnostics_(diagnostics),
      outside_(definitions.includes, kernel, definitions.includes.empty() ? nullptr : headers,
               diagnostics),
      script_(definitions, outside_, diagnostics) {}

namespace {

bool same_layout(const StructLayout& a, const StructLayout& b) {
  auto same = [](const Field& x, const Field& y) {
    return x.name == y.name && x.offset == y.offset && x.bit_offset == y.bit_offset &&
           x.bit_width == y.bit_width;
  };
  return a.size == b.size &&
         std::equal(a.fields.begin(), a.fields.end(), b.fields.begin(), b.fields.end(), same);
}

}  // namespace

void TypeScope::check() {
  script_.check();
  for (const CRecord& record : definitions_.records) {
    if (record.name.find('(') != std::string::npos || !has_btf()) continue;
    const StructLayout* own = script_.find_struct(record.name);
    const StructLayout* kernel = own ? outside_.kernel().find_struct(record.name) : nullptr;
    if (!kernel || same_layout(*own, *kernel)) continue;
    diagnostics_
        .warning(
            record.range,
            "Cannot take type definitions from BTF since there is a redefinition conflict with "
            "user-defined types.")
        .hint(fmt::format("{} is what the program says; all other types still come from BTF",
                          record.name));
  }
}

const StructLayout* TypeScope::find_struct(std::string_view name) {
  return script_.defines(name) ? script_.find_struct(name) : outside_.find_struct(name);
}

const EnumLayout* TypeScope::find_enum(std::string_view name) {
  return script_.defines(name) ? script_.find_enum(name) : outside_.find_enum(name);
}

std::optional<Type> TypeScope::find_type(std::string_view name) {
  for (const char* tag : {"struct", "union", "enum"}) {
    if (definitions_.records.empty() && definitions_.enums.empty()) break;
    const std::string tagged = fmt::format("{} {}", tag, name);
    if (!script_.defines(tagged)) continue;
    if (const StructLayout* layout = script_.find_struct(tagged)) {
      return struct_type(tagged, layout->size);
    }
    if (const EnumLayout* layout = script_.find_enum(tagged)) {
      return enum_type(tagged, layout->size, layout->is_signed);
    }
    return std::nullopt;
  }
  if (auto type = kernel::c_integer(name)) return type;
  return outside_.find_type(name);
}

std::optional<kernel::EnumConstant> TypeScope::find_enum_constant(std::string_view name) {
  if (auto own = script_.find_enum_constant(name)) return own;
  return outside_.find_enum_constant(name);
}

std::vector<std::string> TypeScope::struct_names() {
  std::vector<std::string> names = script_.struct_names();
  std::vector<std::string> others = outside_.kernel().struct_names();
  names.insert(names.end(), std::make_move_iterator(others.begin()),
               std::make_move_iterator(others.end()));
  return names;
}

const CMacro* TypeScope::find_script_macro(std::string_view name) const {
  const auto& macros = definitions_.macros;
  const auto found = std::lower_bound(
      macros.begin(), macros.end(), name,
      [](const CMacro& macro, std::string_view wanted) { return macro.name < wanted; });
  return found != macros.end() && found->name == name ? &*found : nullptr;
}

const CMacro* TypeScope::find_macro(std::string_view name) {
  if (const CMacro* own = find_script_macro(name)) return own;
  if (!outside_.has_headers() || script_.find_enum_constant(name) ||
      outside_.kernel().find_enum_constant(name)) {
    return nullptr;
  }
  const CMacro* found = outside_.find_macro(name);
  // Libraries define some enumerators as macros, too, for #ifdef: `#define IPPROTO_TCP
  // IPPROTO_TCP`.
  return found && found->replacement != name ? found : nullptr;
}

}  // namespace gimlet::ast::sema
