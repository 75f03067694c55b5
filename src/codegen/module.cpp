// Globals of the module: maps, data sections, the license; see module.h.
#include "codegen/module.h"

#include <fmt/format.h>

#include "ast/unwind_layout.h"

namespace gimlet::codegen {
namespace {

// enum bpf_map_type
constexpr uint32_t kHashMap = 1;
constexpr uint32_t kPerfEventArray = 4;
constexpr uint32_t kRingbufMap = 27;
// The runtime sets the real size; libbpf wants one that is valid.
constexpr uint32_t kRingbufSize = 1 << 18;
constexpr uint32_t kCacheLine = 64;

}  // namespace

ProgramModule::ProgramModule(const ast::TypedProgram& program, const base::SourceSet& sources,
                             uint32_t stack_percent)
    : program_(program), sources_(sources), stack_percent_(stack_percent), events_(program.events) {
  module_ = std::make_unique<llvm::Module>("gimlet", context_);
  debug_ = std::make_unique<DebugInfo>(*module_, sources);
  ringbuf_ = bpf_map("ringbuf", {{"type", kRingbufMap}, {"max_entries", kRingbufSize}});
  control_ = variable("gimlet_control", ".data.gimlet_ctl", sizeof(image::Control));
  constants_ = variable("gimlet_constants", ".rodata", sizeof(image::Constants));
  constants_->setConstant(true);
  cpu_area_ = placeholder("gimlet_cpu.placeholder");
  stride_ = placeholder("stride.placeholder");
  skipped_offset_ = placeholder("skipped_offset.placeholder");
  guard_offset_ = placeholder("guard_offset.placeholder");
  scratch_offset_ = placeholder("scratch_offset.placeholder");
  declare_maps();
  // Imported code may have its own, which then counts for all.
  if (program.external.has_license) return;
  auto* text = llvm::ConstantDataArray::getString(context_, program.config.license);
  llvm::GlobalVariable* license = global("LICENSE", text->getType());
  license->setInitializer(text);
  // The linker wants type information only for what other objects can see.
  license->setLinkage(llvm::GlobalValue::InternalLinkage);
  license->setConstant(true);
  license->setSection("license");
}

void ProgramModule::declare_maps() {
  for (const ast::MapPlan& plan : program_.maps) {
    switch (plan.storage) {
      case ast::MapStorage::Scalar:
        maps_.push_back(
            variable(plan.kernel_name, ".data." + plan.kernel_name, sizeof(ast::ScalarSlot)));
        break;
      case ast::MapStorage::PerCpuScalar:
        maps_.push_back(variable(plan.kernel_name, ".data." + plan.kernel_name, plan.slot_stride));
        break;
      case ast::MapStorage::Hash:
      case ast::MapStorage::PerCpuHash:
        maps_.push_back(bpf_map(plan.kernel_name, {{"type", ast::kernel_map_type(plan)},
                                                   {"key_size", plan.key_size},
                                                   {"value_size", plan.value_size},
                                                   {"max_entries", plan.max_entries}}));
        break;
    }
  }
}

llvm::GlobalVariable* ProgramModule::global(const std::string& name, llvm::Type* type) {
  return llvm::cast<llvm::GlobalVariable>(module_->getOrInsertGlobal(name, type));
}

llvm::GlobalVariable* ProgramModule::variable(const std::string& name, const std::string& section,
                                              uint64_t size) {
  auto* type = llvm::ArrayType::get(llvm::Type::getInt8Ty(context_), size);
  auto* result = global(name, type);
  result->setInitializer(llvm::ConstantAggregateZero::get(type));
  // The runtime writes the contents: what the object holds is no reason to fold loads.
  result->setExternallyInitialized(true);
  result->setSection(section);
  result->setAlignment(llvm::Align(8));
  debug_->bytes_variable(*result, size);
  return result;
}

llvm::GlobalVariable* ProgramModule::bpf_map(
    const std::string& name, const std::vector<std::pair<const char*, uint32_t>>& numbers) {
  auto* type = llvm::ArrayType::get(llvm::Type::getInt64Ty(context_), numbers.size());
  auto* result = global(name, type);
  result->setInitializer(llvm::ConstantAggregateZero::get(type));
  result->setSection(".maps");
  result->setAlignment(llvm::Align(8));
  debug_->map_variable(*result, numbers);
  return result;
}

llvm::GlobalVariable* ProgramModule::placeholder(const char* name) {
  return global(name, llvm::Type::getInt8Ty(context_));
}

llvm::Constant* ProgramModule::number(llvm::GlobalVariable* placeholder) {
  return llvm::ConstantExpr::getPtrToInt(placeholder, llvm::Type::getInt64Ty(context_));
}

uint32_t ProgramModule::failure_event(ast::EventKind kind, base::SourceRange range,
                                      const std::string& text, int32_t map) {
  for (size_t i = program_.events.size(); i < events_.size(); i++) {
    const ast::EventPlan& known = events_[i];
    if (known.kind == kind && known.range == range && known.format == text && known.map == map) {
      return static_cast<uint32_t>(i);
    }
  }
  ast::EventPlan plan;
  plan.kind = kind;
  plan.range = range;
  plan.format = text;
  plan.map = map;
  if (kind == ast::EventKind::HelperError) {
    plan.fields.push_back({ast::integer_type(8, true), plan.fixed_size, false});
    plan.fixed_size += 8;
    plan.max_size = plan.fixed_size;
  }
  events_.push_back(std::move(plan));
  return static_cast<uint32_t>(events_.size() - 1);
}

llvm::Function* ProgramModule::counting_callback() {
  if (counting_callback_) return counting_callback_;
  auto* ptr = llvm::PointerType::getUnqual(context_);
  auto* i64 = llvm::Type::getInt64Ty(context_);
  auto* type = llvm::FunctionType::get(i64, {ptr, ptr, ptr, ptr}, false);
  counting_callback_ =
      llvm::Function::Create(type, llvm::GlobalValue::InternalLinkage, "gimlet_go_on", *module_);
  counting_callback_->setSection(".text");
  debug_->callback(*counting_callback_, {"map", "key", "value", "ctx"}, base::SourceRange{});
  auto* block = llvm::BasicBlock::Create(context_, "", counting_callback_);
  auto* end = llvm::ReturnInst::Create(context_, llvm::ConstantInt::get(i64, 0), block);
  end->setDebugLoc(debug_->location(counting_callback_->getSubprogram(), base::SourceRange{}));
  return counting_callback_;
}

void ProgramModule::note_helper(const std::string& program, Helper helper,
                                base::SourceRange range) {
  std::vector<image::HelperCall>& calls = helpers_[program];
  for (const image::HelperCall& call : calls) {
    if (call.helper == static_cast<uint32_t>(helper)) return;
  }
  calls.push_back({static_cast<uint32_t>(helper), range});
}

std::vector<image::HelperCall> ProgramModule::helpers_of(const std::string& program) const {
  auto found = helpers_.find(program);
  return found == helpers_.end() ? std::vector<image::HelperCall>{} : found->second;
}

llvm::GlobalVariable* ProgramModule::text_table(const std::string& name,
                                                const std::vector<std::string>& texts,
                                                uint32_t stride) {
  if (llvm::GlobalVariable* known = module_->getGlobalVariable(name, true)) return known;
  std::string bytes;
  for (const std::string& text : texts) {
    bytes += text.substr(0, stride - 1);
    bytes.resize((bytes.size() + stride - 1) / stride * stride);
    if (text.empty()) bytes.append(stride, '\0');
  }
  auto* contents = llvm::ConstantDataArray::getString(context_, bytes, false);
  auto* table = new llvm::GlobalVariable(*module_, contents->getType(), true,
                                         llvm::GlobalValue::InternalLinkage, contents, name);
  table->setSection(".rodata." + name);
  table->setAlignment(llvm::Align(8));
  return table;
}

bool ProgramModule::looks_for_end() const {
  size_t places = 0;
  for (const ast::TypedProbe& probe : program_.probes) {
    if (!ast::is_run_by_session(probe.provider)) places += probe.targets.size();
  }
  return places > 1;
}

llvm::GlobalVariable* ProgramModule::text(const std::string& text) {
  auto* bytes = llvm::ConstantDataArray::getString(context_, text);
  auto* global = new llvm::GlobalVariable(*module_, bytes->getType(), true,
                                          llvm::GlobalValue::InternalLinkage, bytes, "gimlet_text");
  global->setSection(".rodata.gimlet_text");
  global->setAlignment(llvm::Align(1));
  return global;
}

llvm::GlobalVariable* ProgramModule::packets() {
  if (!packets_) {
    packets_ = bpf_map(
        "packets",
        {{"type", kPerfEventArray}, {"key_size", 4}, {"value_size", 4}, {"max_entries", 1}});
  }
  return packets_;
}

const ProgramModule::Unwind& ProgramModule::unwind() {
  if (!unwind_.rows) {
    unwind_.rows = variable("gimlet_rows", ".data.gimlet_rows", sizeof(ast::UnwindRow));
    unwind_.mappings = variable("gimlet_mappings", ".data.gimlet_maps", sizeof(ast::UnwindMapping));
    unwind_.processes = bpf_map("unwind", {{"type", kHashMap},
                                           {"key_size", 8},
                                           {"value_size", sizeof(ast::UnwindProcess)},
                                           {"max_entries", 1}});
  }
  return unwind_;
}

void ProgramModule::fail(base::SourceRange range, const std::string& message) {
  if (!failure_) failure_ = Failure{range, message};
}

image::CpuArea ProgramModule::finish(uint32_t scratch_size) {
  image::CpuArea area;
  area.skipped_offset = static_cast<uint32_t>(8 * events_.size());
  area.scratch_offset = area.skipped_offset + 16;  // behind the guard
  area.stride = (area.scratch_offset + scratch_size + kCacheLine - 1) / kCacheLine * kCacheLine;
  auto* i64 = llvm::Type::getInt64Ty(context_);
  auto settle = [&](llvm::GlobalVariable* unknown, uint32_t value) {
    auto* address =
        llvm::ConstantExpr::getIntToPtr(llvm::ConstantInt::get(i64, value), unknown->getType());
    unknown->replaceAllUsesWith(address);
    unknown->eraseFromParent();
  };
  settle(stride_, area.stride);
  settle(skipped_offset_, area.skipped_offset);
  settle(guard_offset_, area.skipped_offset + 8);
  settle(scratch_offset_, area.scratch_offset);
  llvm::GlobalVariable* real = variable("gimlet_cpu", ".data.gimlet_cpu", area.stride);
  cpu_area_->replaceAllUsesWith(real);
  cpu_area_->eraseFromParent();
  cpu_area_ = real;
  debug_->finish();
  return area;
}

}  // namespace gimlet::codegen
