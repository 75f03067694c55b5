// TypedProgram -> Image, in five steps.
#include "codegen/generate.h"

#include <fmt/format.h>
#include <llvm/Target/TargetMachine.h>

#include "codegen/lowering.h"
#include "codegen/module.h"
#include "codegen/object.h"
#include "codegen/session.h"

namespace gimlet::codegen {
namespace {

// The object has as many zeros for it, and LLVM holds them several times over.
constexpr uint32_t kMostCpuArea = 128 << 20;

// Programs that never overlap on one CPU share their scratch memory; every other has its own.
uint32_t lower_probes(ProgramModule& module, const ast::TypedProgram& program) {
  auto guarded = [](const ast::TypedProbe& probe) {
    return ast::overlap_of(probe.provider, probe.mechanism) == ast::Overlap::Guarded;
  };
  uint32_t end = 0;
  for (const ast::TypedProbe& probe : program.probes) {
    if (!guarded(probe)) continue;
    ScratchRegion shared;
    Lowering(module, probe, shared).lower_probe();
    end = std::max(end, shared.size);
  }
  for (const ast::TypedProbe& probe : program.probes) {
    if (guarded(probe)) continue;
    ScratchRegion own{end, 0};
    Lowering(module, probe, own).lower_probe();
    end += own.size;
  }
  for (const ast::TypedProbe& probe : program.probes) {
    if (probe.session_return) lower_session(module, probe, program.probes[*probe.session_return]);
  }
  return end;
}

image::ProgramPlan program_plan(const ProgramModule& module, const ast::TypedProbe& probe) {
  image::ProgramPlan plan;
  plan.name = probe.name;
  plan.section = "gimlet/" + probe.name;
  plan.provider = probe.provider;
  plan.mechanism = probe.mechanism;
  plan.btf_context = probe.uses_btf_context;
  plan.targets = probe.targets;
  plan.range = probe.source->range;
  plan.helpers = module.helpers_of(probe.name);
  return plan;
}

base::Error located(base::SourceRange range, const std::string& message, const std::string& hint,
                    int exit_status, const base::SourceSet& sources, const Options& options) {
  if (!options.diagnostics) {
    std::string place = sources.size() > 0 ? base::show_place(sources, range) + ": " : "";
    return {place + message, hint, 0, exit_status};
  }
  options.diagnostics->error(range, message).hint(hint);
  return {{}, {}, 0, exit_status};
}

bool exceeds_stack(const base::Error& error) {
  return error.message.find("stack limit") != std::string::npos;
}

// LLVM names the function; a probe's function has the probe's name.
base::Error stack_error(const base::Error& complaint, const ast::TypedProgram& program,
                        const base::SourceSet& sources, const Options& options) {
  constexpr const char* kMessage =
      "The probe needs more than the 512 bytes of stack that the kernel gives a program";
  for (const ast::TypedProbe& probe : program.probes) {
    if (complaint.message.find("function " + probe.name + " ") == std::string::npos) continue;
    return located(probe.source->range, kMessage, complaint.hint, 255, sources, options);
  }
  return {kMessage, complaint.hint, 0, 255};
}

base::Result<image::Image> generate_once(const ast::TypedProgram& program,
                                         const base::SourceSet& sources, const Options& options,
                                         uint32_t stack_percent) {
  // The only global state of LLVM that is ever set up: the BPF target.
  auto target = create_target();
  if (!target) return target.error();

  // Maps, sections and one function for each probe.
  ProgramModule module(program, sources, stack_percent);
  module.llvm().setTargetTriple((*target)->getTargetTriple().str());
  module.llvm().setDataLayout((*target)->createDataLayout());
  uint32_t scratch_size = lower_probes(module, program);
  if (module.failure()) {
    return located(module.failure()->range, module.failure()->message, {}, 1, sources, options);
  }

  // Now that all events and all scratch memory are known, the per-CPU area has a layout.
  image::Image image;
  image.cpu_area = module.finish(scratch_size);
  image.stops = module.looks_for_end();
  if (image.cpu_area.stride > kMostCpuArea) {
    return base::Error{
        fmt::format(
            "The program needs {} MiB of memory for large values on each CPU, and may have {}",
            image.cpu_area.stride >> 20, kMostCpuArea >> 20),
        "Set a smaller max_strlen.", 0, 255};
  }

  // Machine code.
  auto object = emit_object(module.llvm(), **target, options);
  if (!object) return object.error();
  image.object = std::move(*object);

  // What the runtime needs to know besides.
  for (const ast::TypedProbe& probe : program.probes) {
    const bool session = probe.mechanism == ast::Mechanism::Session;
    if (session && !probe.session_return) continue;  // part of its partner's program
    image.programs.push_back(program_plan(module, probe));
    if (!session) continue;
    auto more = module.helpers_of(program.probes[*probe.session_return].name);
    auto& helpers = image.programs.back().helpers;
    helpers.insert(helpers.end(), more.begin(), more.end());
  }
  image.external_objects = program.external.objects;
  image.maps = program.maps;
  image.events = module.events();
  image.structs = program.structs;
  image.enums = program.enums;
  image.config = program.config;
  image.unwinds = module.unwinds();
  return image;
}

}  // namespace

// How many registers a program spills to its stack is known only at the end. Where that was too
// much besides its values, the values move to scratch memory.
base::Result<image::Image> generate(const ast::TypedProgram& program,
                                    const base::SourceSet& sources, const Options& options) {
  for (uint32_t stack_percent : {100, 30}) {
    auto image = generate_once(program, sources, options, stack_percent);
    if (image || !exceeds_stack(image.error())) return image;
  }
  auto image = generate_once(program, sources, options, 0);
  if (image || !exceeds_stack(image.error())) return image;
  return stack_error(image.error(), program, sources, options);
}

}  // namespace gimlet::codegen
