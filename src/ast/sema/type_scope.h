// What type names mean in one program (language §5.3).
//
// The program's own C definitions first, then the kernel's BTF and the headers that the program
// includes. A type that the program defines under a name of the kernel's simply wins. The questions
// are those of Kernel. A program without C text costs nothing: every question then goes straight to
// the Kernel.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ast/c_definitions.h"
#include "ast/sema/outside_types.h"
#include "ast/sema/script_types.h"
#include "ast/type.h"
#include "base/diagnostics.h"
#include "kernel/header_types.h"
#include "kernel/kernel.h"

namespace gimlet::ast::sema {

class TypeScope {
 public:
  // All must outlive the scope; `headers` may be null, and is not asked unless the program has an
  // #include.
  TypeScope(const CDefinitions& definitions, kernel::Kernel& kernel, base::Diagnostics& diagnostics,
            kernel::HeaderTypes* headers = nullptr);

  bool has_btf() { return outside_.kernel().has_btf(); }
  // Whether the program itself defines this struct, union or enum.
  bool defines(std::string_view tagged_name) const { return script_.defines(tagged_name); }
  // By tagged name, as of Kernel. A wrong definition is reported, and is null.
  const StructLayout* find_struct(std::string_view tagged_name);
  const EnumLayout* find_enum(std::string_view tagged_name);
  // C's own types in any spelling, typedefs, and structs, unions and enums without their tag.
  std::optional<Type> find_type(std::string_view name);
  std::optional<kernel::EnumConstant> find_enum_constant(std::string_view name);
  // Tagged names of all structs and unions, for suggestions.
  std::vector<std::string> struct_names();
  // A macro of the program's own text; null if there is none.
  const CMacro* find_script_macro(std::string_view name) const;
  // As above, then of the included headers. Headers are not read for a name that the program or
  // BTF knows as an enum constant. Ask for names that mean nothing else in the language.
  const CMacro* find_macro(std::string_view name);

  // Reports every mistake in the program's definitions, used or not.
  // Warns of those that differ from the kernel's of the same name.
  void check();
  // Headers were wanted and could not be read; it was reported. Such a run exits with status 2.
  bool headers_failed() const { return outside_.headers_failed(); }

 private:
  const CDefinitions& definitions_;
  base::Diagnostics& diagnostics_;
  OutsideTypes outside_;
  ScriptTypes script_;
};

}  // namespace gimlet::ast::sema
