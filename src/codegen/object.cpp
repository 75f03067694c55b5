// The pass list is picked by hand: a probe is one small function made of loads, stores, branches
// and helper calls, for which a full -O2 spends most of its time in passes that find nothing to do
// (see docs/architecture.md for the measurements). What the programs need is registers for
// variables (SROA), the folding of everything constant (InstCombine, SCCP), the sharing of repeated
// loads (EarlyCSE, GVN), and straight control flow (SimplifyCFG, JumpThreading).
#include "codegen/object.h"

#include <llvm/Analysis/LoopInfo.h>
#include <llvm/Analysis/TargetLibraryInfo.h>
#include <llvm/CodeGen/TargetPassConfig.h>
#include <llvm/IR/DiagnosticInfo.h>
#include <llvm/IR/DiagnosticPrinter.h>
#include <llvm/IR/Dominators.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/IR/Verifier.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/CommandLine.h>
#include <llvm/Support/ErrorHandling.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Target/TargetMachine.h>
#include <llvm/Target/TargetOptions.h>
#include <llvm/Transforms/InstCombine/InstCombine.h>
#include <llvm/Transforms/Scalar/ADCE.h>
#include <llvm/Transforms/Scalar/DeadStoreElimination.h>
#include <llvm/Transforms/Scalar/EarlyCSE.h>
#include <llvm/Transforms/Scalar/SROA.h>
#include <llvm/Transforms/Scalar/SimplifyCFG.h>
#include <llvm/Transforms/Utils/Cloning.h>

#include <bit>

extern "C" {
void LLVMInitializeBPFTargetInfo();
void LLVMInitializeBPFTarget();
void LLVMInitializeBPFTargetMC();
void LLVMInitializeBPFAsmPrinter();
void LLVMInitializeBPFAsmParser();
}

namespace gimlet::codegen {
namespace {

// Keeps the first complaint of LLVM's back end. Exceeding the stack is only a warning to LLVM, but
// the kernel refuses such a program.
struct BackEndComplaints : llvm::DiagnosticHandler {
  explicit BackEndComplaints(std::string& kept) : text(kept) {}
  bool handleDiagnostics(const llvm::DiagnosticInfo& info) override {
    bool serious = info.getSeverity() == llvm::DS_Error || info.getSeverity() == llvm::DS_Warning;
    if (serious && text.empty()) {
      llvm::raw_string_ostream out(text);
      llvm::DiagnosticPrinterRawOStream printer(out);
      info.print(printer);
    }
    return true;
  }
  std::string& text;
};

void optimize(llvm::Module& module, llvm::TargetMachine& target) {
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager graph;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder builder(&target);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(graph);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, graph, modules);

