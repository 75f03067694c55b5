// The frame of a program: its blocks, its memory, and the calls and branches that everything else
// is made of. See lowering.h for the shape of a function.
#include "codegen/lowering.h"

#include <llvm/IR/InlineAsm.h>
#include <llvm/IR/MDBuilder.h>

#include "codegen/session.h"

namespace gimlet::codegen {
namespace {

// Of the 512 bytes of BPF stack, what values may take; the rest is for spilled registers.
// The body of a `for` runs on top of the program's, so that each gets less.
constexpr uint32_t kStackBudget[] = {320, 144, 88, 56};

uint32_t round_up(uint32_t value, uint32_t to) { return (value + to - 1) / to * to; }

// Whether programs run for whichever process comes along.
bool fires_for_all(ast::ProviderId id) {
  return id == ast::ProviderId::Tracepoint || id == ast::ProviderId::RawTracepoint ||
         ast::is_trampoline(id) || ast::is_kprobe(id);
}

}  // namespace

Lowering::Lowering(ProgramModule& module, const ast::TypedProbe& probe, ScratchRegion& region)
    : module_(module), probe_(probe), region_(region), b_(module.context()) {}

// What a tracepoint's program returns says whether perf shall see the event, too.
uint64_t Lowering::initial_status() const {
  return probe_.provider == ast::ProviderId::Tracepoint &&
                 probe_.mechanism == ast::Mechanism::Native
             ? 1
             : 0;
}

// The function that the kernel runs, or one that it calls.
void Lowering::begin_function(bool is_program) {
  auto* type = llvm::FunctionType::get(b_.getInt64Ty(), {b_.getPtrTy()}, false);
  auto linkage =
      is_program ? llvm::GlobalValue::ExternalLinkage : llvm::GlobalValue::InternalLinkage;
  std::string name = is_program ? probe_.name : body_name(probe_);
  frame_.function = llvm::Function::Create(type, linkage, name, module_.llvm());
  frame_.function->setSection(is_program ? "gimlet/" + probe_.name : ".text");
  frame_.function->addFnAttr(llvm::Attribute::NoUnwind);
  if (!is_program) frame_.function->addFnAttr(llvm::Attribute::NoInline);
  frame_.subprogram = module_.debug().program(*frame_.function, probe_.source->range);
  frame_.context = frame_.function->getArg(0);
}

// The function for the probe's body: the program itself, or what a program of two probes or one
// with a guard calls.
void Lowering::create_function() {
  begin_function(probe_.mechanism != ast::Mechanism::Session && !is_guarded());
  frame_.entry = block("entry");
  for (int stage : {0, 1}) {
    frame_.setup[stage] = block("setup");
    frame_.after_setup[stage] = block(stage == 0 ? "predicate" : "body");
  }
  frame_.exit = block("exit");
  frame_.reject = block("reject");
}

void Lowering::lower_probe() {
  create_function();
  set_location(probe_.source->range);
  b_.SetInsertPoint(frame_.entry);
  frame_.status = b_.CreateAlloca(b_.getInt64Ty());
  prepare_captures();
  b_.CreateStore(constant(initial_status()), frame_.status);
  leave_if_stopped();
  filter_process();
  b_.CreateBr(frame_.setup[0]);

  b_.SetInsertPoint(frame_.after_setup[0]);
  fetch_marker_arguments();
  if (probe_.source->predicate) {
    // Macros bring statements along, and with them variables.
    declare_variables(*probe_.source->predicate);
    llvm::Value* wanted = lower_condition(*probe_.source->predicate);
    b_.CreateCondBr(wanted, frame_.setup[1], frame_.reject);
  } else {
    b_.CreateBr(frame_.setup[1]);
  }

  frame_.stage = 1;
  b_.SetInsertPoint(frame_.after_setup[1]);
  set_location(probe_.source->body.range);
  declare_variables(probe_.source->body);
  lower_block(probe_.source->body);
  b_.CreateBr(frame_.exit);

  set_location(probe_.source->range);
  finish_setup(0);
  finish_setup(1);
  b_.SetInsertPoint(frame_.exit);
  if (busy_) b_.CreateStore(constant(0), busy_, true);
  b_.CreateRet(b_.CreateLoad(b_.getInt64Ty(), frame_.status));
  b_.SetInsertPoint(frame_.reject);
  if (busy_stage_ == 0) {
    b_.CreateBr(frame_.exit);
  } else {
    b_.CreateRet(b_.CreateLoad(b_.getInt64Ty(), frame_.status));
  }
  if (is_guarded()) lower_guard();
}

llvm::Value* Lowering::process_and_thread(bool initial_namespace, bool warn) {
  const ast::TypedProgram& program = module_.program();
  if (program.pid_namespace_inode == 0 || initial_namespace) return call(Helper::GetPidTgid, {});
  // struct bpf_pidns_info {thread, process}: read as one word it looks like the other helper's
  // result. A task that the namespace does not see has neither number.
  Address numbers = allocate(8);
  store(constant(0), numbers, 8);
  llvm::Value* result = call(
      Helper::GetNsPidTgid, {constant(program.pid_namespace_device),
                             constant(program.pid_namespace_inode), pointer(numbers), constant(8)});
  if (warn) {
    when(
        b_.CreateICmpSLT(result, constant(0)),
        [&] { helper_error("get_ns_current_pid_tgid", result); }, true);
  }
  return load(numbers, 8);
}

// At the end of a run everything that fires by itself stops at one moment.
void Lowering::leave_if_stopped() {
  const ast::ProviderId id = probe_.provider;
  if (!module_.looks_for_end() || ast::is_run_by_session(id) || ast::is_run_on_request(id) ||
      id == ast::ProviderId::Iter)
    return;
  Address stopped{module_.control(), offsetof(image::Control, stopped), false};
  llvm::BasicBlock* leave = block("stopped");
  llvm::BasicBlock* go_on = block("running");
  b_.CreateCondBr(b_.CreateICmpEQ(load(stopped, 4), b_.getInt32(0)), go_on, leave);
  b_.SetInsertPoint(leave);
  b_.CreateRet(constant(initial_status()));
  b_.SetInsertPoint(go_on);
}

// With -p, events of the kernel fire for every process; the program itself must look the other way.
void Lowering::filter_process() {
  uint64_t wanted = module_.program().target_pid;
  if (wanted == 0 || !fires_for_all(probe_.provider)) return;
  llvm::Value* process = b_.CreateLShr(process_and_thread(false), 32);
  llvm::BasicBlock* go_on = block("wanted");
  b_.CreateCondBr(b_.CreateICmpEQ(process, constant(wanted)), go_on, frame_.reject);
  b_.SetInsertPoint(go_on);
}

void Lowering::finish_setup(int stage) {
  b_.SetInsertPoint(frame_.setup[stage]);
  if (busy_stage_ != stage) {
    b_.CreateBr(frame_.after_setup[stage]);
    return;
  }
  // Another task was preempted in the middle of this program on this CPU and owns the memory.
  llvm::BasicBlock* skip = block("skip");
  b_.CreateCondBr(b_.CreateICmpNE(was_busy_, constant(0)), skip, frame_.after_setup[stage]);
  b_.SetInsertPoint(skip);
  llvm::Value* counter = b_.CreateGEP(b_.getInt8Ty(), frame_.area, module_.skipped_offset());
  b_.CreateAtomicRMW(llvm::AtomicRMWInst::Add, counter, constant(1), llvm::Align(8),
                     llvm::AtomicOrdering::Monotonic);
  b_.CreateRet(b_.CreateLoad(b_.getInt64Ty(), frame_.status));
}

void Lowering::set_location(base::SourceRange range) {
  location_ = range;
  b_.SetCurrentDebugLocation(module_.debug().location(frame_.subprogram, range));
}

llvm::Value* Lowering::call(Helper helper, std::initializer_list<llvm::Value*> arguments) {
  module_.note_helper(probe_.name, helper, location_);
  llvm::SmallVector<llvm::Type*, 5> types;
  for (llvm::Value* argument : arguments) types.push_back(argument->getType());
  bool gives_pointer = helper == Helper::MapLookup || helper == Helper::MapLookupPerCpu ||
                       helper == Helper::RingbufReserve || helper == Helper::GetTaskBtf ||
                       helper == Helper::ThisCpuPtr || helper == Helper::PerCpuPtr ||
                       helper == Helper::TaskPtRegs;
  llvm::Type* result = gives_pointer ? static_cast<llvm::Type*>(b_.getPtrTy()) : b_.getInt64Ty();
  auto* type = llvm::FunctionType::get(result, types, false);
  auto* function =
      llvm::ConstantExpr::getIntToPtr(constant(static_cast<uint64_t>(helper)), b_.getPtrTy());
  llvm::Value* value =
      b_.CreateCall(type, function, llvm::ArrayRef(arguments.begin(), arguments.size()));
  // Before Linux 6.4 the operations of maps return an int, and programs call them directly: the
  // upper half of the register is not set.
  bool is_int = helper == Helper::MapUpdate || helper == Helper::MapDelete ||
                helper == Helper::ForEachMapElement;
  if (!is_int) return value;
  return b_.CreateSExt(b_.CreateTrunc(value, b_.getInt32Ty()), b_.getInt64Ty());
}

llvm::Value* Lowering::opaque_in(llvm::IRBuilder<>& builder, llvm::Value* value) {
  auto* type = llvm::FunctionType::get(value->getType(), {value->getType()}, false);
  return builder.CreateCall(type, llvm::InlineAsm::get(type, "", "=r,0", true), {value});
}

llvm::Value* Lowering::unknown_zero() {
  return load({module_.control(), offsetof(image::Control, zero), false}, 8);
}

llvm::Value* Lowering::forget(llvm::Value* number) { return b_.CreateXor(number, unknown_zero()); }

llvm::Value* Lowering::clamp(llvm::Value* value, uint64_t limit) {
  llvm::Value* seen = opaque(value);
  return choose(
      b_.CreateICmpUGT(seen, constant(limit)), [&] { return constant(limit); },
      [&] { return seen; });
}

llvm::BasicBlock* Lowering::block(const char* name) {
  return llvm::BasicBlock::Create(module_.context(), name, frame_.function);
}

void Lowering::when(llvm::Value* condition, const std::function<void()>& code, bool unlikely) {
  llvm::BasicBlock* then = block("then");
  llvm::BasicBlock* after = block("after");
  auto* branch = b_.CreateCondBr(condition, then, after);
  if (unlikely) {
    branch->setMetadata(llvm::LLVMContext::MD_prof,
                        llvm::MDBuilder(module_.context()).createBranchWeights(1, 2000));
  }
  b_.SetInsertPoint(then);
  code();
  b_.CreateBr(after);
  b_.SetInsertPoint(after);
}

llvm::Value* Lowering::choose(llvm::Value* condition, const std::function<llvm::Value*()>& yes,
                              const std::function<llvm::Value*()>& no) {
  llvm::BasicBlock* then = block("yes");
  llvm::BasicBlock* otherwise = block("no");
  llvm::BasicBlock* after = block("after");
  b_.CreateCondBr(condition, then, otherwise);
  b_.SetInsertPoint(then);
  llvm::Value* first = yes();
  llvm::BasicBlock* first_end = b_.GetInsertBlock();
  b_.CreateBr(after);
  b_.SetInsertPoint(otherwise);
  llvm::Value* second = no();
  llvm::BasicBlock* second_end = b_.GetInsertBlock();
  b_.CreateBr(after);
  b_.SetInsertPoint(after);
  llvm::PHINode* result = b_.CreatePHI(first->getType(), 2);
  result->addIncoming(first, first_end);
  result->addIncoming(second, second_end);
  return result;
}

void Lowering::repeat(llvm::Value* count, const std::function<void(llvm::Value*)>& code) {
  llvm::BasicBlock* before = b_.GetInsertBlock();
  llvm::BasicBlock* head = block("head");
  llvm::BasicBlock* body = block("body");
  llvm::BasicBlock* after = block("after");
  b_.CreateBr(head);
  b_.SetInsertPoint(head);
  llvm::PHINode* index = b_.CreatePHI(b_.getInt64Ty(), 2);
  index->addIncoming(constant(0), before);
  b_.CreateCondBr(b_.CreateICmpULT(index, count), body, after);
  b_.SetInsertPoint(body);
  code(index);
  index->addIncoming(b_.CreateAdd(index, constant(1)), b_.GetInsertBlock());
  b_.CreateBr(head);
  b_.SetInsertPoint(after);
}

void Lowering::leave(llvm::Value* status) {
  if (frame_.loop > 0) {
    // The loop ends, and whoever called it finds the note.
    Address shared = captures_of(0);
    if (status) store(status, shared.at(kSharedStatus), 8);
    store(constant(1), shared.at(kSharedReturned), 8);
  } else if (status) {
    b_.CreateStore(status, frame_.status);
  }
  for (llvm::Value* record : frame_.open_records) {
    call(Helper::RingbufDiscard, {record, constant(kRingNoWakeup)});
  }
  b_.CreateBr(way_out());
  // Whatever is written after a return is lowered, too, and removed by LLVM.
  b_.SetInsertPoint(block("unreachable"));
}

llvm::BasicBlock* Lowering::way_out() const {
  bool in_predicate = frame_.loop == 0 && frame_.stage == 0;
  return in_predicate ? frame_.reject : frame_.exit;
}

void Lowering::exit_now() { leave(nullptr); }

// --- per-CPU memory ---

llvm::Value* Lowering::in_setup(const std::function<llvm::Value*()>& code) {
  llvm::IRBuilderBase::InsertPointGuard guard(b_);
  b_.SetInsertPoint(frame_.setup[frame_.stage]);
  b_.SetCurrentDebugLocation(module_.debug().location(frame_.subprogram, probe_.source->range));
  return code();
}

namespace {

llvm::Value* masked_cpu(Lowering& l) {
  llvm::IRBuilder<>& b = l.builder();
  llvm::Value* mask =
      l.load({l.module().constants(), offsetof(image::Constants, cpu_mask)}, 4, true);
  return b.CreateAnd(l.call(Helper::GetProcessorId, {}), b.CreateZExt(mask, b.getInt64Ty()));
}

llvm::Value* area_of(Lowering& l, llvm::Value* cpu) {
  llvm::IRBuilder<>& b = l.builder();
  return b.CreateGEP(b.getInt8Ty(), l.module().cpu_area(), b.CreateMul(cpu, l.module().stride()));
}

}  // namespace

llvm::Value* Lowering::cpu() {
  if (!frame_.cpu) frame_.cpu = in_setup([&] { return masked_cpu(*this); });
  return frame_.cpu;
}

llvm::Value* Lowering::area() {
  if (!frame_.area) {
    llvm::Value* number = cpu();
    frame_.area = in_setup([&] { return area_of(*this, number); });
  }
  return frame_.area;
}

llvm::Value* Lowering::area_here() {
  if (frame_.area) return frame_.area;
  return area_of(*this, frame_.cpu ? frame_.cpu : masked_cpu(*this));
}

llvm::Value* Lowering::cpu_count() {
  llvm::Value* count = load({module_.constants(), offsetof(image::Constants, cpu_count)}, 4, true);
  return b_.CreateZExt(count, b_.getInt64Ty());
}

// Programs that a task can be preempted in share their scratch memory with the next task that runs
// them on this CPU. Whoever finds it taken counts a skip and leaves.
void Lowering::take_scratch() {
  if (busy_) return;
  if (ast::overlap_of(probe_.provider, probe_.mechanism) != ast::Overlap::Preemptible) return;
  // The program takes it, also for the bodies of its loops.
  std::swap(frame_, *program_frame_);
  llvm::Value* start = area();
  busy_stage_ = frame_.stage;
  scratch_used_ = std::max(scratch_used_, 8U);
  region_.size = std::max(region_.size, 8U);
  in_setup([&] {
    llvm::Value* region = b_.CreateGEP(b_.getInt8Ty(), start, module_.scratch_offset());
    busy_ = b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), region, region_.offset);
    was_busy_ = b_.CreateAtomicRMW(llvm::AtomicRMWInst::Xchg, busy_, constant(1), llvm::Align(8),
                                   llvm::AtomicOrdering::SequentiallyConsistent);
    return was_busy_;
  });
  std::swap(frame_, *program_frame_);
}

