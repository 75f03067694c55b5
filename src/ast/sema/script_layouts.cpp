// Converting: measured definitions become the language's types and layouts, by the same rules as
// types from BTF (kernel/btf_types.cpp), except that C's _Bool is a uint8 (language §5.3).
#include <fmt/format.h>

#include "ast/sema/script_types.h"
#include "kernel/c_integers.h"

namespace gimlet::ast::sema {

const StructLayout* ScriptTypes::find_struct(std::string_view name) {
  const auto found = records_.find(name);
  if (found == records_.end()) return nullptr;
  Record& record = found->second;
  auto measured = measure_record(record);
  if (auto* problem = std::get_if<Problem>(&measured)) {
    report(*problem);
    record.problem.reported = true;
    return nullptr;
  }
  if (record.outside) return record.outside;
  if (!record.layout) {
    const CRecord& definition = *record.definition;
    record.layout = std::make_unique<StructLayout>();
    record.layout->name = definition.name;
    record.layout->size = static_cast<uint32_t>(record.shape.size);
    record.layout->is_union = definition.is_union;
    convert_members(definition, record.shape, *record.layout);
  }
  return record.layout.get();
}

std::vector<std::string> ScriptTypes::struct_names() const {
  std::vector<std::string> names;
  for (const CRecord& record : definitions_.records) {
    if (record.name.find('(') == std::string::npos) names.push_back(record.name);
  }
  return names;
}

void ScriptTypes::convert_members(const CRecord& definition, const RecordShape& shape,
                                  StructLayout& layout) {
  std::unordered_map<std::string, const CMember*> owners;
  const auto add = [&](const CMember& member, Field field) {
    const auto [owner, is_new] = owners.try_emplace(field.name, &member);
    if (!is_new && owner->second != &member) {
      diagnostics_
          .error(member.range,
                 fmt::format("'{}' has another member named '{}'", definition.name, field.name))
          .note(owner->second->range, "it is here");
    }
    layout.fields.push_back(std::move(field));
  };
  for (size_t i = 0; i < definition.members.size(); ++i) {
    const CMember& member = definition.members[i];
    const uint64_t bits = shape.bit_offsets[i];
    if (!member.name.empty()) {
      add(member, convert_field(member, bits, shape.size));
      continue;
    }
    if (member.bit_width) continue;
    const StructLayout* inner = find_struct(member.type.base.name);
    if (!inner) continue;
    for (Field field : inner->fields) {
      field.offset += static_cast<uint32_t>(bits / 8);
      add(member, std::move(field));
    }
  }
}

Field ScriptTypes::convert_field(const CMember& member, uint64_t bits, uint64_t record_size) {
  Field field;
  field.name = member.name;
  field.type = convert(member.type);
  field.offset = static_cast<uint32_t>(bits / 8);
  if (!member.bit_width || field.type.size == 0) return field;
  auto width = value(*member.bit_width);
  field.bit_width = static_cast<uint32_t>(std::get<CInteger>(width).bits);
  // Read the unit of the declared type where that holds the whole bitfield and lies inside the
  // record; otherwise start at the byte of the first bit.
  const uint32_t unit = 8 * field.type.size;
  const auto in_unit = static_cast<uint32_t>(bits % unit);
  const uint64_t start = (bits - in_unit) / 8;
  const bool fits = in_unit + field.bit_width <= unit && start + unit / 8 <= record_size;
  field.offset = static_cast<uint32_t>(fits ? start : bits / 8);
  field.bit_offset = fits ? in_unit : static_cast<uint32_t>(bits % 8);
  if (field.bit_offset + field.bit_width > 64) field.type = none_type();
  return field;
}

Type ScriptTypes::convert(const CTypeName& type) {
  Type result = convert_base(type.base);
  bool is_char = type.base.name == "char";
  bool is_function = false;
  for (size_t i = type.derivations.size(); i-- > 0;) {
    const CDerivation& step = type.derivations[i];
    switch (step.kind) {
      case CDerivation::Kind::Function: is_function = true; break;
      case CDerivation::Kind::Array:
        result = convert_array(std::move(result), step, is_char);
        break;
      case CDerivation::Kind::Pointer: {
        const bool opaque = std::exchange(is_function, false) || !result.known();
        result = pointer_to(opaque ? void_type() : std::move(result),
                            step.user ? AddressSpace::User : AddressSpace::None);
      }
    }
    is_char = false;
  }
  return result;
}

Type ScriptTypes::convert_array(Type element, const CDerivation& array, bool of_char) {
  auto count = length(array);
  const auto* n = std::get_if<uint64_t>(&count);
  if (!n || !element.known() || *n > INT32_MAX) return none_type();
  if (of_char && *n > 0) return char_array(static_cast<uint32_t>(*n));
  if (*n * element.size > INT32_MAX) return none_type();
  return array_of(std::move(element), static_cast<uint32_t>(*n));
}

Type ScriptTypes::convert_base(const CSpecifier& base) {
  switch (base.kind) {
    case CSpecifier::Kind::Struct:
    case CSpecifier::Kind::Union: return struct_type(base.name, record_size(base));
    case CSpecifier::Kind::Enum: {
      const EnumLayout* layout =
          enums_.contains(base.name) ? find_enum(base.name) : outside_.find_enum(base.name);
      const bool anonymous = base.name.find('(') != std::string::npos;
      const uint32_t size = layout ? layout->size : 4;
      if (anonymous) return integer_type(size, false);
      return enum_type(base.name, size, layout && layout->is_signed);
    }
    case CSpecifier::Kind::Plain: break;
  }
  const std::string& name = base.name;
  if (name == "void") return void_type();
  if (name == "_Bool" || name == "bool") return integer_type(1, false);
  if (auto type = kernel::c_integer(name)) return *type;
  const bool no_type = name == "float" || name.ends_with("double") || name.ends_with("__int128");
  if (no_type) return none_type();
  return outside_.find_type(name).value_or(none_type());
}

// 0 for a type that is only known by name, which is enough behind a pointer.
uint32_t ScriptTypes::record_size(const CSpecifier& base) {
  if (auto own = records_.find(base.name); own != records_.end()) {
    const auto measured = measure_record(own->second);
    const auto* found = std::get_if<Measured>(&measured);
    return found ? static_cast<uint32_t>(found->size) : 0;
  }
  const StructLayout* layout = outside_.kernel().find_struct(base.name);
  return layout ? layout->size : 0;
}

}  // namespace gimlet::ast::sema
