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
using ExprPtr = std::unique_ptr<Expr>;
using StmtPtr = std::unique_ptr<Stmt>;

// A type as written: a name, an optional struct/union/enum keyword, then any mix of `*` and `[N]`.
struct TypeSpec {
  enum class Tag { None, Struct, Union, Enum };
  struct Suffix {
    bool pointer = false;            // `*`; otherwise `[N]` or `[]`
    std::optional<uint64_t> length;  // N of `[N]`
  };
  SourceRange range;
  Tag tag = Tag::None;
  std::string name;
  std::vector<Suffix> suffixes;  // in written order, applied left to right
};

enum class UnaryOp { Negate, LogicalNot, BitNot, Dereference };
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
  std::string name;  // with its `$`
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

struct Expr {
  NodeId id = 0;
  SourceRange range;
  std::variant<IntegerLiteral, StringLiteral, BoolLiteral, PositionalParameter, ParameterCount,
               Identifier, Variable, MapAccess, Call, Unary, Step, Binary, Ternary, FieldAccess,
               TupleAccess, Index, Cast, Tuple>
      node;
};

struct Block {
  SourceRange range;  // from `{` to `}`
  std::vector<StmtPtr> statements;
};

// An expression for its effect: a call, `@x++`, a ternary.
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
struct If {
  ExprPtr condition;
  Block then;
  std::optional<Block> otherwise;  // `else if` is a block that holds one If
};
struct Return {
  ExprPtr value;  // may be null
};
// `{ ... }` as a statement: a scope of its own
struct Scope {
  Block block;
};
// `_ = e;` evaluates and throws away.
struct Discard {
  ExprPtr value;
};

struct Stmt {
  NodeId id = 0;
  SourceRange range;
  std::variant<ExpressionStatement, Assignment, Let, If, Return, Scope, Discard> node;
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

struct Program {
  std::vector<Probe> probes;
  NodeId node_count = 0;  // ids are 0 .. node_count-1
};

// "+", "<<", "&&", ...
const char* spelling(BinaryOp op);
const char* spelling(UnaryOp op);

}  // namespace gimlet::ast
