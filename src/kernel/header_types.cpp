#include "kernel/header_types.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gelf.h>
#include <libelf.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <set>

#include "kernel/btf.h"
#include "kernel/btf_types.h"
#include "kernel/clang_process.h"
#include "kernel/header_text.h"

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

// The module name of these types: keeps names of anonymous ones apart from the kernel's.
constexpr const char* kModule = "headers";
// Where clang believes the variables to be that keep the types.
constexpr std::string_view kKeepFile = "gimlet-types";
constexpr size_t kShownMessages = 4;

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

// "a.bt:1:10: fatal error: 'x.h' file not found" lines, the first few of them.
std::string errors_in(const std::string& messages) {
  std::string errors;
  size_t count = 0;
  for (size_t at = 0; at < messages.size() && count < kShownMessages;) {
    const size_t end = std::min(messages.find('\n', at), messages.size());
    const std::string_view line(messages.data() + at, end - at);
    at = end + 1;
    if (line.find("error:") == line.npos) continue;
    if (count++ > 0) errors += '\n';
    errors += line;
  }
  return errors;
}

base::Error refused(const std::string& messages) {
  return {"the headers that this program includes cannot be read", errors_in(messages), 0, 2};
}

// The .BTF section as a file in memory.
base::Result<base::UniqueFd> btf_section(const base::UniqueFd& object) {
  const base::Error none{"clang made no type information from the headers", {}, 0, 2};
  elf_version(EV_CURRENT);
  const std::unique_ptr<Elf, decltype(&elf_end)> elf(elf_begin(object.get(), ELF_C_READ, nullptr),
                                                     &elf_end);
  size_t names = 0;
  if (!elf || elf_getshdrstrndx(elf.get(), &names) != 0) return none;
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf.get(), section));) {
    GElf_Shdr header;
    if (!gelf_getshdr(section, &header)) continue;
    const char* name = elf_strptr(elf.get(), names, header.sh_name);
    const Elf_Data* data = elf_rawdata(section, nullptr);
    if (!name || std::string_view(name) != ".BTF" || !data) continue;
    base::UniqueFd copy(::memfd_create("types", MFD_CLOEXEC));
    if (!copy) return base::system_error(errno, "Failed to create a memory file");
    const auto size = static_cast<ssize_t>(data->d_size);
    if (::write(copy.get(), data->d_buf, data->d_size) != size) return none;
    return copy;
  }
  return none;
}

class ClangHeaderTypes final : public HeaderTypes {
 public:
  explicit ClangHeaderTypes(HeaderUnit unit) : unit_(std::move(unit)) {}

  base::Result<const ast::StructLayout*> find_struct(std::string_view name) override {
    return ask<const ast::StructLayout*>([&] { return types_->find_struct(name); });
  }
  base::Result<const ast::EnumLayout*> find_enum(std::string_view name) override {
    return ask<const ast::EnumLayout*>([&] { return types_->find_enum(name); });
  }
  base::Result<std::optional<ast::Type>> find_type(std::string_view name) override {
    return ask<std::optional<ast::Type>>([&] { return types_->find_type(name); });
  }
  base::Result<std::optional<EnumConstant>> find_enum_constant(std::string_view name) override {
    return ask<std::optional<EnumConstant>>([&] {
      auto found = types_->find_enum_constant(name);
      if (found && found->enum_name.starts_with(fmt::format("enum {}", kMadeUpEnum))) {
        found->enum_name.clear();
      }
      return found;
    });
  }
  base::Result<const ast::CMacro*> find_macro(std::string_view name) override {
    if (auto done = preprocess(); !done.ok()) return done.error();
    const auto& macros = text_.macros;
    const auto found = std::lower_bound(
        macros.begin(), macros.end(), name,
        [](const ast::CMacro& macro, std::string_view wanted) { return macro.name < wanted; });
    return found != macros.end() && found->name == name ? &*found : nullptr;
  }

 private:
  template <typename Answer, typename Ask>
  base::Result<Answer> ask(Ask question) {
    if (auto done = compile(); !done.ok()) return done.error();
    return Answer(question());
  }

  std::vector<std::string> arguments() const;
  std::string unit_text() const;
  base::Status preprocess();
  base::Status compile();
  // The declarations, and a variable for each type whose number is not in `left_out`.
  std::string compilation(const std::set<size_t>& left_out) const;

  HeaderUnit unit_;
  std::optional<base::Error> failure_;
  bool preprocessed_ = false;
  HeaderText text_;
  std::unique_ptr<BtfTypes> types_;
};

