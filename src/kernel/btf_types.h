// From BTF records to the language's types (language §5.3).
//
// One object stands for one BTF file. Layouts are made at the first question and kept, so pointers
// to them stay valid. Anonymous structs and unions are called "struct (anon 1234)" after their id,
// and "struct (anon MODULE:1234)" where they belong to a module; these names can be looked up.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ast/type.h"
#include "kernel/btf.h"
#include "kernel/kernel.h"

namespace gimlet::kernel {

class BtfTypes {
 public:
  // `module`: "vmlinux" or the module's name.
  BtfTypes(std::unique_ptr<Btf> btf, std::string module)
      : btf_(std::move(btf)), module_(std::move(module)) {}

  const Btf& btf() const { return *btf_; }
  const std::string& module() const { return module_; }

  const ast::StructLayout* find_struct(std::string_view tagged_name);
  const ast::EnumLayout* find_enum(std::string_view tagged_name);
  // A typedef, a base type, or a struct, union or enum without its tag.
  std::optional<ast::Type> find_type(std::string_view name) const;
  std::optional<EnumConstant> find_enum_constant(std::string_view name) const;
  // Tagged names of the file's own structs and unions, anonymous ones excluded.
  std::vector<std::string> struct_names() const;

  // The language's type of a BTF type; kind None if it has none.
  ast::Type type(uint32_t id) const { return convert(id, 0); }

 private:
  ast::Type convert(uint32_t id, int depth) const;
  ast::Type convert_pointer(const btf_type& pointer, int depth) const;
  ast::Type convert_array(const btf_type& array, int depth) const;
  std::string tagged_name(uint32_t id, const btf_type& type) const;
  uint32_t struct_id(std::string_view tagged_name) const;
  uint32_t anonymous_id(std::string_view inner) const;
  // Adds the members of `parent` at `base` bytes; `budget` bounds the work on damaged files.
  void add_members(const btf_type& parent, uint32_t base, int depth, uint32_t& budget,
                   std::vector<ast::Field>& fields) const;
  void add_member(const btf_type& parent, const btf_member& member, uint32_t base,
                  std::vector<ast::Field>& fields) const;

  std::unique_ptr<Btf> btf_;
  std::string module_;
  std::unordered_map<std::string, std::unique_ptr<ast::StructLayout>> structs_;
  std::unordered_map<std::string, std::unique_ptr<ast::EnumLayout>> enums_;
};

}  // namespace gimlet::kernel
