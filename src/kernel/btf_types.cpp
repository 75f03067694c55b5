// Conversion of BTF types, and the cached layouts of structs and enums.
//
// Damaged files may hold loops and absurd counts: nesting is limited by depth, lifting of anonymous
// members by a budget, and every id is looked up through Btf, which knows which ids exist.
#include "kernel/btf_types.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace gimlet::kernel {
namespace {

constexpr int kMaxDepth = 32;
constexpr uint32_t kMaxMembers = 200'000;
constexpr uint32_t kStructs = kind_bit(BTF_KIND_STRUCT) | kind_bit(BTF_KIND_UNION);
constexpr uint32_t kEnums = kind_bit(BTF_KIND_ENUM) | kind_bit(BTF_KIND_ENUM64);

bool is_struct(const btf_type& type) { return kStructs & kind_bit(btf_kind(type)); }

ast::Type convert_int(const Btf& btf, const btf_type& type) {
  const uint32_t size = type.size;
  if (size != 1 && size != 2 && size != 4 && size != 8) return ast::none_type();
  const uint32_t encoding = BTF_INT_ENCODING(btf_int_encoding(type));
  if ((encoding & BTF_INT_BOOL) && size == 1) return ast::bool_type();
  // Kernels since 6.2 are compiled with an unsigned char; in the language char is int8 everywhere.
  const bool is_signed = (encoding & BTF_INT_SIGNED) || btf.name(type) == "char";
  return ast::integer_type(size, is_signed);
}

// Calls visit(name, value) for each enumerator until it returns true.
template <typename Visit>
bool any_enumerator(const Btf& btf, const btf_type& type, Visit visit) {
  const bool is_signed = btf_kind_flag(type);
  if (btf_kind(type) == BTF_KIND_ENUM) {
    for (const btf_enum& e : btf_enums(type)) {
      const int64_t value = is_signed ? int64_t{e.val} : int64_t{static_cast<uint32_t>(e.val)};
      if (visit(btf.string(e.name_off), value)) return true;
    }
  } else {
    for (const btf_enum64& e : btf_enums64(type)) {
      const uint64_t value = (uint64_t{e.val_hi32} << 32) | e.val_lo32;
      if (visit(btf.string(e.name_off), static_cast<int64_t>(value))) return true;
    }
  }
  return false;
}

// Splits "struct x" into the set of kinds it may be and "x".
std::pair<uint32_t, std::string_view> split_tag(std::string_view tagged) {
  constexpr std::pair<std::string_view, uint32_t> tags[] = {
      {"struct ", kind_bit(BTF_KIND_STRUCT)},
      {"union ", kind_bit(BTF_KIND_UNION)},
      {"enum ", kEnums},
  };
  for (const auto& [tag, kinds] : tags) {
    if (tagged.starts_with(tag)) return {kinds, tagged.substr(tag.size())};
  }
  return {0, {}};
}

}  // namespace

std::string BtfTypes::tagged_name(uint32_t id, const btf_type& type) const {
  const char* tag = btf_kind(type) == BTF_KIND_UNION ? "union" : "struct";
  const std::string_view name = btf_->name(type);
  if (!name.empty()) return fmt::format("{} {}", tag, name);
  const bool own = !btf_->type_ids().empty() && id >= btf_->type_ids().front();
  if (module_ == "vmlinux" || !own) return fmt::format("{} (anon {})", tag, id);
  return fmt::format("{} (anon {}:{})", tag, module_, id);
}

ast::Type BtfTypes::convert(uint32_t id, int depth) const {
  const btf_type* type = btf_->resolve(id);
  if (!type) return id == 0 ? ast::void_type() : ast::none_type();
  if (depth > kMaxDepth) return ast::none_type();
  switch (btf_kind(*type)) {
    case BTF_KIND_INT: return convert_int(*btf_, *type);
    case BTF_KIND_PTR: return convert_pointer(*type, depth);
    case BTF_KIND_ARRAY: return convert_array(*type, depth);
    case BTF_KIND_STRUCT:
    case BTF_KIND_UNION: return ast::struct_type(tagged_name(id, *type), type->size);
    case BTF_KIND_FWD: {
      const char* tag = btf_kind_flag(*type) ? "union" : "struct";
      return ast::struct_type(fmt::format("{} {}", tag, btf_->name(*type)), 0);
    }
    case BTF_KIND_ENUM:
    case BTF_KIND_ENUM64: {
      const std::string_view name = btf_->name(*type);
      if (name.empty()) return ast::integer_type(type->size, false);
      return ast::enum_type(fmt::format("enum {}", name), type->size, btf_kind_flag(*type));
    }
    default: return ast::none_type();  // floating point; functions behind no pointer
  }
}

