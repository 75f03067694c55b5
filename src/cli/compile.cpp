#include "cli/compile.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "ast/catalogue.h"
#include "ast/print.h"
#include "ast/print_typed.h"
#include "ast/sema/apply_config.h"
#include "ast/sema/type_scope.h"
#include "base/owners.h"
#include "cli/environment.h"
#include "cli/included_headers.h"
#include "cli/probe_filter.h"
#include "codegen/generate.h"
#include "frontend/read.h"
#include "kernel/external_code.h"
#include "kernel/header_types.h"

namespace gimlet::cli {
namespace {

base::Status write_file(const std::string& path, const void* data, size_t size) {
  base::UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!fd) return base::system_error(errno, "Failed to open " + path);
  auto* bytes = static_cast<const char*>(data);
  while (size > 0) {
    ssize_t n = ::write(fd.get(), bytes, size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return base::system_error(errno, "Failed to write " + path);
    bytes += n;
    size -= static_cast<size_t>(n);
  }
  return base::Done{};
}

// On a terminal, the first mistake that has a page of explanation is named with its code.
void point_at_page(const base::Diagnostics& diagnostics) {
  if (!isatty(2)) return;
  for (const base::Diagnostic& diagnostic : diagnostics.all()) {
    const ast::DiagnosticKind* kind = ast::find_kind(diagnostic.message);
    if (!kind || diagnostic.severity != base::Severity::Error) continue;
    fmt::print(stderr, "More about this: gimlet --explain {}\n", kind->code);
    return;
  }
}

void show_diagnostics(const base::SourceSet& sources, const base::Diagnostics& diagnostics,
                      const Messages& messages) {
  std::string text = base::show(sources, diagnostics, {messages.warnings, messages.colour});
  fwrite(text.data(), 1, text.size(), stderr);
  point_at_page(diagnostics);
}

void show_stage(FILE* stream, const char* title, const std::string& text) {
  fmt::print(stream, "{}\n-------------------\n{}\n", title, text);
  fflush(stream);
}

// An executable, most likely, where a text was meant: its bytes are not shown to anybody.
base::Error not_a_script(const std::string& name, const std::string& text) {
  base::Error error{fmt::format("'{}' is a binary file and not a program text", name), {}, 0, 1};
  if (text.starts_with("\177ELF") && name != "stdin") {
    error.hint =
        fmt::format("to run it use -c {0}; to trace its functions, uprobe:{0}:FUNCTION", name);
  }
  return error;
}

bool is_binary(const std::string& text) { return text.find('\0') != std::string::npos; }

}  // namespace

base::Result<ProgramSource> read_program(const CommandLine& line, size_t& consumed) {
  consumed = 0;
  if (line.program_text) return ProgramSource{"stdin", *line.program_text};
  if (line.operands.empty()) {
    return base::Error{"USAGE: filename or -e 'program' required.", "", 0, 1};
  }
  consumed = 1;
  const std::string& path = line.operands[0];
  if (path == "-") {
    if (::fcntl(0, F_GETFL) & O_PATH) {  // it was closed, see keep_standard_streams()
      return base::system_error(EBADF, "Failed to read the standard input");
    }
    auto text = base::read_file("/dev/stdin");
    if (!text) return text.error();
    if (is_binary(*text)) return not_a_script("stdin", *text);
    return ProgramSource{"stdin", std::move(*text)};
  }
  struct stat st {};
  if (::stat(path.c_str(), &st) == 0 && S_ISDIR(st.st_mode)) return ProgramSource{path, ""};
  auto text = base::read_file(path);
  if (!text) {
    base::Error error =
        base::system_error(text.error().errnum, fmt::format("failed to open file '{}'", path));
    if (path.find_first_of("{:") != std::string::npos) error.hint = "a program text goes after -e";
    return error;
  }
  if (is_binary(*text)) return not_a_script(path, *text);
  return ProgramSource{path, std::move(*text)};
}

namespace {

// Everything that clang needs to read the headers of the program as the program would.
kernel::HeaderUnit header_unit(const CommandLine& line, const ast::Program& program,
                               const base::SourceSet& sources, bool have_btf) {
  kernel::HeaderUnit unit = kernel::header_unit(sources, program.c_text);
  unit.include_folders = line.include_folders;
  for (std::string& folder : kernel::kernel_header_folders()) {
    unit.include_folders.push_back(std::move(folder));
  }
  if (have_btf) unit.predefined = {"BPFTRACE_HAVE_BTF", "_LINUX_TYPES_H"};
  return unit;
}

// The folder that the program's imports and "headers" are looked for in.
std::string script_folder(const base::SourceFile& file) {
  size_t slash = file.name().rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : file.name().substr(0, slash);
}

}  // namespace

std::unique_ptr<Understood> understand(const CommandLine& line, base::SourceSet& sources,
                                       base::FileId file, kernel::Kernel& kernel,
                                       ast::sema::Options options, const Messages& messages,
                                       int& exit_status, const PassEnded& pass_ended) {
  auto go_on = [&](const char* pass) { return !pass_ended || pass_ended(pass); };
  constexpr int kCFailed = 2;  // C text or headers
  base::Diagnostics diagnostics;
  auto result = std::make_unique<Understood>();
  auto give_up = [&](int status) {
    show_diagnostics(sources, diagnostics, messages);
    exit_status = status;
    return nullptr;
  };

  // Text becomes a tree.
  frontend::ReadOptions reading;
  reading.folder = script_folder(sources.file(file));
  reading.have_btf = [&] { return kernel.has_btf(); };
  reading.imports_in_blocks = [&](const ast::Program& program) {
    ast::Config config = options.config;
    base::Diagnostics later;  // mistakes in the settings are reported when they are applied
    ast::sema::apply_config(program, keys_fixed_by_environment(), config, later);
    return config.unstable_import_statement != ast::Unstable::Error;
  };
  if (line.debug.ast || line.debug.parse) {
    reading.after_pass = [&](const char* pass, const ast::Program& program) {
      if (!line.debug.ast && strcmp(pass, "parse") != 0) return;
      show_stage(stderr, fmt::format("AST after: {}", pass).c_str(), ast::print(program));
    };
  }
  for (const std::string& header : line.includes) {
    reading.c_text.push_back(fmt::format("#include \"{}\"", header));
  }
  frontend::Source source = frontend::read(sources, file, reading, diagnostics);
  result->tree = std::move(source.program);
  if (diagnostics.has_errors()) return give_up(source.c_mistakes ? kCFailed : 1);
  ast::sema::apply_config(result->tree, keys_fixed_by_environment(), options.config, diagnostics);
  if (diagnostics.has_errors()) return give_up(1);

  if (!go_on("parse")) return nullptr;

  // Imported C is compiled, and offers its functions.
  if (!result->tree.external_sources.empty()) {
    options.external = kernel::read_external_code(result->tree.external_sources,
                                                  line.include_folders, diagnostics);
    if (diagnostics.has_errors()) return give_up(1);
  }

  // C definitions become types, which the headers complete where neither they nor BTF suffice.
  std::unique_ptr<kernel::HeaderTypes> headers;
  if (!source.definitions.includes.empty()) {
    headers =
        kernel::clang_header_types(header_unit(line, result->tree, sources, kernel.has_btf()));
    check_headers(source.definitions, sources, line.include_folders, diagnostics);
    if (diagnostics.has_errors()) return give_up(kCFailed);
  }
  ast::sema::TypeScope types(source.definitions, kernel, diagnostics, headers.get());
  types.check();
  if (diagnostics.has_errors()) return give_up(kCFailed);
  auto c_macro = [&](std::string_view name) -> std::optional<std::string> {
    const ast::CMacro* macro = types.find_macro(name);
    if (!macro || macro->function_like) return std::nullopt;
    return macro->replacement;
  };

  if (!go_on("C definitions")) return nullptr;

  // Macros are replaced, and the tree gets its meaning on this system.
  frontend::FindCMacro find_c_macro;
  if (!source.definitions.empty()) find_c_macro = c_macro;
  frontend::expand(result->tree, sources, find_c_macro, reading.after_pass, diagnostics);
  if (diagnostics.has_errors()) return give_up(types.headers_failed() ? kCFailed : 1);
  if (!go_on("expand macros")) return nullptr;
  std::optional<ast::TypedProgram> typed;
  {
    runtime::Working working(messages.progress, "Resolving probes and types");
    typed = ast::sema::analyze(result->tree, kernel, types, {}, options, diagnostics);
  }
  if (!typed) {
    diagnostics = with_header_hints(diagnostics, source.definitions);
    return give_up(types.headers_failed() ? kCFailed : 1);
  }
  if (!go_on("analyze")) return nullptr;
  show_diagnostics(sources, diagnostics, messages);
  result->typed = std::move(*typed);
  if (line.probe_filter) {
    base::Status filtered = keep_matching_probes(*line.probe_filter, result->typed);
    if (!filtered) {
      exit_status = messages.error(filtered.error());
      return nullptr;
    }
  }
  if (line.debug.types) {
    show_stage(stdout, "// Functions", ast::print_functions(result->typed));
    show_stage(stdout, "// Variables", ast::print_variables(result->typed));
    show_stage(stdout, "// Program", ast::print_programs(result->typed));
  }
  return result;
}

base::Result<image::Image> compile(const CommandLine& line, const ast::TypedProgram& typed,
                                   const base::SourceSet& sources, const Messages& messages) {
  std::string ir, optimized, disassembly;
  codegen::Options options;
  options.verify_ir = line.verify_ir;
  bool emit_ir = !line.emit_llvm.empty();
  if (emit_ir || line.debug.codegen) options.ir = &ir;
  if (emit_ir || line.debug.codegen_opt) options.optimized_ir = &optimized;
  if (line.debug.dis) options.disassembly = &disassembly;

  base::Diagnostics diagnostics;
  options.diagnostics = &diagnostics;
  auto image = [&] {
    runtime::Working working(messages.progress, "Generating code");
    return codegen::generate(typed, sources, options);
  }();
  show_diagnostics(sources, diagnostics, messages);
  if (line.debug.codegen) show_stage(stdout, "LLVM IR before optimization", ir);
  if (line.debug.codegen_opt) show_stage(stdout, "LLVM IR after optimization", optimized);
  if (line.debug.dis) show_stage(stdout, "BPF disassembly", disassembly);
  if (!image) return image;
  if (emit_ir) {
    auto first = write_file(line.emit_llvm + ".original.ll", ir.data(), ir.size());
    if (!first) return first.error();
    auto second = write_file(line.emit_llvm + ".optimized.ll", optimized.data(), optimized.size());
    if (!second) return second.error();
  }
  if (!line.emit_elf.empty()) {
    auto written = write_file(line.emit_elf, image->object.data(), image->object.size());
    if (!written) return written.error();
  }
  return image;
}

}  // namespace gimlet::cli
