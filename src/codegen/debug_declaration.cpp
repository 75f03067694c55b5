// Debug information of imported functions: C types for those of the language. The linker wants the
// same shape as in the definition: sizes of integers, names of structures and enums, but not their
// members.
#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/DebugInfoMetadata.h>

#include "codegen/debug_info.h"

namespace gimlet::codegen {

namespace dwarf = llvm::dwarf;
using ast::TypeKind;

namespace {

// "struct x" -> "x"; a structure without a name is called "struct (anon ...)" in the language.
std::string plain_name(const std::string& tagged) {
  std::string name = tagged.substr(tagged.find(' ') + 1);
  return name.starts_with("(anon") ? "" : name;
}

}  // namespace

llvm::DIType* DebugInfo::type_of(const ast::Type& type) {
  const uint64_t bits = 8 * uint64_t{type.size};
  llvm::DIFile* where = unit_->getFile();
  switch (type.kind) {
    case TypeKind::Void: return nullptr;
    case TypeKind::Bool: return builder_.createBasicType("_Bool", 8, dwarf::DW_ATE_boolean);
    case TypeKind::Enum: {
      // BTF has a kind of its own for wide enums, which LLVM chooses by the underlying type.
      auto* underlying = builder_.createBasicType("", bits, dwarf::DW_ATE_unsigned);
      return builder_.createEnumerationType(unit_, plain_name(type.name), where, 1, bits,
                                            static_cast<uint32_t>(bits), {}, underlying);
    }
    case TypeKind::Pointer: return builder_.createPointerType(type_of(*type.element), 64);
    case TypeKind::Array: {
      llvm::Metadata* range = builder_.getOrCreateSubrange(0, static_cast<int64_t>(type.length));
      return builder_.createArrayType(bits, 8, type_of(*type.element),
                                      builder_.getOrCreateArray({range}));
    }
    case TypeKind::String: {
      llvm::Metadata* range = builder_.getOrCreateSubrange(0, static_cast<int64_t>(type.size));
      return builder_.createArrayType(bits, 8, char_, builder_.getOrCreateArray({range}));
    }
    case TypeKind::Struct: {
      const std::string name = plain_name(type.name);
      const bool is_union = type.name.starts_with("union ");
      const unsigned tag = is_union ? dwarf::DW_TAG_union_type : dwarf::DW_TAG_structure_type;
      if (!name.empty()) return builder_.createForwardDecl(tag, name, unit_, where, 1);
      if (is_union) {
        return builder_.createUnionType(unit_, "", where, 1, bits, 8, llvm::DINode::FlagZero, {});
      }
      return builder_.createStructType(unit_, "", where, 1, bits, 8, llvm::DINode::FlagZero,
                                       nullptr, {});
    }
    default:
      return builder_.createBasicType(
          ast::type_name(type), bits,
          type.is_signed ? dwarf::DW_ATE_signed : dwarf::DW_ATE_unsigned);
  }
}

void DebugInfo::declaration(llvm::Function& function, const ast::ExternalFunction& external) {
  llvm::SmallVector<llvm::Metadata*, 6> types{type_of(external.result)};
  for (const ast::ExternalParameter& parameter : external.parameters) {
    types.push_back(type_of(parameter.type));
  }
  auto* type = builder_.createSubroutineType(builder_.getOrCreateTypeArray(types));
  function.setSubprogram(builder_.createFunction(
      unit_->getFile(), external.name, external.name, unit_->getFile(), 1, type, 1,
      llvm::DINode::FlagPrototyped, llvm::DISubprogram::SPFlagOptimized));
}

}  // namespace gimlet::codegen
