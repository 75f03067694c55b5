// ProgramModule: the LLVM module that all programs of an image share, with its maps and its shared
// memory (see image/image.h for the contract with the runtime).
//
// The layout of the per-CPU area is known only when every probe has been lowered: failures add
// events, each with a counter of its own, and programs find out how much scratch memory they need.
// Until then its numbers are placeholders: globals whose addresses stand for the numbers.
#pragma once

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "codegen/debug_info.h"
#include "codegen/helpers.h"
#include "image/image.h"

namespace gimlet::codegen {

class ProgramModule {
 public:
  // `stack_percent`: how much of the stack that values usually may take is theirs this time.
  ProgramModule(const ast::TypedProgram& program, const base::SourceSet& sources,
                uint32_t stack_percent);

  const ast::TypedProgram& program() const { return program_; }
  // Whether programs are to look whether the run has ended. What fires in one place only stops when
  // it is detached, and need not pay for the look with each event.
  bool looks_for_end() const;
  const ast::MapPlan& map_plan(uint32_t map) const { return program_.maps[map]; }
  const ast::EventPlan& event(uint32_t index) const { return events_[index]; }
  const std::vector<ast::EventPlan>& events() const { return events_; }
  const base::SourceSet& sources() const { return sources_; }
  uint32_t stack_percent() const { return stack_percent_; }

  llvm::Module& llvm() { return *module_; }
  llvm::LLVMContext& context() { return context_; }
  DebugInfo& debug() { return *debug_; }

  llvm::GlobalVariable* map(uint32_t index) { return maps_[index]; }
  llvm::GlobalVariable* ringbuf() { return ringbuf_; }
  llvm::GlobalVariable* control() { return control_; }
  llvm::GlobalVariable* constants() { return constants_; }
  llvm::GlobalVariable* cpu_area() { return cpu_area_; }
  // i64 constants, final after finish().
  llvm::Constant* stride() { return number(stride_); }
  llvm::Constant* skipped_offset() { return number(skipped_offset_); }
  llvm::Constant* guard_offset() { return number(guard_offset_); }
  llvm::Constant* scratch_offset() { return number(scratch_offset_); }

  // The event that reports a failure at this place; one for each place and message.
  uint32_t failure_event(ast::EventKind kind, base::SourceRange range, const std::string& text,
                         int32_t map = -1);
  // The callback of bpf_for_each_map_elem that goes on to the end.
  llvm::Function* counting_callback();

  // Notes where a program first calls a helper.
  void note_helper(const std::string& program, Helper helper, base::SourceRange range);
  std::vector<image::HelperCall> helpers_of(const std::string& program) const;
  // A text with its NUL, in memory that programs can only read.
  llvm::GlobalVariable* text(const std::string& text);
  // Texts at multiples of `stride` bytes, shared by all uses of the same name.
  llvm::GlobalVariable* text_table(const std::string& name, const std::vector<std::string>& texts,
                                   uint32_t stride);
  // What skboutput() sends packets through.
  llvm::GlobalVariable* packets();
  // What dw_ustack searches (ast/unwind_layout.h).
  struct Unwind {
    llvm::GlobalVariable* rows = nullptr;
    llvm::GlobalVariable* mappings = nullptr;
    llvm::GlobalVariable* processes = nullptr;
  };
  const Unwind& unwind();
  bool unwinds() const { return unwind_.rows != nullptr; }

  // The declaration of an imported function. Values are passed and returned as i64.
  llvm::Function* external(uint32_t number);

  // The first thing that could not be compiled.
  void fail(base::SourceRange range, const std::string& message);
  struct Failure {
    base::SourceRange range;
    std::string message;
  };
  const std::optional<Failure>& failure() const { return failure_; }

  // Fixes the layout of the per-CPU area and completes the module.
  image::CpuArea finish(uint32_t scratch_size);

 private:
  llvm::GlobalVariable* global(const std::string& name, llvm::Type* type);
  llvm::GlobalVariable* variable(const std::string& name, const std::string& section,
                                 uint64_t size);
  llvm::GlobalVariable* bpf_map(const std::string& name,
                                const std::vector<std::pair<const char*, uint32_t>>& numbers);
  llvm::GlobalVariable* placeholder(const char* name);
  llvm::Constant* number(llvm::GlobalVariable* placeholder);
  void declare_maps();

  const ast::TypedProgram& program_;
  const base::SourceSet& sources_;
  uint32_t stack_percent_;
  llvm::LLVMContext context_;
  std::unique_ptr<llvm::Module> module_;
  std::unique_ptr<DebugInfo> debug_;
  std::vector<ast::EventPlan> events_;
  std::vector<llvm::GlobalVariable*> maps_;
  llvm::GlobalVariable* ringbuf_ = nullptr;
  llvm::GlobalVariable* control_ = nullptr;
  llvm::GlobalVariable* constants_ = nullptr;
  llvm::GlobalVariable* cpu_area_ = nullptr;
  llvm::GlobalVariable* stride_ = nullptr;
  llvm::GlobalVariable* skipped_offset_ = nullptr;
  llvm::GlobalVariable* guard_offset_ = nullptr;
  llvm::GlobalVariable* scratch_offset_ = nullptr;
  llvm::Function* counting_callback_ = nullptr;
  llvm::GlobalVariable* packets_ = nullptr;
  Unwind unwind_;
  std::map<std::string, std::vector<image::HelperCall>> helpers_;  // by program
  std::map<uint32_t, llvm::Function*> externals_;
  std::optional<Failure> failure_;
};

}  // namespace gimlet::codegen
