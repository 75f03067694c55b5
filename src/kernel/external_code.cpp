// One object after the other; a name can be defined only once among all of them.
#include "kernel/external_code.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/owners.h"
#include "kernel/clang_process.h"
#include "kernel/external_object.h"

namespace gimlet::kernel {
namespace {

using ast::ExternalSource;

#if defined(__aarch64__)
constexpr const char* kMachineFolder = "/usr/include/aarch64-linux-gnu";
constexpr const char* kTargetMacro = "-D__TARGET_ARCH_arm64";
constexpr const char* kMachineMacro = "-D__aarch64__=1";
#else
constexpr const char* kMachineFolder = "/usr/include/x86_64-linux-gnu";
constexpr const char* kTargetMacro = "-D__TARGET_ARCH_x86";
// Without it the C library's headers take the machine for one of 32 bits, whose stubs are a package
// of their own.
constexpr const char* kMachineMacro = "-D__x86_64__=1";
#endif

std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string trimmed(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

class Reader {
 public:
  Reader(const std::vector<ExternalSource>& sources, const std::vector<std::string>& folders,
         base::Diagnostics& diagnostics)
      : folders_(folders), diagnostics_(diagnostics) {
    for (const ExternalSource& source : sources) {
      if (source.kind != ExternalSource::Kind::Header) continue;
      header_folders_.push_back(folder_of(source.path));
    }
  }

  void read(const ExternalSource& source) {
    auto bytes = source.kind == ExternalSource::Kind::CSource ? compile(source) : load(source);
    if (!bytes) return;
    auto interface = read_external_object(*bytes, source.path);
    if (!interface.ok()) return report(source, interface.error());
    const auto number = static_cast<uint32_t>(code_.objects.size());
    for (ast::ExternalFunction& function : interface->functions) {
      if (const ast::ExternalFunction* known = code_.find(function.name)) {
        diagnostics_.error(source.range,
                           fmt::format("{}: function `{}` is defined by {}, too", source.path,
                                       function.name, code_.objects[known->object].name));
        continue;
      }
      function.object = number;
      code_.functions.push_back(std::move(function));
    }
    code_.objects.push_back({source.path, std::move(*bytes)});
    code_.has_license = code_.has_license || interface->has_license;
  }

  ast::ExternalCode take() { return std::move(code_); }

 private:
  using Bytes = std::optional<std::vector<uint8_t>>;

  void report(const ExternalSource& source, const base::Error& error) {
    diagnostics_.error(source.range, error.message).hint(error.hint);
  }

  Bytes load(const ExternalSource& source) { return contents(source, source.path); }

  Bytes contents(const ExternalSource& source, const std::string& path) {
    auto text = base::read_file(path);
    if (text.ok()) return std::vector<uint8_t>(text->begin(), text->end());
    report(source, text.error());
    return std::nullopt;
  }

  std::vector<std::string> arguments(const std::string& path) const {
    // The instructions are those that codegen chooses from, too.
    std::vector<std::string> words = {
        "-g",         "-O2",         "-target",    "bpf",          "-mcpu=v3",
        kTargetMacro, kMachineMacro, "-idirafter", kMachineFolder, "-fno-color-diagnostics"};
    words.insert(words.end(), {"-I", folder_of(path)});
    for (const auto* list : {&header_folders_, &folders_}) {
      for (const std::string& folder : *list) words.insert(words.end(), {"-I", folder});
    }
    words.insert(words.end(), {"-x", "c", "-c", path, "-o", "-"});
    return words;
  }

  Bytes compile(const ExternalSource& source) {
    auto run =
        run_clang(arguments(source.path), "", "compile the C source that this program imports");
    if (!run.ok()) {
      report(source, run.error());
      return std::nullopt;
    }
    if (!run->success) {
      diagnostics_.error(source.range, "failed to build").hint(trimmed(run->messages));
      return std::nullopt;
    }
    if (!run->messages.empty()) {
      diagnostics_.warning(source.range, "found external warnings").hint(trimmed(run->messages));
    }
    return contents(source, path_of(run->output));
  }

  const std::vector<std::string>& folders_;
  base::Diagnostics& diagnostics_;
  std::vector<std::string> header_folders_;
  ast::ExternalCode code_;
};

}  // namespace

ast::ExternalCode read_external_code(const std::vector<ExternalSource>& sources,
                                     const std::vector<std::string>& include_folders,
                                     base::Diagnostics& diagnostics) {
  Reader reader(sources, include_folders, diagnostics);
  for (const ExternalSource& source : sources) {
    if (source.kind != ExternalSource::Kind::Header) reader.read(source);
  }
  return reader.take();
}

}  // namespace gimlet::kernel