Address Lowering::allocate_scratch(uint32_t size) {
  take_scratch();
  llvm::Value* region = b_.CreateGEP(b_.getInt8Ty(), area(), module_.scratch_offset());
  Address result{region, region_.offset + scratch_used_, false};
  scratch_used_ += round_up(size, 8);
  region_.size = std::max(region_.size, scratch_used_);
  return result;
}

uint32_t Lowering::stack_budget() const {
  uint32_t usual = kStackBudget[std::min<size_t>(deepest_loop_, std::size(kStackBudget) - 1)];
  return usual * module_.stack_percent() / 100;
}

Address Lowering::allocate_on_stack(uint32_t size) {
  llvm::IRBuilder<> at_entry(frame_.entry, frame_.entry->begin());
  auto* memory = at_entry.CreateAlloca(llvm::ArrayType::get(b_.getInt64Ty(), (size + 7) / 8));
  memory->setAlignment(llvm::Align(8));
  return {memory, 0, true};
}

Address Lowering::allocate(uint32_t size, bool lasting) {
  uint32_t bytes = round_up(std::max(size, 1U), 8);
  if (size > config().on_stack_limit || frame_.stack_used + bytes > stack_budget()) {
    return allocate_scratch(size);
  }
  frame_.stack_used += bytes;
  llvm::IRBuilder<> at_entry(frame_.entry, frame_.entry->begin());
  auto* slot = at_entry.CreateAlloca(llvm::ArrayType::get(b_.getInt8Ty(), bytes));
  slot->setAlignment(llvm::Align(8));
  if (!lasting) {
    b_.CreateLifetimeStart(slot, constant(bytes));
    frame_.temporaries.push_back(slot);
  }
  return {slot, 0, true};
}

// --- statements' temporaries ---

Lowering::TemporaryMark Lowering::mark_temporaries() const {
  return {frame_.temporaries.size(), frame_.stack_used, scratch_used_};
}

void Lowering::release_temporaries(const TemporaryMark& mark) {
  for (size_t i = frame_.temporaries.size(); i > mark.count; i--) {
    llvm::AllocaInst* slot = frame_.temporaries[i - 1];
    b_.CreateLifetimeEnd(slot, constant(slot->getAllocatedType()->getArrayNumElements()));
  }
  frame_.temporaries.resize(mark.count);
  frame_.stack_used = mark.stack;
  // The first take of scratch memory moves its start behind the busy flag.
  scratch_used_ = std::max({mark.scratch, lasting_scratch_, busy_ ? 8U : 0U});
}

}  // namespace gimlet::codegen
