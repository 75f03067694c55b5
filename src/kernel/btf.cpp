// Opening and indexing BTF. index() checks every record's extent, so that whatever follows a record
// may be read without further checks; ids and string offsets inside records are checked when used.
#include "kernel/btf.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

namespace gimlet::kernel {
namespace {

// Longer chains of typedefs and qualifiers exist only in damaged files, as loops.
constexpr int kMaxChain = 64;

template <typename T>
const T* after(const btf_type& type) {
  return reinterpret_cast<const T*>(&type + 1);
}

// Bytes after the record, or -1 for a kind that this reader does not know.
int64_t trailing_bytes(const btf_type& type) {
  const int64_t count = BTF_INFO_VLEN(type.info);
  switch (btf_kind(type)) {
    case BTF_KIND_INT:
    case BTF_KIND_VAR:
    case BTF_KIND_DECL_TAG: return 4;
    case BTF_KIND_ARRAY: return sizeof(btf_array);
    case BTF_KIND_STRUCT:
    case BTF_KIND_UNION:
    case BTF_KIND_DATASEC:
    case BTF_KIND_ENUM64: return 12 * count;
    case BTF_KIND_ENUM:
    case BTF_KIND_FUNC_PROTO: return 8 * count;
    case BTF_KIND_PTR:
    case BTF_KIND_FWD:
    case BTF_KIND_TYPEDEF:
    case BTF_KIND_VOLATILE:
    case BTF_KIND_CONST:
    case BTF_KIND_RESTRICT:
    case BTF_KIND_FUNC:
    case BTF_KIND_FLOAT:
    case BTF_KIND_TYPE_TAG: return 0;
    default: return -1;
  }
}

constexpr uint32_t kNamedKinds = kind_bit(BTF_KIND_INT) | kind_bit(BTF_KIND_STRUCT) |
                                 kind_bit(BTF_KIND_UNION) | kind_bit(BTF_KIND_ENUM) |
                                 kind_bit(BTF_KIND_ENUM64) | kind_bit(BTF_KIND_TYPEDEF) |
                                 kind_bit(BTF_KIND_FLOAT);

base::Error damaged(const std::string& path, const char* what) {
  return {fmt::format("{} is not valid BTF: {}", path, what), {}};
}

}  // namespace

std::span<const btf_member> btf_members(const btf_type& type) {
  return {after<btf_member>(type), BTF_INFO_VLEN(type.info)};
}
std::span<const btf_enum> btf_enums(const btf_type& type) {
  return {after<btf_enum>(type), BTF_INFO_VLEN(type.info)};
}
std::span<const btf_enum64> btf_enums64(const btf_type& type) {
  return {after<btf_enum64>(type), BTF_INFO_VLEN(type.info)};
}
std::span<const btf_param> btf_parameters(const btf_type& type) {
  return {after<btf_param>(type), BTF_INFO_VLEN(type.info)};
}
const btf_array& btf_array_of(const btf_type& type) { return *after<btf_array>(type); }
uint32_t btf_int_encoding(const btf_type& type) { return *after<uint32_t>(type); }

base::Result<std::unique_ptr<Btf>> Btf::open(const std::string& path, const Btf* base) {
  std::unique_ptr<Btf> btf(new Btf);
  btf->base_ = base;
  if (base) {
    btf->first_id_ = base->first_id_ + static_cast<uint32_t>(base->offsets_.size());
    btf->first_string_ = static_cast<uint32_t>(base->strings_.size());
  }
  std::span<const std::byte> bytes;
  if (auto mapped = base::MappedFile::open(path); mapped.ok()) {
    btf->mapping_ = std::make_unique<base::MappedFile>(std::move(*mapped));
    bytes = btf->mapping_->bytes();
  } else {
    auto text = base::read_file(path);
    if (!text.ok()) return text.error();
    btf->copy_ = std::move(*text);
    bytes = std::as_bytes(std::span(btf->copy_));
  }
  if (auto done = btf->index(bytes, path); !done.ok()) return done.error();
  return btf;
}

base::Status Btf::index(std::span<const std::byte> bytes, const std::string& path) {
  btf_header header;
  if (bytes.size() < sizeof header) return damaged(path, "the file is too short");
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.magic != BTF_MAGIC) return damaged(path, "wrong magic number or byte order");
  const uint64_t types_begin = uint64_t{header.hdr_len} + header.type_off;
  const uint64_t strings_begin = uint64_t{header.hdr_len} + header.str_off;
  if (header.hdr_len < sizeof header || types_begin % 4 != 0 ||
      types_begin + header.type_len > bytes.size() ||
      strings_begin + header.str_len > bytes.size()) {
    return damaged(path, "its sections lie outside the file");
  }
  const char* start = reinterpret_cast<const char*>(bytes.data());
  types_ = start + types_begin;
  strings_ = {start + strings_begin, header.str_len};
  if (strings_.empty() || strings_.back() != '\0') return damaged(path, "unterminated strings");

