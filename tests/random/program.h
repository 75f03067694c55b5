// A random program: its variables and maps, and the tree of its statements. Expressions are shared
// and never change once built, so that the shrinker can build variants cheaply; whether one folds
// to a literal (specification 6.4) is decided when it is built.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "types.h"

namespace gimlet::random_tests {

struct Expression;
struct Statement;
using ExpressionRef = std::shared_ptr<const Expression>;
using StatementRef = std::shared_ptr<const Statement>;
using Block = std::vector<StatementRef>;

// A value known at compile time.
struct Literal {
  std::variant<Wide, bool, std::string> value;

  bool is_integer() const { return value.index() == 0; }
  bool is_boolean() const { return value.index() == 1; }
  Wide integer() const { return std::get<0>(value); }
  bool boolean() const { return std::get<1>(value); }
  const std::string& text() const { return std::get<2>(value); }
  bool truth() const;
};

// A variable or a map element; `variable` and `map` are indices into the program's tables.
struct Place {
  int variable = -1;
  int map = -1;
  ExpressionRef key;  // null for scalar maps and variables
};

struct Expression {
  enum class Kind {
    literal,      // text = as spelled
    place,        // read of a variable or a map
    unary,        // text = operator
    binary,       // text = operator
    conditional,  // c ? a : b
    elvis,        // c ?: b
    cast,         // to `type`
    tuple,
    record,   // type.fields = names
    element,  // .N of a tuple (number)
    field,    // .text of a record
    index,    // e[N] of a string or array (number, or the second operand)
    call,     // text = function; place.map for map functions
    step,     // text = operator, number = 1 for prefix
    size,     // sizeof(e), or sizeof(type) without operand
    block,    // { body; value }
    choice,   // if (c) { body; a } else { b }, the bodies being `body` and `otherwise`
    macro,    // text = name, the arguments follow operand 0, which is the expansion
  };
  Kind kind = Kind::literal;
  std::string text;
  int number = 0;
  Type type;
  Place place;
  std::vector<ExpressionRef> operands;
  Block body, otherwise;
  std::optional<Literal> folded;
};

struct Statement {
  enum class Kind {
    declare,   // let $v[: T] [= e];
    assign,    // target = e;
    compound,  // target text e;
    step,      // target++ or target--
    erase,     // delete(@m, k);
    branch,    // if (e) body else otherwise
    block,
    repeat,     // while over a counter variable (target) up to `number`
    unroll,     // `number` times
    for_range,  // target variable over operands 0..1
    for_map,    // target variable over `map`
    break_,     // operand: the condition under which it is taken
    continue_,  // the same
    print,      // a result line by print()
    format,     // a result line by printf with the conversion `text`
    expansion,  // text = macro call as printed, body = what it stands for
  };
  Kind kind = Kind::block;
  std::string text;
  int number = 0;
  int line = 0;  // results: the number it prints
  int map = -1;
  Place target;
  std::vector<ExpressionRef> operands;
  Block body, otherwise;
};

struct Variable {
  std::string name;  // without `$`; several variables in disjoint blocks may share one
  std::optional<Type> declared;
};

struct Map {
  std::string name;  // without `@`
};

struct Program {
  std::vector<Variable> variables;
  std::vector<Map> maps;
  std::vector<std::string> macros;  // definitions as printed
  Block body;
};

// The value of a tree of literals. `invalid` is set if the specification makes it an error.
std::optional<Literal> fold(const Expression& expression, bool& invalid);

// Builds the shared form; null if folding it is a compile-time error.
ExpressionRef build(Expression expression);

// The program as a script, and parts of it.
std::string print(const Program& program);
std::string print(const Program& program, const Expression& expression, int level = 0);
// How one literal integer or string is written by default.
std::string spell(const Literal& literal);

int result_lines(const Block& block);

}  // namespace gimlet::random_tests
