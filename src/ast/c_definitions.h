// What a program's C text says (language §2.2, §16): structures, enums, macros, includes.
//
// This is syntax: names are not looked up and nothing has a size yet, because types may come from
// the kernel, and asking for them costs time. sema::TypeScope gives these definitions their
// meaning when a probe mentions one. Definitions that stand inside others are listed on their own,
// as C scopes them; unnamed ones get a made-up name, "struct (anon #3)", that nobody can type.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ast/node.h"
#include "base/source.h"

namespace gimlet::ast {

// A C integer as constant expressions know it: `int` or `long`, signed or not.
struct CInteger {
  uint64_t bits = 0;  // sign- or zero-extended from 32 bits where `wide` is not set
  bool is_unsigned = false;
  bool wide = false;  // 64 bits

  int64_t as_signed() const { return static_cast<int64_t>(bits); }
  bool operator==(const CInteger&) const = default;
};

struct CTypeName;

// A constant expression: an array's length, a bitfield's width, an enumerator's value.
struct CConstant {
  enum class Kind { Integer, Name, SizeOf, AlignOf, Cast, Unary, Binary, Conditional };
  Kind kind = Kind::Integer;
  SourceRange range;
  CInteger value;                         // Integer
  std::string name;                       // Name
  UnaryOp unary{};                        // Unary: Negate, LogicalNot or BitNot
  BinaryOp binary{};                      // Binary
  std::shared_ptr<const CTypeName> type;  // SizeOf, AlignOf, Cast
  std::vector<CConstant> operands;        // Cast and Unary: 1, Binary: 2, Conditional: 3
};

// The type that a declaration begins with.
struct CSpecifier {
  enum class Kind { Plain, Struct, Union, Enum };
  Kind kind = Kind::Plain;
  // Plain: C's own types in one spelling each ("unsigned long", "signed char", "_Bool", "void"),
  // or the name of a typedef. Otherwise with its keyword: "struct x".
  std::string name;
  SourceRange range;
};

// One step from a name to its type: `*`, `[N]`, `(...)`.
struct CDerivation {
  enum class Kind { Pointer, Array, Function };
  Kind kind = Kind::Pointer;
  bool user = false;                // Pointer: to user memory (`__user`)
  std::optional<CConstant> length;  // Array: absent for `[]`
};

// "array of 4 of pointer to int" is {Array 4, Pointer} over int.
struct CTypeName {
  SourceRange range;
  CSpecifier base;
  std::vector<CDerivation> derivations;  // from the name outwards
};

// The attributes that change a layout.
struct CLayoutAttributes {
  bool packed = false;
  std::vector<CConstant> alignments;  // of every aligned(N)
};

struct CMember {
  std::string name;  // empty: an anonymous struct or union, or a bitfield that only fills
  SourceRange range;
  CTypeName type;
  std::optional<CConstant> bit_width;
  CLayoutAttributes attributes;
};

struct CRecord {
  std::string name;  // with its keyword
  SourceRange range;
  bool is_union = false;
  std::vector<CMember> members;
  CLayoutAttributes attributes;
};

struct CEnumerator {
  std::string name;
  SourceRange range;
  std::optional<CConstant> value;
};

struct CEnum {
  std::string name;  // with its keyword
  SourceRange range;
  bool anonymous = false;
  bool packed = false;
  std::vector<CEnumerator> enumerators;
};

// `#define NAME replacement`
struct CMacro {
  std::string name;
  SourceRange range;        // of the name
  std::string replacement;  // its tokens joined without blanks (language §16)
  bool function_like = false;
};

// `#include <path>` or `#include "path"`
struct CInclude {
  std::string path;
  SourceRange range;
  bool quoted = false;
};

struct CDefinitions {
  std::vector<CRecord> records;
  std::vector<CEnum> enums;
  std::vector<CMacro> macros;  // as they stand at the end, sorted by name
  std::vector<CInclude> includes;

  bool empty() const {
    return records.empty() && enums.empty() && macros.empty() && includes.empty();
  }
};

}  // namespace gimlet::ast