  offsets_.reserve(header.type_len / 30);  // the usual length of a record, so that it grows once
  for (uint32_t at = 0; at < header.type_len;) {
    const uint32_t left = header.type_len - at;
    if (left < sizeof(btf_type)) return damaged(path, "a type record is cut short");
    const auto& record = *reinterpret_cast<const btf_type*>(types_ + at);
    const int64_t trailing = trailing_bytes(record);
    if (trailing < 0) {
      return damaged(path, fmt::format("unknown kind {}", btf_kind(record)).c_str());
    }
    if (trailing > static_cast<int64_t>(left - sizeof(btf_type)) || trailing % 4 != 0) {
      return damaged(path, "a type record is cut short");
    }
    const uint32_t id = first_id_ + static_cast<uint32_t>(offsets_.size());
    const uint32_t kind = kind_bit(btf_kind(record));
    if (kind & kNamedKinds) type_ids_.push_back(id);
    if (kind & kind_bit(BTF_KIND_FUNC)) function_ids_.push_back(id);
    offsets_.push_back(at);
    at += sizeof(btf_type) + static_cast<uint32_t>(trailing);
  }
  return base::Done{};
}

const btf_type* Btf::type(uint32_t id) const {
  if (id < first_id_) return base_ ? base_->type(id) : nullptr;
  const uint32_t own = id - first_id_;
  if (own >= offsets_.size()) return nullptr;
  return reinterpret_cast<const btf_type*>(types_ + offsets_[own]);
}

std::string_view Btf::string(uint32_t offset) const {
  if (offset < first_string_) return base_ ? base_->string(offset) : std::string_view{};
  const uint32_t own = offset - first_string_;
  if (own >= strings_.size()) return {};
  return strings_.data() + own;  // the section ends in a NUL
}

const btf_type* Btf::resolve(uint32_t& id, std::string_view* tag) const {
  for (int i = 0; i < kMaxChain; ++i) {
    const btf_type* t = type(id);
    if (!t) return nullptr;
    switch (btf_kind(*t)) {
      case BTF_KIND_TYPE_TAG:
        if (tag && tag->empty()) *tag = name(*t);
        break;
      case BTF_KIND_TYPEDEF:
      case BTF_KIND_CONST:
      case BTF_KIND_VOLATILE:
      case BTF_KIND_RESTRICT: break;
      default: return t;
    }
    id = t->type;
  }
  return nullptr;
}

uint32_t Btf::find_in(Names& names, std::span<const uint32_t> ids, std::string_view wanted,
                      uint32_t kinds) const {
  constexpr uint32_t kFewQuestions = 16;
  if (++names.asked <= kFewQuestions) {
    for (uint32_t id : ids) {
      const btf_type& t = *type(id);
      if ((kinds & kind_bit(btf_kind(t))) && name(t) == wanted) return id;
    }
    return 0;
  }
  if (names.table.empty()) {
    names.table.reserve(ids.size());
    for (uint32_t id : ids) names.table.emplace(name(*type(id)), id);
  }
  uint32_t first = 0;
  auto [begin, end] = names.table.equal_range(wanted);
  for (auto entry = begin; entry != end; ++entry) {
    const bool fits = kinds & kind_bit(btf_kind(*type(entry->second)));
    if (fits && (first == 0 || entry->second < first)) first = entry->second;
  }
  return first;
}

uint32_t Btf::find(std::string_view wanted, uint32_t kinds) const {
  if (wanted.empty()) return 0;
  return kinds & kind_bit(BTF_KIND_FUNC) ? find_in(function_names_, function_ids_, wanted, kinds)
                                         : find_in(type_names_, type_ids_, wanted, kinds);
}

}  // namespace gimlet::kernel
