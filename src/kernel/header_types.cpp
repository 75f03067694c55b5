// Which text clang reads, and with which folders; the answers are ClangUnit's.
//
// There are two texts. The first has only the program's preprocessor lines: what headers define
// does not depend on the program's own structures, and these may use types of the kernel's BTF that
// clang does not know. The second has the structures, too, for those that need a header's macro.
#include "kernel/header_types.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include <algorithm>
#include <cstdlib>

#include "kernel/clang_unit.h"

namespace gimlet::kernel {
namespace {

#if defined(__aarch64__)
constexpr const char* kKernelArchitecture = "arm64";
constexpr const char* kMachineFolder = "/usr/include/aarch64-linux-gnu";
constexpr const char* kMachineMacro = "-D__aarch64__=1";
#else
constexpr const char* kKernelArchitecture = "x86";
constexpr const char* kMachineFolder = "/usr/include/x86_64-linux-gnu";
constexpr const char* kMachineMacro = "-D__x86_64__=1";
#endif

// The module names of the types: they keep names of anonymous types apart.
constexpr const char* kHeaders = "headers";
constexpr const char* kProgram = "program";

// Programs see this macro where there is BTF, which has what <linux/types.h> would define. clang
// does not see BTF: for it the macro would only switch off that header, which others need.
constexpr std::string_view kTypesGuard = "_LINUX_TYPES_H";

// What the kernel calls its integers, so that a program's structures need no header for them. C
// allows to say it again in the same way, as the kernel's headers do.
constexpr const char* kIntegers =
    "typedef signed char s8; typedef unsigned char u8; typedef short s16;"
    "typedef unsigned short u16; typedef int s32; typedef unsigned int u32;"
    "typedef long long s64; typedef unsigned long long u64;\n";

bool is_folder(const std::string& path) {
  struct stat st {};
  return ::stat(path.c_str(), &st) == 0 && S_ISDIR(st.st_mode);
}

std::string folder_from(const char* variable, const char* link) {
  if (const char* given = std::getenv(variable); given && *given) return given;
  utsname system{};
  if (::uname(&system) != 0) return {};
  return fmt::format("/lib/modules/{}/{}", system.release, link);
}

std::vector<std::string> arguments_for(const HeaderUnit& unit) {
  std::vector<std::string> words = {"-target",
                                    "bpf",
                                    "-std=gnu11",
                                    "-w",
                                    kMachineMacro,
                                    "-fno-color-diagnostics",
                                    "-fno-caret-diagnostics",
                                    "-ferror-limit=0"};
  for (const std::string& name : unit.predefined) {
    if (name != kTypesGuard) words.push_back(fmt::format("-D{}=1", name));
  }
  for (const std::string& folder : unit.quoted_folders) {
    words.insert(words.end(), {"-iquote", folder});
  }
  for (const std::string& folder : unit.include_folders) words.insert(words.end(), {"-I", folder});
  const auto kernel_folders = kernel_header_folders();
  if (!kernel_folders.empty()) {
    words.insert(words.end(), {"-D__KERNEL__", "-D__BPF_TRACING__", "-DCC_USING_FENTRY",
                               // A kernel that was built by GCC uses its address spaces.
                               "-D__seg_gs=", "-D__seg_fs="});
    for (const std::string& folder : kernel_folders) {
      words.insert(words.end(), {"-isystem", folder});
    }
    words.insert(words.end(), {"-include", "linux/kconfig.h"});
  }
  words.insert(words.end(), {"-idirafter", kMachineFolder});
  return words;
}

bool is_line(const HeaderUnit::Piece& piece) {
  const size_t first = piece.text.find_first_not_of(' ');
  return first != std::string::npos && piece.text[first] == '#';
}

// Line markers make clang speak of the program's own places.
std::string text_of(const HeaderUnit& unit, bool definitions) {
  std::string text = definitions ? kIntegers : "";
  for (const HeaderUnit::Piece& piece : unit.pieces) {
    if (!definitions && !is_line(piece)) continue;
    std::string file;
    for (const char c : piece.file) {
      if (c == '"' || c == '\\') file += '\\';
      file += c;
    }
    text += fmt::format("# {} \"{}\"\n{}\n", piece.line, file, piece.text);
    // A definition may leave out the `;` in the language, but not in C.
    if (!is_line(piece)) text += ";\n";
  }
  return text;
}

class ClangHeaderTypes final : public HeaderTypes {
 public:
  explicit ClangHeaderTypes(const HeaderUnit& unit)
      : headers_(text_of(unit, false), arguments_for(unit), kHeaders),
        program_(text_of(unit, true), arguments_for(unit), kProgram) {}

