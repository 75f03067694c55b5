// Each question goes to vmlinux first; the modules' BTF, a file for each of them, is opened only
// when vmlinux has no answer.
#include "kernel/file_kernel.h"

#include <dirent.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <tuple>

#include "base/glob.h"
#include "base/owners.h"
#include "kernel/c_integers.h"
#include "kernel/iterators.h"
#include "kernel/kallsyms.h"
#include "kernel/kernel_functions.h"
#include "kernel/raw_tracepoints.h"
#include "kernel/type_definitions.h"

namespace gimlet::kernel {
namespace {

std::vector<std::string> sorted_file_names(const std::string& folder) {
  std::vector<std::string> names;
  DIR* open_folder = ::opendir(folder.c_str());
  if (!open_folder) return names;
  while (const dirent* entry = ::readdir(open_folder)) {
    if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
  }
  ::closedir(open_folder);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

BtfTypes* FileKernel::vmlinux() {
  if (!std::exchange(opened_vmlinux_, true) && !paths_.btf.empty()) {
    if (auto btf = Btf::open(paths_.btf); btf.ok()) {
      vmlinux_ = std::make_unique<BtfTypes>(std::move(*btf), "vmlinux");
    }
  }
  return vmlinux_.get();
}

std::vector<std::unique_ptr<BtfTypes>>& FileKernel::modules() {
  if (std::exchange(opened_modules_, true) || !vmlinux()) return modules_;
  if (paths_.module_btf_folder.empty()) return modules_;
  for (const std::string& name : sorted_file_names(paths_.module_btf_folder)) {
    if (name == "vmlinux") continue;
    auto btf = Btf::open(paths_.module_btf_folder + "/" + name, &vmlinux()->btf());
    if (btf.ok()) modules_.push_back(std::make_unique<BtfTypes>(std::move(*btf), name));
  }
  return modules_;
}

template <typename Ask>
auto FileKernel::first_answer(Ask ask) -> decltype(ask(std::declval<BtfTypes&>())) {
  if (!vmlinux()) return {};
  auto answer = ask(*vmlinux());
  if (answer) return answer;
  for (auto& module : modules()) {
    answer = ask(*module);
    if (answer) break;
  }
  return answer;
}

template <typename Visit>
void FileKernel::visit_all(Visit visit, const std::string& only) {
  if (!vmlinux()) return;
  if (only.empty() || only == "vmlinux") visit(*vmlinux());
  if (only == "vmlinux") return;
  for (auto& module : modules()) {
    if (only.empty() || only == module->module()) visit(*module);
  }
}

const ast::StructLayout* FileKernel::find_struct(std::string_view tagged_name) {
  return first_answer([&](BtfTypes& types) { return types.find_struct(tagged_name); });
}

const ast::EnumLayout* FileKernel::find_enum(std::string_view tagged_name) {
  return first_answer([&](BtfTypes& types) { return types.find_enum(tagged_name); });
}

std::optional<ast::Type> FileKernel::find_type(std::string_view name) {
  // These mean the same in every kernel, so BTF stays closed.
  if (auto known = c_integer(name)) return known;
  return first_answer([&](BtfTypes& types) { return types.find_type(name); });
}

std::optional<EnumConstant> FileKernel::find_enum_constant(std::string_view name) {
  return first_answer([&](BtfTypes& types) { return types.find_enum_constant(name); });
}

std::vector<std::string> FileKernel::struct_names() {
  std::vector<std::string> names;
  if (!vmlinux()) return names;
  names = vmlinux()->struct_names();
  for (auto& module : modules()) {
    for (std::string& name : module->struct_names()) names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::vector<std::string> FileKernel::type_names(const std::string& pattern) {
  std::vector<std::string> names;
  visit_all([&](const BtfTypes& types) {
    for (auto& [name, id] : matching_types(types, pattern)) names.push_back(name);
  });
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::vector<CDefinition> FileKernel::type_definitions(const std::string& pattern) {
  std::map<std::string, CDefinition> definitions;
  DefinitionWriter writer(paths_.btf);
  visit_all([&](const BtfTypes& types) {
    MatchingTypes found = matching_types(types, pattern);
    std::erase_if(found, [&](const auto& type) { return definitions.contains(type.first); });
    if (found.empty()) return;
    const bool in_kernel = types.module() == "vmlinux";
    const std::string file = paths_.module_btf_folder + "/" + types.module();
    for (auto& [name, text] : writer.write(in_kernel ? "" : file, found)) {
      definitions[name] = {types.module(), std::move(text)};
    }
  });
  std::vector<CDefinition> out;
  for (auto& [name, definition] : definitions) out.push_back(std::move(definition));
  return out;
}

bool FileKernel::tracepoint_exists(const std::string& category, const std::string& event) {
  return tracefs_.exists(category, event);
}

base::Result<std::vector<std::string>> FileKernel::tracepoints() { return tracefs_.events(); }

std::optional<ast::Type> FileKernel::tagged_type(std::string_view name) {
  if (name.starts_with("struct ") || name.starts_with("union ")) {
    const ast::StructLayout* layout = find_struct(name);
    return ast::struct_type(std::string(name), layout ? layout->size : 0);
  }
  if (name.starts_with("enum ")) {
    const ast::EnumLayout* layout = find_enum(name);
    if (!layout) return std::nullopt;
    return ast::enum_type(layout->name, layout->size, layout->is_signed);
  }
  return find_type(name);
}

base::Result<ast::StructLayout> FileKernel::tracepoint_format(const std::string& category,
                                                              const std::string& event) {
  return tracefs_.layout(category, event,
                         [this](std::string_view name) { return tagged_type(name); });
}

base::Result<std::vector<std::string>> FileKernel::tracepoint_field_lines(
    const std::string& category, const std::string& event) {
  auto fields = tracefs_.fields(category, event);
  if (!fields.ok()) return fields.error();
  std::vector<std::string> lines;
  for (FormatField& field : *fields) {
    if (!field.is_common()) lines.push_back(std::move(field.declaration));
  }
  return lines;
}

std::vector<std::string> FileKernel::raw_tracepoints() {
  std::vector<std::string> names;
  if (!vmlinux()) return names;
  names = list_raw_tracepoints(*vmlinux());
  for (auto& module : modules()) {
    for (std::string& name : list_raw_tracepoints(*module)) names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<RawTracepoint> FileKernel::raw_tracepoint(const std::string& event) {
  return first_answer([&](BtfTypes& types) { return find_raw_tracepoint(types, event); });
}

std::vector<KernelFunction> FileKernel::kernel_functions(const std::string& module,
                                                         const std::string& name) {
  std::vector<KernelFunction> found;
  auto look = [&](const BtfTypes& types) {
    if (auto function = find_kernel_function(types, name)) found.push_back(std::move(*function));
  };
  visit_all(look, module);
  return found;
}

std::vector<KernelFunction> FileKernel::match_kernel_functions(const std::string& pattern) {
  std::vector<KernelFunction> found;
  std::string module = pattern.substr(0, pattern.find(':'));
  if (base::has_wildcard(module)) module.clear();
  auto add = [&](const BtfTypes& types) {
    add_matching_functions(types, pattern, traceable(), found);
  };
  visit_all(add, module);
  std::sort(found.begin(), found.end(), [](const KernelFunction& a, const KernelFunction& b) {
    return std::tie(a.module, a.name) < std::tie(b.module, b.name);
  });
  return found;
}

KernelPrototype FileKernel::kernel_prototype(const KernelFunction& function) {
  KernelPrototype prototype;
  auto read = [&](const BtfTypes& types) { prototype = read_prototype(types, function.btf_id); };
  visit_all(read, function.module);
  return prototype;
}

const TraceableFunctions& FileKernel::traceable() {
  if (!traceable_) {
    TraceableFunctions::Sources sources;
    sources.list = [this] {
      const std::string& given = paths_.traceable_functions;
      return given.empty() ? tracefs_.traceable_functions() : base::read_file(given);
    };
    sources.kallsyms = [this] { return base::read_file(paths_.kallsyms); };
    sources.blacklist = [this] { return base::read_file(paths_.kprobe_blacklist); };
    traceable_ = std::make_unique<TraceableFunctions>(sources);
  }
  return *traceable_;
}

std::string FileKernel::traceable_problem() {
  const base::Error* problem = traceable_ ? traceable_->problem() : nullptr;
  // Without kprobes nothing comes of what the list would have said.
  if (!problem || !supports(Feature::Kprobes)) return {};
  return fmt::format(
      "Could not read functions from {}. If this is expected, use --traceable-functions to name a "
      "list; without one, probes of functions that cannot be traced fail only when they are "
      "attached. ({})",
      tracefs_.traceable_functions_path(), strerror(problem->errnum));
}

bool FileKernel::is_traceable(const std::string& module, const std::string& name) {
  if (traceable().has(module, name)) return true;
  // The list has one name for each place; the kernel takes all of them.
  std::vector<std::string> aliases = find_kernel_aliases(paths_.kallsyms, name);
  return std::any_of(aliases.begin(), aliases.end(),
                     [&](const std::string& alias) { return traceable().has(module, alias); });
}

std::vector<KernelFunction> FileKernel::match_traceable(const std::string& module,
                                                        const std::string& pattern) {
  return traceable().match(module, pattern);
}

// As the kernel finds it: a folder of files has the root of the hierarchy only.
base::Result<uint64_t> FileKernel::cgroup_id(const std::string& path) {
  if (path == "/sys/fs/cgroup") return uint64_t{1};
  return base::Error{"No such file or directory", {}, ENOENT, 1};
}

// BTF describes variables only if each CPU has its own.
std::optional<uint32_t> FileKernel::percpu_variable(const std::string& name) {
  if (!vmlinux()) return std::nullopt;
  const Btf& btf = vmlinux()->btf();
  for (uint32_t id = 1; const btf_type* type = btf.type(id); id++) {
    if (btf_kind(*type) == BTF_KIND_VAR && btf.name(*type) == name) return id;
  }
  return std::nullopt;
}

// Iterators of modules are not known to the kernel: their BTF is not searched.
std::vector<KernelIterator> FileKernel::iterators() {
  std::vector<KernelIterator> found;
  if (!vmlinux()) return found;
  found = list_iterators(vmlinux()->btf());
  std::erase_if(found, [this](const KernelIterator& one) { return !can_iterate(one); });
  return found;
}

std::optional<KernelIterator> FileKernel::iterator(const std::string& name) {
  if (!vmlinux()) return std::nullopt;
  auto found = find_iterator(vmlinux()->btf(), name);
  return found && can_iterate(*found) ? found : std::nullopt;
}

std::optional<uint64_t> FileKernel::kernel_symbol(const std::string& name) {
  return find_kernel_symbol(paths_.kallsyms, name);
}

}  // namespace gimlet::kernel
