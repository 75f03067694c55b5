// Two runs of clang: -E for macros and plain declarations, then a compilation for BPF, whose object
// has the types in its .BTF section.
#include "kernel/clang_unit.h"

#include <fmt/format.h>
#include <gelf.h>
#include <libelf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "kernel/btf.h"
#include "kernel/clang_process.h"

namespace gimlet::kernel {
namespace {

// Where clang believes the variables to be that keep the types.
constexpr std::string_view kKeepFile = "gimlet-types";
constexpr size_t kShownMessages = 4;

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

}  // namespace

base::Result<const ast::CMacro*> ClangUnit::macro(std::string_view name) {
  if (auto done = preprocess(); !done.ok()) return done.error();
  const auto& macros = text_.macros;
  const auto found = std::lower_bound(
      macros.begin(), macros.end(), name,
      [](const ast::CMacro& macro, std::string_view wanted) { return macro.name < wanted; });
  return found != macros.end() && found->name == name ? &*found : nullptr;
}

base::Result<BtfTypes*> ClangUnit::types() {
  if (auto done = compile(); !done.ok()) return done.error();
  return types_.get();
}

base::Status ClangUnit::preprocess() {
  if (failure_) return *failure_;
  if (std::exchange(preprocessed_, true)) return base::Done{};
  std::vector<std::string> words = arguments_;
  words.insert(words.end(), {"-E", "-dD", "-x", "c", "-"});
  auto run = run_clang(words, source_);
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

std::string ClangUnit::compilation(const std::set<size_t>& left_out) const {
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

base::Status ClangUnit::compile() {
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
    types_ = std::make_unique<BtfTypes>(std::move(*btf), module_);
    text_.declarations.clear();
  }
  if (failure_) return *failure_;
  return base::Done{};
}

}  // namespace gimlet::kernel
