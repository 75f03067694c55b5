// Types and macros from the headers that a program includes (language §16).
//
// Most programs include headers whose types the kernel's BTF has anyway, so headers are read only
// when a name is found nowhere else. clang then preprocesses the program's C text as one unit
// (macros come from that), and, if types are wanted, compiles it for BPF with a variable for every
// type that was declared, so that all of them end up in BTF. It runs as a separate process, if it
// is installed; nothing here is linked with it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ast/c_definitions.h"
#include "ast/type.h"
#include "base/result.h"
#include "base/source.h"
#include "kernel/kernel.h"

namespace gimlet::kernel {

// Answers as Kernel does; an Error says why the headers could not be read, and comes for every
// question once it has come for one. Pointers stay valid as long as the object.
class HeaderTypes {
 public:
  virtual ~HeaderTypes() = default;
  virtual base::Result<const ast::StructLayout*> find_struct(std::string_view tagged_name) = 0;
  // One of the program's own structures, as the compiler sees it with the headers.
  virtual base::Result<const ast::StructLayout*> find_program_struct(
      std::string_view tagged_name) = 0;
  virtual base::Result<const ast::EnumLayout*> find_enum(std::string_view tagged_name) = 0;
  virtual base::Result<std::optional<ast::Type>> find_type(std::string_view name) = 0;
  virtual base::Result<std::optional<EnumConstant>> find_enum_constant(std::string_view name) = 0;
  virtual base::Result<const ast::CMacro*> find_macro(std::string_view name) = 0;
};

// What clang is given.
struct HeaderUnit {
  // The program's C text: every preprocessor line and definition, in order, and where it stands.
  struct Piece {
    std::string text;
    std::string file;   // as messages show it
    uint32_t line = 1;  // of its first character
  };
  std::vector<Piece> pieces;
  std::vector<std::string> include_folders;  // -I, in order
  std::vector<std::string> quoted_folders;   // where `#include "x"` looks, too: the scripts' own
  std::vector<std::string> predefined;       // macros that are 1, such as BPFTRACE_HAVE_BTF
};

// The unit of a program: `pieces` is ast::Program::c_text. Sets `pieces` and `quoted_folders`.
HeaderUnit header_unit(const base::SourceSet& sources,
                       const std::vector<base::SourceRange>& pieces);

// The folders of the running kernel's headers that exist, in search order. From
// BPFTRACE_KERNEL_SOURCE and BPFTRACE_KERNEL_BUILD, else /lib/modules/RELEASE/{source,build}.
std::vector<std::string> kernel_header_folders();
// The folder that those of them lie in which the kernel's build has made, whether it exists or not.
std::string kernel_build_folder();

// Runs nothing before the first question.
std::unique_ptr<HeaderTypes> clang_header_types(const HeaderUnit& unit);

}  // namespace gimlet::kernel