ast::Type BtfTypes::convert_pointer(const btf_type& pointer, int depth) const {
  uint32_t id = pointer.type;
  std::string_view tag;
  const btf_type* pointee = btf_->resolve(id, &tag);
  if (!tag.empty() && tag != "user" && tag != "rcu") return ast::unreadable_pointer(tag);
  const auto space = tag == "user" ? ast::AddressSpace::User : ast::AddressSpace::Kernel;
  if (!pointee || btf_kind(*pointee) == BTF_KIND_FUNC_PROTO) {
    return ast::pointer_to(ast::void_type(), space);
  }
  ast::Type target = convert(id, depth + 1);
  return ast::pointer_to(target.known() ? std::move(target) : ast::void_type(), space);
}

ast::Type BtfTypes::convert_array(const btf_type& array, int depth) const {
  const btf_array& shape = btf_array_of(array);
  uint32_t id = shape.type;
  const btf_type* resolved = btf_->resolve(id);
  if (!resolved) return ast::none_type();
  const bool is_char = btf_kind(*resolved) == BTF_KIND_INT && btf_->name(*resolved) == "char";
  if (is_char && shape.nelems > 0) return ast::char_array(shape.nelems);
  ast::Type element = convert(id, depth + 1);
  const uint64_t size = uint64_t{element.size} * shape.nelems;
  if (!element.known() || size > INT32_MAX) return ast::none_type();
  return ast::array_of(std::move(element), shape.nelems);
}

void BtfTypes::add_members(const btf_type& parent, uint32_t base, int depth, uint32_t& budget,
                           std::vector<ast::Field>& fields) const {
  for (const btf_member& member : btf_members(parent)) {
    if (budget == 0) return;
    --budget;
    if (!btf_->string(member.name_off).empty()) {
      add_member(parent, member, base, fields);
      continue;
    }
    // An anonymous member's own members are reached through the parent; unnamed bitfields are
    // padding.
    uint32_t id = member.type;
    const btf_type* inner = btf_->resolve(id);
    if (!inner || !is_struct(*inner) || depth >= kMaxDepth) continue;
    const uint32_t bits =
        btf_kind_flag(parent) ? BTF_MEMBER_BIT_OFFSET(member.offset) : member.offset;
    add_members(*inner, base + bits / 8, depth + 1, budget, fields);
  }
}

void BtfTypes::add_member(const btf_type& parent, const btf_member& member, uint32_t base,
                          std::vector<ast::Field>& fields) const {
  ast::Field field;
  field.name = std::string(btf_->string(member.name_off));
  field.type = type(member.type);
  uint32_t bits = member.offset;
  if (btf_kind_flag(parent)) {
    bits = BTF_MEMBER_BIT_OFFSET(member.offset);
    field.bit_width = BTF_MEMBER_BITFIELD_SIZE(member.offset);
  } else {
    // Without the flag a bitfield is a member whose integer type is narrower than its bytes.
    uint32_t id = member.type;
    const btf_type* integer = btf_->resolve(id);
    if (integer && btf_kind(*integer) == BTF_KIND_INT) {
      const uint32_t width = BTF_INT_BITS(btf_int_encoding(*integer));
      if (width < 8 * field.type.size) field.bit_width = width;
      bits += BTF_INT_OFFSET(btf_int_encoding(*integer));
    }
  }
  field.offset = base + bits / 8;
  if (field.bit_width != 0 && field.type.size != 0) {
    // Read the aligned unit of the declared type where that holds the whole bitfield, as C does;
    // in packed structs, where it may not, start at the byte of the first bit.
    const uint32_t unit = 8 * field.type.size;
    const uint32_t in_unit = bits % unit;
    const uint32_t start = (bits - in_unit) / 8;
    const bool fits = in_unit + field.bit_width <= unit && start + unit / 8 <= parent.size;
    field.offset = base + (fits ? start : bits / 8);
    field.bit_offset = fits ? in_unit : bits % 8;
    if (field.bit_offset + field.bit_width > 64) field.type = ast::none_type();
  }
  fields.push_back(std::move(field));
}

