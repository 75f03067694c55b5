// BTF: the kernel's compact description of its own C types, as a table that is read in place.
//
// A BTF file is a header, a sequence of type records and a string section. Type N is the N-th
// record; 0 is void. Records have no index, so opening one walks over all of them once and notes
// where each begins: about a millisecond for a kernel, and the file is mapped rather than read
// where the kernel allows that (6.16). libbpf's reader copies and verifies everything, which costs
// ten times the time and several megabytes; here a record is checked when it is looked at.
// A module's file is "split": its ids and strings continue those of vmlinux, its base.
// Format: Documentation/bpf/btf.rst of the kernel, <linux/btf.h>.
#pragma once

#include <linux/btf.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/owners.h"
#include "base/result.h"

namespace gimlet::kernel {

inline uint32_t btf_kind(const btf_type& type) { return BTF_INFO_KIND(type.info); }
inline bool btf_kind_flag(const btf_type& type) { return BTF_INFO_KFLAG(type.info); }
// A set of BTF kinds, for lookups.
constexpr uint32_t kind_bit(uint32_t kind) { return 1u << kind; }

// What follows the record of a type. (The word `struct` below keeps this apart from functions of
// the same names in libbpf.) Only for types that came from a Btf, whose extent was checked.
std::span<const btf_member> btf_members(const btf_type& type);         // STRUCT, UNION
std::span<const struct btf_enum> btf_enums(const btf_type& type);      // ENUM
std::span<const struct btf_enum64> btf_enums64(const btf_type& type);  // ENUM64
std::span<const btf_param> btf_parameters(const btf_type& type);       // FUNC_PROTO
const struct btf_array& btf_array_of(const btf_type& type);            // ARRAY
uint32_t btf_int_encoding(const btf_type& type);                       // INT: BTF_INT_* and bits

class Btf {
 public:
  // `base` (vmlinux for a module) must outlive the result.
  static base::Result<std::unique_ptr<Btf>> open(const std::string& path,
                                                 const Btf* base = nullptr);

  Btf(const Btf&) = delete;
  Btf& operator=(const Btf&) = delete;

  // Null for 0 (void) and for ids that do not exist.
  const btf_type* type(uint32_t id) const;
  // Empty if the offset is out of range.
  std::string_view string(uint32_t offset) const;
  std::string_view name(const btf_type& type) const { return string(type.name_off); }
  // As type(), with typedefs and qualifiers peeled off. `tag` receives the outermost type tag.
  const btf_type* resolve(uint32_t& id, std::string_view* tag = nullptr) const;

  // The first of this file's own types with that name and one of the kinds; 0 if there is none.
  uint32_t find(std::string_view name, uint32_t kinds) const;
  // Ids of this file's own structs, unions, enums, typedefs and base types, ascending.
  std::span<const uint32_t> type_ids() const { return type_ids_; }
  // Ids of this file's own functions.
  std::span<const uint32_t> function_ids() const { return function_ids_; }

 private:
  Btf() = default;
  base::Status index(std::span<const std::byte> bytes, const std::string& path);

  // Types by name. A few names are found faster by walking over all types; only those who ask for
  // many, as listings do, pay for a table.
  struct Names {
    uint32_t asked = 0;
    std::unordered_multimap<std::string_view, uint32_t> table;
  };
  uint32_t find_in(Names& names, std::span<const uint32_t> ids, std::string_view name,
                   uint32_t kinds) const;

  const Btf* base_ = nullptr;
  std::unique_ptr<base::MappedFile> mapping_;
  std::string copy_;               // the bytes, where the file cannot be mapped
  const char* types_ = nullptr;    // the type section
  std::string_view strings_;       // the string section, ending in a NUL
  uint32_t first_id_ = 1;          // id of types_[0]
  uint32_t first_string_ = 0;      // offset of strings_[0]
  std::vector<uint32_t> offsets_;  // of each own type from types_
  std::vector<uint32_t> type_ids_;
  std::vector<uint32_t> function_ids_;
  mutable Names type_names_;
  mutable Names function_names_;
};

}  // namespace gimlet::kernel