  llvm::FunctionPassManager passes;
  passes.addPass(llvm::SROAPass(llvm::SROAOptions::ModifyCFG));
  passes.addPass(llvm::EarlyCSEPass(true));
  passes.addPass(llvm::InstCombinePass());
  passes.addPass(llvm::SimplifyCFGPass());
  passes.addPass(llvm::EarlyCSEPass(true));
  passes.addPass(llvm::DSEPass());
  passes.addPass(llvm::InstCombinePass());
  passes.addPass(llvm::ADCEPass());
  passes.addPass(llvm::SimplifyCFGPass());
  for (llvm::Function& function : module) {
    if (!function.isDeclaration()) passes.run(function, functions);
  }
}

std::string text_of(const llvm::Module& module) {
  std::string text;
  llvm::raw_string_ostream out(text);
  module.print(out, nullptr);
  return text;
}

// LLVM reports what its back end cannot express by this handler, and would end the process after
// it. Nothing of LLVM is used again for the module in question, so leaving by an exception is safe;
// it is caught in emit_object.
struct GaveUp {
  std::string reason;
};

[[noreturn]] void give_up(void*, const char* reason, bool) { throw GaveUp{reason}; }

bool has_loops(llvm::Module& module) {
  for (llvm::Function& function : module) {
    if (function.isDeclaration()) continue;
    llvm::DominatorTree tree(function);
    if (!llvm::LoopInfo(tree).empty()) return true;
  }
  return false;
}

// Before Linux 6.3 the verifier takes a backward edge only from a jump, not from an instruction
// that falls into the head of a loop. That is what the pass makes that moves a loop's latch above
// its head; without it the blocks stay in the order of the source, rare ones among the others.
void keep_block_order(bool keep) {
  auto& options = llvm::cl::getRegisteredOptions();
  auto option = options.find("disable-block-placement");
  if (option == options.end()) return;
  option->second->setDefault();
  if (keep) option->second->addOccurrence(0, option->first(), "true");
}

void run_code_generator(llvm::Module& module, llvm::TargetMachine& target,
                        llvm::CodeGenFileType kind, llvm::SmallVectorImpl<char>& bytes) {
  keep_block_order(has_loops(module));
  llvm::raw_svector_ostream out(bytes);
  llvm::legacy::PassManager passes;
  // The BPF target can always write both kinds of file.
  if (target.addPassesToEmitFile(passes, out, nullptr, kind)) std::abort();
  passes.run(module);
}

void translate(llvm::Module& module, llvm::TargetMachine& target, const Options& options,
               llvm::SmallVectorImpl<char>& bytes) {
  optimize(module, target);
  if (options.optimized_ir) *options.optimized_ir = text_of(module);
  if (options.disassembly) {
    auto copy = llvm::CloneModule(module);
    llvm::SmallVector<char, 0> text;
    run_code_generator(*copy, target, llvm::CodeGenFileType::AssemblyFile, text);
    options.disassembly->assign(text.begin(), text.end());
  }
  run_code_generator(module, target, llvm::CodeGenFileType::ObjectFile, bytes);
}

}  // namespace

base::Result<std::unique_ptr<llvm::TargetMachine>> create_target() {
  static const bool ready = [] {
    LLVMInitializeBPFTargetInfo();
    LLVMInitializeBPFTarget();
    LLVMInitializeBPFTargetMC();
    LLVMInitializeBPFAsmPrinter();
    LLVMInitializeBPFAsmParser();
    llvm::install_fatal_error_handler(give_up);
    return true;
  }();
  (void)ready;
  const char* triple = std::endian::native == std::endian::little ? "bpfel" : "bpfeb";
  std::string reason;
  const llvm::Target* target = llvm::TargetRegistry::lookupTarget(triple, reason);
  if (!target)
    return base::Error{"LLVM has no BPF target: " + reason, "rebuild with LLVM's BPF target"};
  return std::unique_ptr<llvm::TargetMachine>(
      target->createTargetMachine(triple, "v3", "", llvm::TargetOptions(), llvm::Reloc::Static));
}

base::Result<std::vector<uint8_t>> emit_object(llvm::Module& module, llvm::TargetMachine& target,
                                               const Options& options) {
  std::string complaint;
  module.getContext().setDiagnosticHandler(std::make_unique<BackEndComplaints>(complaint));
  if (options.ir) *options.ir = text_of(module);
  if (options.verify_ir) {
    std::string broken;
    llvm::raw_string_ostream out(broken);
    if (llvm::verifyModule(module, &out)) {
      return base::Error{"LLVM verification failed (--verify-llvm-ir)\n" + broken,
                         "please report this with the program", 0, 2};
    }
  }
  llvm::SmallVector<char, 0> bytes;
  try {
    translate(module, target, options, bytes);
  } catch (const GaveUp& stop) {
    if (complaint.empty()) complaint = stop.reason;
  }
  if (!complaint.empty())
    return base::Error{complaint, "use fewer or smaller values in one statement"};
  return std::vector<uint8_t>(bytes.begin(), bytes.end());
}

}  // namespace gimlet::codegen