uint32_t BtfTypes::anonymous_id(std::string_view inner) const {
  if (module_ != "vmlinux") {
    if (!inner.starts_with(module_ + ":")) return 0;
    inner.remove_prefix(module_.size() + 1);
  }
  uint32_t id = 0;
  const char* end = inner.data() + inner.size();
  const auto [stop, error] = std::from_chars(inner.data(), end, id);
  return error == std::errc{} && stop == end ? id : 0;
}

uint32_t BtfTypes::struct_id(std::string_view tagged) const {
  const auto [kinds, name] = split_tag(tagged);
  if (!(kinds & kStructs)) return 0;
  constexpr std::string_view prefix = "(anon ";
  if (!name.starts_with(prefix) || !name.ends_with(")")) return btf_->find(name, kinds);
  const uint32_t id = anonymous_id(name.substr(prefix.size(), name.size() - prefix.size() - 1));
  const btf_type* type = btf_->type(id);
  const bool matches = type && (kinds & kind_bit(btf_kind(*type))) && btf_->name(*type).empty();
  return matches ? id : 0;
}

const ast::StructLayout* BtfTypes::find_struct(std::string_view tagged) {
  auto [slot, is_new] = structs_.try_emplace(std::string(tagged));
  if (!is_new) return slot->second.get();
  const uint32_t id = struct_id(tagged);
  if (id == 0) return nullptr;
  const btf_type& type = *btf_->type(id);
  auto layout = std::make_unique<ast::StructLayout>();
  layout->name = slot->first;
  layout->size = type.size;
  layout->is_union = btf_kind(type) == BTF_KIND_UNION;
  layout->fields.reserve(btf_members(type).size());
  uint32_t budget = kMaxMembers;
  add_members(type, 0, 0, budget, layout->fields);
  slot->second = std::move(layout);
  return slot->second.get();
}

const ast::EnumLayout* BtfTypes::find_enum(std::string_view tagged) {
  auto [slot, is_new] = enums_.try_emplace(std::string(tagged));
  if (!is_new) return slot->second.get();
  const auto [kinds, name] = split_tag(tagged);
  const uint32_t id = (kinds & kEnums) ? btf_->find(name, kEnums) : 0;
  if (id == 0) return nullptr;
  const btf_type& type = *btf_->type(id);
  auto layout = std::make_unique<ast::EnumLayout>();
  layout->name = slot->first;
  layout->size = type.size;
  layout->is_signed = btf_kind_flag(type);
  any_enumerator(*btf_, type, [&](std::string_view enumerator, int64_t value) {
    layout->values.emplace_back(enumerator, value);
    return false;
  });
  slot->second = std::move(layout);
  return slot->second.get();
}

std::optional<ast::Type> BtfTypes::find_type(std::string_view name) const {
  for (uint32_t kinds : {kind_bit(BTF_KIND_TYPEDEF), kind_bit(BTF_KIND_INT), kStructs, kEnums}) {
    const uint32_t id = btf_->find(name, kinds);
    if (id == 0) continue;
    ast::Type found = type(id);
    if (!found.known()) return std::nullopt;
    return found;
  }
  return std::nullopt;
}

std::optional<EnumConstant> BtfTypes::find_enum_constant(std::string_view name) const {
  for (uint32_t id : btf_->type_ids()) {
    const btf_type& type = *btf_->type(id);
    if (!(kEnums & kind_bit(btf_kind(type)))) continue;
    EnumConstant constant;
    const bool found = any_enumerator(*btf_, type, [&](std::string_view enumerator, int64_t value) {
      constant.value = value;
      return enumerator == name;
    });
    if (!found) continue;
    const std::string_view owner = btf_->name(type);
    if (!owner.empty()) constant.enum_name = fmt::format("enum {}", owner);
    return constant;
  }
  return std::nullopt;
}

std::vector<std::string> BtfTypes::struct_names() const {
  std::vector<std::string> names;
  for (uint32_t id : btf_->type_ids()) {
    const btf_type& type = *btf_->type(id);
    if (is_struct(type) && !btf_->name(type).empty()) names.push_back(tagged_name(id, type));
  }
  return names;
}

}  // namespace gimlet::kernel
