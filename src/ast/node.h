// The tree that the parser builds.
//
// Nodes are plain structs: an id, the source range they were written in, and children. Nothing that
// a later stage learns is stored here: types, targets and folded constants live in side tables
// indexed by NodeId. Ids are dense and count from 0 within one Program, so a table is a vector.
// Visit with std::visit and no catch-all: a new node then fails to compile exactly where it
// matters.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/source.h"

namespace gimlet::ast {

using base::SourceRange;
using NodeId = uint32_t;

struct Expr;
struct Stmt;
struct TypeSpec;
using ExprPtr = std::unique_ptr<Expr>;
using StmtPtr = std::unique_ptr<Stmt>;

// What stands in the parentheses of sizeof, typeof and their kin: exactly one of the two is set.
struct TypeOrExpr {
  std::unique_ptr<TypeSpec> type;
  ExprPtr expr;
};

// A type as written: a name with an optional struct/union/enum keyword, or `typeof(...)`; then any
// mix of `*` and `[N]`.
struct TypeSpec {
  enum class Tag { None, Struct, Union, Enum };
  struct Suffix {
    bool pointer = false;            // `*`; otherwise `[N]` or `[]`
    std::optional<uint64_t> length;  // N of `[N]`
  };
  SourceRange range;
  Tag tag = Tag::None;
  std::string name;              // empty for typeof
  std::optional<TypeOrExpr> of;  // typeof's operand
  std::vector<Suffix> suffixes;  // in written order, applied left to right
};

// `{ ... }`. A last expression without a `;` is the block's value, unless nobody can use it (in a
// probe's body, say): then it is a statement like the others.
struct Block {
  SourceRange range;  // from `{` to `}`
  std::vector<StmtPtr> statements;
  ExprPtr value;  // may be null
};

enum class UnaryOp { Negate, LogicalNot, BitNot, Dereference, AddressOf };
enum class StepOp { PreIncrement, PreDecrement, PostIncrement, PostDecrement };
enum class BinaryOp {
  Multiply,
  Divide,
  Modulo,
  Add,
  Subtract,
  ShiftLeft,
  ShiftRight,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  Equal,
  NotEqual,
  BitAnd,
  BitXor,
  BitOr,
  LogicalAnd,
  LogicalOr,
};

// A decimal, hexadecimal, octal, scientific or suffixed number, already scaled (durations to ns).
struct IntegerLiteral {
  uint64_t value = 0;
  std::string spelling;  // as written, for printing the program back
};
struct StringLiteral {
  std::string value;  // escapes already replaced; may hold any byte
};
struct BoolLiteral {
  bool value = false;
};
// `$1` .. `$N`; index counts from 1.
struct PositionalParameter {
  uint64_t index = 0;
};
// `$#`
struct ParameterCount {};
// A bare name: builtin value, enum constant, keyword-like argument.
struct Identifier {
  std::string name;
};
struct Variable {
  std::string name;    // with its `$`
  uint32_t owner = 0;  // the expansion (SourceRange::expansion) whose own it is; 0 = the probe's
};
// `@m` or `@m[k1, k2]`. Several written keys are one tuple key (language §11.1).
struct MapAccess {
  std::string name;  // with its `@`
  SourceRange name_range;
  std::vector<ExprPtr> keys;
};
struct Call {
  std::string name;
  SourceRange name_range;
  std::vector<ExprPtr> arguments;
};
struct Unary {
  UnaryOp op{};
  ExprPtr operand;
};
// `++` and `--`. The operand must be a variable or a map access; sema checks it.
struct Step {
  StepOp op{};
  ExprPtr operand;
};
struct Binary {
  BinaryOp op{};
  SourceRange op_range;
  ExprPtr left;
  ExprPtr right;
};
// `c ? a : b`; `then` is null for `c ?: b`.
struct Ternary {
  ExprPtr condition;
  ExprPtr then;
  ExprPtr otherwise;
};
// `base.field` and `base->field`, which mean the same.
struct FieldAccess {
  ExprPtr base;
  std::string field;
  SourceRange field_range;
};
// `base.N`
struct TupleAccess {
  ExprPtr base;
  uint64_t index = 0;
  SourceRange index_range;
};
// `base[index]`
struct Index {
  ExprPtr base;
  ExprPtr index;
};
struct Cast {
  TypeSpec type;
  ExprPtr operand;
};
// `(a, b)`, `(a,)`, `()`
struct Tuple {
  std::vector<ExprPtr> elements;
};
// `(a = 1, b = 2)`
struct Record {
  struct Field {
    std::string name;
    SourceRange name_range;
    ExprPtr value;
  };
  std::vector<Field> fields;
};
// `if c { ... } else { ... }`, as a value or as a statement.
struct If {
  ExprPtr condition;
  Block then;
  std::optional<Block> otherwise;  // `else if` is a block of one If
};
// `{ ...; e }`, as a value or as a statement: a scope of its own.
struct BlockExpr {
  Block block;
};
// `sizeof(T)`, `sizeof(e)`
struct SizeOf {
  TypeOrExpr operand;
};
// `offsetof(T, a.b)`
struct OffsetOf {
  TypeOrExpr operand;
  std::vector<std::string> path;  // at least one field
  SourceRange path_range;
};
// `typeinfo(T)`, `typeinfo(e)`
struct TypeInfo {
  TypeOrExpr operand;
};
// `typeof(...)` as an argument of a macro call.
struct TypeArgument {
  TypeSpec type;  // with `of` set
};
// `comptime e`
struct Comptime {
  ExprPtr operand;
};

struct Expr {
  NodeId id = 0;
  SourceRange range;
  std::variant<IntegerLiteral, StringLiteral, BoolLiteral, PositionalParameter, ParameterCount,
               Identifier, Variable, MapAccess, Call, Unary, Step, Binary, Ternary, FieldAccess,
               TupleAccess, Index, Cast, Tuple, Record, If, BlockExpr, SizeOf, OffsetOf, TypeInfo,
               TypeArgument, Comptime>
      node;
};

// An expression for its effect: a call, `@x++`, an `if`, a block.
struct ExpressionStatement {
  ExprPtr expression;
};
// `target = value`, or `target op= value` when op is set. The target is a Variable or a MapAccess.
struct Assignment {
  ExprPtr target;
  std::optional<BinaryOp> op;
  ExprPtr value;
};
// `let $x`, `let $x = e`, `let $x: T`, `let $x: T = e`
struct Let {
  ExprPtr variable;  // a Variable
  std::optional<TypeSpec> type;
  ExprPtr value;  // may be null
};
// `while c { ... }`
struct While {
  ExprPtr condition;
  Block body;
};
// `unroll N { ... }`
struct Unroll {
  ExprPtr count;
  Block body;
};
// `for $v : @m { ... }` and `for $v : a..b { ... }`
struct For {
  ExprPtr variable;  // a Variable
  ExprPtr map;       // a MapAccess without keys; null for a range
  ExprPtr begin;     // the range's ends; null for a map
  ExprPtr end;
  Block body;
};
enum class JumpKind { Break, Continue };
struct Jump {
  JumpKind kind{};
};
struct Return {
  ExprPtr value;  // may be null
};
// `_ = e;` evaluates and throws away.
struct Discard {
  ExprPtr value;
};
// `import "x";` inside a block
struct ImportStatement {
  std::string path;
};

struct Stmt {
  NodeId id = 0;
  SourceRange range;
  std::variant<ExpressionStatement, Assignment, Let, While, Unroll, For, Jump, Return, Discard,
               ImportStatement>
      node;
};

// An attach point as written. `parts` is the text split at `:` outside quotes, quotes removed and
// escapes replaced; a part that was quoted takes no wildcard (probes-and-stdlib B1.2).
struct AttachPoint {
  struct Part {
    std::string text;
    bool quoted = false;
    SourceRange range;
  };
  NodeId id = 0;
  SourceRange range;
  std::string text;  // verbatim
  std::vector<Part> parts;
};

struct Probe {
  NodeId id = 0;
  SourceRange range;
  std::vector<AttachPoint> attach_points;
  ExprPtr predicate;  // may be null
  Block body;
};

// `key = value` in the config block (language §2.3).
struct ConfigEntry {
  std::string key;  // as written
  SourceRange key_range;
  // An integer, a boolean, or the text of a string or of a bare word.
  std::variant<uint64_t, bool, std::string> value;
  SourceRange value_range;
};

// `import "PATH";` at the top level
struct Import {
  SourceRange range;
  std::string path;
  SourceRange path_range;
};

// A file that was imported for its code, or as a header of such files.
struct ExternalSource {
  enum class Kind { CSource, Object, Header };
  Kind kind{};
  std::string path;   // that opens it
  SourceRange range;  // of the import's path
};

// `let @m = TYPE(N);`
struct MapDeclaration {
  SourceRange range;
  std::string name;  // with its `@`
  SourceRange name_range;
  std::string type;
  SourceRange type_range;
  uint64_t entries = 0;
};

// `macro f(x, $v, @m) { ... }`
struct MacroParameter {
  enum class Kind { Expression, Variable, Map };
  Kind kind{};
  std::string name;  // with its sigil
  SourceRange range;
};
struct Macro {
  SourceRange range;
  std::string name;
  SourceRange name_range;
  std::vector<MacroParameter> parameters;
  Block body;
  bool library = false;  // from the standard library
};

// `fn f($a: T): R { ... }`
struct FunctionParameter {
  std::string name;  // with its `$`
  SourceRange range;
  TypeSpec type;
};
struct Function {
  NodeId id = 0;
  SourceRange range;
  std::string name;
  SourceRange name_range;
  std::vector<FunctionParameter> parameters;
  TypeSpec result;
  Block body;
};

// One thing of the top level, in written order.
struct Item {
  enum class Kind { CText, Config, Import, MapDeclaration, Macro, Function, Probe };
  Kind kind{};
  uint32_t index = 0;  // into the list of its kind below; for Config 0
};

struct Program {
  std::vector<Item> items;
  // Preprocessor lines and struct, union and enum definitions: verbatim text, in order.
  std::vector<SourceRange> c_text;
  std::optional<SourceRange> config_range;
  std::vector<ConfigEntry> config;
  std::vector<Import> imports;
  std::vector<Import> block_imports;  // those that are statements
  std::vector<ExternalSource> external_sources;  // what the imports led to, in order
  std::vector<MapDeclaration> maps;
  std::vector<Macro> macros;
  std::vector<Function> functions;
  std::vector<Probe> probes;
  NodeId node_count = 0;  // ids are 0 .. node_count-1
};

// "+", "<<", "&&", ...
const char* spelling(BinaryOp op);
const char* spelling(UnaryOp op);

}  // namespace gimlet::ast
