// Debug information built with LLVM's DIBuilder; see debug_info.h.
#include "codegen/debug_info.h"

#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/DebugInfoMetadata.h>

namespace gimlet::codegen {

using llvm::dwarf::DW_ATE_signed;
using llvm::dwarf::DW_ATE_signed_char;

DebugInfo::DebugInfo(llvm::Module& module, const base::SourceSet& sources)
    : builder_(module), sources_(sources) {
  module.addModuleFlag(llvm::Module::Warning, "Debug Info Version", llvm::DEBUG_METADATA_VERSION);
  module.addModuleFlag(llvm::Module::Warning, "Dwarf Version", 4);
  files_.resize(sources.size());
  llvm::DIFile* main_file = sources.size() > 0 ? file(0) : builder_.createFile("program", "");
  // Only BTF is wanted; with directives alone LLVM spends no time on DWARF sections.
  unit_ = builder_.createCompileUnit(llvm::dwarf::DW_LANG_C, main_file, "gimlet", false, "", 0, "",
                                     llvm::DICompileUnit::DebugEmissionKind::DebugDirectivesOnly, 0,
                                     false, false, llvm::DICompileUnit::DebugNameTableKind::None);
  int_ = builder_.createBasicType("int", 32, DW_ATE_signed);
  char_ = builder_.createBasicType("char", 8, DW_ATE_signed_char);
  long_ = builder_.createBasicType("long", 64, DW_ATE_signed);
  pointer_ = builder_.createPointerType(nullptr, 64);
}

llvm::DIFile* DebugInfo::file(base::FileId id) {
  if (!files_[id]) {
    const base::SourceFile& source = sources_.file(id);
    // With the text embedded, LLVM does not look for a file of that name.
    files_[id] =
        builder_.createFile(source.name(), "", std::nullopt, llvm::StringRef(source.text()));
  }
  return files_[id];
}

llvm::DISubprogram* DebugInfo::function(llvm::Function& function,
                                        const std::vector<const char*>& parameters,
                                        base::SourceRange range) {
  llvm::SmallVector<llvm::Metadata*, 5> types{long_};
  types.append(parameters.size(), pointer_);
  auto* type = builder_.createSubroutineType(builder_.getOrCreateTypeArray(types));
  llvm::DIFile* where = sources_.size() > 0 ? file(range.file) : unit_->getFile();
  unsigned line = sources_.size() > 0 ? sources_.file(range.file).position(range.begin).line : 1;
  auto flags = llvm::DISubprogram::SPFlagDefinition | llvm::DISubprogram::SPFlagOptimized;
  if (function.hasLocalLinkage()) flags |= llvm::DISubprogram::SPFlagLocalToUnit;
  auto* program = builder_.createFunction(unit_, function.getName(), function.getName(), where,
                                          line, type, line, llvm::DINode::FlagPrototyped, flags);
  for (unsigned i = 0; i < parameters.size(); i++) {
    // The kernel refuses functions whose parameters have no names.
    builder_.createParameterVariable(program, parameters[i], i + 1, where, line, pointer_, true);
  }
  function.setSubprogram(program);
  return program;
}

llvm::DISubprogram* DebugInfo::program(llvm::Function& f, base::SourceRange range) {
  return function(f, {"ctx"}, range);
}

llvm::DISubprogram* DebugInfo::callback(llvm::Function& f,
                                        const std::vector<const char*>& parameters,
                                        base::SourceRange range) {
  return function(f, parameters, range);
}

llvm::DILocation* DebugInfo::location(llvm::DISubprogram* scope, base::SourceRange range) {
  base::Position position{1, 1};
  if (sources_.size() > 0) position = sources_.file(range.file).position(range.begin);
  return llvm::DILocation::get(scope->getContext(), position.line, position.column, scope);
}

void DebugInfo::attach(llvm::GlobalVariable& variable, llvm::DIType* type) {
  variable.addDebugInfo(builder_.createGlobalVariableExpression(
      unit_, variable.getName(), variable.getName(), unit_->getFile(), 1, type, false));
}

void DebugInfo::bytes_variable(llvm::GlobalVariable& variable, uint64_t size) {
  llvm::Metadata* range = builder_.getOrCreateSubrange(0, static_cast<int64_t>(size));
  attach(variable,
         builder_.createArrayType(size * 8, 8, char_, builder_.getOrCreateArray({range})));
}

void DebugInfo::map_variable(llvm::GlobalVariable& variable,
                             const std::vector<std::pair<const char*, uint32_t>>& numbers) {
  llvm::SmallVector<llvm::Metadata*, 6> members;
  uint64_t offset = 0;
  for (const auto& [name, number] : numbers) {
    llvm::Metadata* range = builder_.getOrCreateSubrange(0, static_cast<int64_t>(number));
    auto* array = builder_.createArrayType(uint64_t{number} * 32, 32, int_,
                                           builder_.getOrCreateArray({range}));
    auto* pointer = builder_.createPointerType(array, 64);
    members.push_back(builder_.createMemberType(unit_, name, unit_->getFile(), 1, 64, 64, offset,
                                                llvm::DINode::FlagZero, pointer));
    offset += 64;
  }
  attach(variable, builder_.createStructType(unit_, "", unit_->getFile(), 1, offset, 64,
                                             llvm::DINode::FlagZero, nullptr,
                                             builder_.getOrCreateArray(members)));
}

void DebugInfo::finish() { builder_.finalize(); }

}  // namespace gimlet::codegen