std::vector<std::string> ClangHeaderTypes::arguments() const {
  std::vector<std::string> words = {"-target",
                                    "bpf",
                                    "-std=gnu11",
                                    "-w",
                                    kMachineMacro,
                                    "-fno-color-diagnostics",
                                    "-fno-caret-diagnostics",
                                    "-ferror-limit=0"};
  for (const std::string& name : unit_.predefined) words.push_back(fmt::format("-D{}=1", name));
  for (const std::string& folder : unit_.quoted_folders) {
    words.insert(words.end(), {"-iquote", folder});
  }
  for (const std::string& folder : unit_.include_folders) words.insert(words.end(), {"-I", folder});
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

// Line markers make clang speak of the program's own places.
std::string ClangHeaderTypes::unit_text() const {
  std::string text;
  for (const HeaderUnit::Piece& piece : unit_.pieces) {
    std::string file;
    for (const char c : piece.file) {
      if (c == '"' || c == '\\') file += '\\';
      file += c;
    }
    text += fmt::format("# {} \"{}\"\n{}\n", piece.line, file, piece.text);
    // A definition may leave out the `;` in the language, but not in C.
    if (!piece.text.starts_with('#')) text += ";\n";
  }
  return text;
}

base::Status ClangHeaderTypes::preprocess() {
  if (failure_) return *failure_;
  if (std::exchange(preprocessed_, true)) return base::Done{};
  std::vector<std::string> words = arguments();
  words.insert(words.end(), {"-E", "-dD", "-x", "c", "-"});
  auto run = run_clang(words, unit_text());
  if (!run.ok()) {
    failure_ = run.error();
  } else if (!run->success) {
    failure_ = refused(run->messages);
  } else if (auto output = base::read_file(path_of(run->output)); !output.ok()) {
    failure_ = output.error();
  } else {
    text_ = read_preprocessed(*output);
  }
  if (failure_) return *failure_;
  return base::Done{};
}

std::string ClangHeaderTypes::compilation(const std::set<size_t>& left_out) const {
  std::string text = text_.declarations;
  text += fmt::format("\n# 1 \"{}\"\n", kKeepFile);
  for (size_t i = 0; i < text_.types.size(); ++i) {
    const std::string& type = text_.types[i];
    // A structure that is only pointed to may stay without members in BTF; a typedef may be of a
    // function, which only a pointer can keep.
    const char* pointer = type.find(' ') == type.npos ? "*" : "";
    if (!left_out.contains(i)) text += fmt::format("{} {}gimlet_type_{};", type, pointer, i);
    text += '\n';
  }
  return text;
}

// The lines of the variables that clang complained about, counted from 0. Nothing if it complained
// about something else, too.
std::optional<std::set<size_t>> bad_lines(const std::string& messages) {
  std::set<size_t> lines;
  const std::string prefix = fmt::format("{}:", kKeepFile);
  for (size_t at = 0; at < messages.size();) {
    const size_t end = std::min(messages.find('\n', at), messages.size());
    const std::string line = messages.substr(at, end - at);
    at = end + 1;
    if (line.find("error:") == line.npos) continue;
    if (!line.starts_with(prefix)) return std::nullopt;
    lines.insert(std::strtoul(line.c_str() + prefix.size(), nullptr, 10) - 1);
  }
  return lines;
}

base::Status ClangHeaderTypes::compile() {
  if (auto done = preprocess(); !done.ok()) return done;
  if (types_) return base::Done{};
  const std::vector<std::string> words = {"-target",
                                          "bpf",
                                          "-std=gnu11",
                                          "-w",
                                          "-g",
                                          "-O0",
                                          "-fstandalone-debug",
                                          "-fno-color-diagnostics",
                                          "-fno-caret-diagnostics",
                                          "-ferror-limit=0",
                                          "-x",
                                          "cpp-output",
                                          "-c",
                                          "-o",
                                          "-",
                                          "-"};
  auto run = run_clang(words, compilation({}));
  if (run.ok() && !run->success) {
    if (const auto bad = bad_lines(run->messages)) run = run_clang(words, compilation(*bad));
  }
  if (!run.ok()) {
    failure_ = run.error();
  } else if (!run->success) {
    failure_ = refused(run->messages);
  } else if (auto section = btf_section(run->output); !section.ok()) {
    failure_ = section.error();
  } else if (auto btf = Btf::open(path_of(*section)); !btf.ok()) {
    failure_ = btf.error();
  } else {
    types_ = std::make_unique<BtfTypes>(std::move(*btf), kModule);
    text_.declarations.clear();
  }
  if (failure_) return *failure_;
  return base::Done{};
}

}  // namespace

std::vector<std::string> kernel_header_folders() {
  const std::string source = folder_from("BPFTRACE_KERNEL_SOURCE", "source");
  const std::string build = folder_from("BPFTRACE_KERNEL_BUILD", "build");
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

std::unique_ptr<HeaderTypes> clang_header_types(HeaderUnit unit) {
  return std::make_unique<ClangHeaderTypes>(std::move(unit));
}

}  // namespace gimlet::kernel