  base::Result<const ast::StructLayout*> find_struct(std::string_view name) override {
    const bool of_program = name.find(fmt::format("(anon {}:", kProgram)) != name.npos;
    auto types = of_program ? program_.types() : headers_.types();
    if (!types.ok()) return types.error();
    return (*types)->find_struct(name);
  }
  base::Result<const ast::StructLayout*> find_program_struct(std::string_view name) override {
    auto types = program_.types();
    if (!types.ok()) return types.error();
    return (*types)->find_struct(name);
  }
  base::Result<const ast::EnumLayout*> find_enum(std::string_view name) override {
    auto types = headers_.types();
    if (!types.ok()) return types.error();
    return (*types)->find_enum(name);
  }
  base::Result<std::optional<ast::Type>> find_type(std::string_view name) override {
    auto types = headers_.types();
    if (!types.ok()) return types.error();
    return (*types)->find_type(name);
  }
  base::Result<std::optional<EnumConstant>> find_enum_constant(std::string_view name) override {
    auto types = headers_.types();
    if (!types.ok()) return types.error();
    auto found = (*types)->find_enum_constant(name);
    if (found && found->enum_name.starts_with(fmt::format("enum {}", kMadeUpEnum))) {
      found->enum_name.clear();
    }
    return found;
  }
  base::Result<const ast::CMacro*> find_macro(std::string_view name) override {
    return headers_.macro(name);
  }

 private:
  ClangUnit headers_;
  ClangUnit program_;
};

}  // namespace

HeaderUnit header_unit(const base::SourceSet& sources,
                       const std::vector<base::SourceRange>& pieces) {
  HeaderUnit unit;
  for (const base::SourceRange& range : pieces) {
    const base::SourceFile& file = sources.file(range.file);
    const base::Position start = file.position(range.begin);
    // Blanks in front make clang count the same columns.
    const std::string indent(start.column - 1, ' ');
    unit.pieces.push_back({indent + std::string(sources.text(range)), file.name(), start.line});
    const size_t slash = file.name().rfind('/');
    std::string folder = slash == std::string::npos ? "." : file.name().substr(0, slash + 1);
    auto& folders = unit.quoted_folders;
    if (std::find(folders.begin(), folders.end(), folder) == folders.end()) {
      folders.push_back(std::move(folder));
    }
  }
  return unit;
}

std::string kernel_build_folder() { return folder_from("BPFTRACE_KERNEL_BUILD", "build"); }

std::vector<std::string> kernel_header_folders() {
  const std::string source = folder_from("BPFTRACE_KERNEL_SOURCE", "source");
  const std::string build = kernel_build_folder();
  std::vector<std::string> folders;
  for (const char* part : {"/include", "/include/uapi"}) {
    const bool user = std::string_view(part) != "/include";
    const std::string machine = fmt::format("/arch/{}{}", kKernelArchitecture, part);
    const std::string generated =
        fmt::format("/arch/{}/include/generated{}", kKernelArchitecture, user ? "/uapi" : "");
    const std::string common = user ? "/include/generated/uapi" : part;
    for (const std::string& folder :
         {source + machine, build + generated, source + part, build + common}) {
      const bool seen = std::find(folders.begin(), folders.end(), folder) != folders.end();
      if (!seen && is_folder(folder)) folders.push_back(folder);
    }
  }
  return folders;
}

std::unique_ptr<HeaderTypes> clang_header_types(const HeaderUnit& unit) {
  return std::make_unique<ClangHeaderTypes>(unit);
}

}  // namespace gimlet::kernel
