#include "file/stages.h"

#include <fmt/format.h>

#include "ast/print.h"
#include "ast/print_typed.h"
#include "ast/sema/analyze.h"
#include "ast/sema/apply_config.h"
#include "ast/sema/type_scope.h"
#include "base/diagnostics.h"
#include "base/source.h"
#include "codegen/generate.h"
#include "frontend/read.h"
#include "kernel/frozen_kernel.h"
#include "parser/parse.h"

namespace gimlet::file_tests {
namespace {

std::string storage_name(ast::MapStorage storage) {
  switch (storage) {
    case ast::MapStorage::Scalar: return "scalar";
    case ast::MapStorage::PerCpuScalar: return "per-cpu scalar";
    case ast::MapStorage::Hash: return "hash";
    case ast::MapStorage::PerCpuHash: return "per-cpu hash";
  }
  return "unknown";
}

// What the runtime will see of an image. Offsets inside programs, and the object's bytes, depend on
// LLVM's version and are left out; that an object is there at all is not.
std::string summary(const image::Image& image) {
  std::string out;
  for (const auto& program : image.programs) {
    out += fmt::format("program {} in {} provider {}{}\n", program.name, program.section,
                       ast::provider(program.provider).name,
                       program.btf_context ? " btf context" : "");
    for (const auto& target : program.targets) out += fmt::format("  target {}\n", target.name);
  }
  for (const auto& map : image.maps) {
    out += fmt::format("map {} as {} {} key {} value {} stride {} entries {}{}\n", map.name,
                       map.kernel_name, storage_name(map.storage), map.key_size, map.value_size,
                       map.slot_stride, map.max_entries, map.atomic ? " atomic" : "");
  }
  for (const auto& event : image.events) {
    out += fmt::format("event kind {} fields {} fixed {} max {}", static_cast<int>(event.kind),
                       event.fields.size(), event.fixed_size, event.max_size);
    // What is said when something fails.
    const bool failure = event.kind == ast::EventKind::RuntimeError;
    out += failure ? fmt::format(": {}\n", event.format) : "\n";
  }
  out += image.object.empty() ? "no object\n" : "object\n";
  return out;
}

std::string run_codegen(const ast::TypedProgram& typed, const base::SourceSet& sources) {
  codegen::Options options;
  options.verify_ir = true;
  auto image = codegen::generate(typed, sources, options);
  return image ? summary(*image) : image.error().message + "\n";
}

}  // namespace

std::string run_stage(const Case& test) {
  base::SourceSet sources;
  base::Diagnostics diagnostics;
  const base::FileId file = sources.add(test.path.filename().string(), test.program);
  if (test.stage == "parse") {
    const ast::Program tree = parser::parse(sources, file, diagnostics);
    return diagnostics.has_errors() ? base::show(sources, diagnostics) : ast::print(tree);
  }
  auto kernel = kernel::frozen_kernel(GIMLET_TEST_DIR "/data/frozen");
  frontend::ReadOptions reading;
  reading.folder = GIMLET_TEST_DIR "/file";
  reading.have_btf = [&] { return kernel->has_btf(); };
  frontend::Source source = frontend::read(sources, file, reading, diagnostics);
  if (diagnostics.has_errors()) return base::show(sources, diagnostics);
  ast::sema::Options options;
  options.child_pid = 4242;
  options.has_unwind_target = true;
  options.unsafe = test.is_unsafe;
  if (!test.architecture.empty()) options.architecture = test.architecture;
  ast::sema::apply_config(source.program, {}, options.config, diagnostics);
  if (diagnostics.has_errors()) return base::show(sources, diagnostics);
  ast::sema::TypeScope types(source.definitions, *kernel, diagnostics);
  types.check();
  auto c_macro = [&](std::string_view macro_name) -> std::optional<std::string> {
    const ast::CMacro* macro = types.find_macro(macro_name);
    if (!macro || macro->function_like) return std::nullopt;
    return macro->replacement;
  };
  frontend::expand(source.program, sources, c_macro, {}, diagnostics);
  if (diagnostics.has_errors()) return base::show(sources, diagnostics);

  auto typed = ast::sema::analyze(source.program, *kernel, types, {}, options, diagnostics);
  // Warnings stand before the result, as a user would see them.
  const std::string notes = base::show(sources, diagnostics);
  if (!typed) return notes;
  if (test.stage == "sema") return notes + ast::print_typed(*typed);
  return notes + run_codegen(*typed, sources);
}

}  // namespace gimlet::file_tests
