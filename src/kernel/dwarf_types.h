// From DWARF's types to the language's (probes-and-stdlib B2.9).
//
// Structures of a program may bear the names of the kernel's, so their tagged names carry the file
// that they come from: "struct item @/usr/bin/app"; ast::type_name() leaves that away. Structures
// without a name, and those whose name another structure of the program has as well, are told apart
// by where their description lies: "struct (anon 1f3) @/usr/bin/app".
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "ast/type.h"
#include "kernel/dwarf_file.h"

namespace gimlet::kernel {

class DwarfTypes {
 public:
  // `path`: the program, which need not be the file with its debug information.
  DwarfTypes(DwarfFile& dwarf, std::string path) : dwarf_(dwarf), path_(std::move(path)) {}

  // The type that an attribute DW_AT_type of `die` names; void if it has none, kind None if the
  // language has no such type.
  ast::Type type_of(Dwarf_Die& die);
  // How C writes it: "struct item*", "const char*".
  static std::string c_type_of(Dwarf_Die& die);

  // By tagged name with or without its file. Null if there is none.
  const ast::StructLayout* find_struct(std::string_view tagged_name);

 private:
  ast::Type convert(Dwarf_Die die, int depth);
  ast::Type convert_array(Dwarf_Die die, int depth);
  ast::Type pointee(Dwarf_Die& pointer, int depth);
  std::string tagged_name(Dwarf_Die& die);
  // The definition of a named structure, wherever it is.
  std::optional<Dwarf_Die> definition(const std::string& tagged_name);
  void index_names();
  void index_children(Dwarf_Die parent, int depth);
  void add_members(Dwarf_Die parent, uint32_t base, int depth, ast::StructLayout& layout);
  void add_member(Dwarf_Die member, uint32_t base, uint32_t parent_size,
                  std::vector<ast::Field>& fields);

  DwarfFile& dwarf_;
  std::string path_;
  bool indexed_ = false;
  std::unordered_map<std::string, Dwarf_Die> definitions_;  // by tagged name without the file
  std::unordered_map<std::string, Dwarf_Die> met_;          // likewise, while types were converted
  std::map<std::string, std::unique_ptr<ast::StructLayout>> layouts_;
};

// `die`'s type without typedefs and qualifiers; false if it has none, which means void.
bool plain_type(Dwarf_Die& die, Dwarf_Die& type);

}  // namespace gimlet::kernel
