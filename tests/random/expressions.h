// Random expressions over what is in scope. Only the kind of an operand (integer, text, ...) is
// known while generating; widths and signs follow from inference over the finished program.
#pragma once

#include <string>
#include <vector>

#include "generate.h"
#include "random.h"

namespace gimlet::random_tests {

using Kind = Type::Kind;

// What an expression is to be: integer, boolean, string, or an aggregate of such parts.
struct Shape {
  Kind kind = Kind::integer;
  std::vector<Kind> parts;
  std::vector<std::string> fields;

  bool operator==(const Shape&) const = default;
};

struct KnownVariable {
  int index = 0;
  Shape shape;
  bool may_step = false;  // an inferred integer, so that `++` may widen it
  bool rigid = false;     // certainly not sign-flexible
  bool assignable = true;
};

struct KnownMap {
  int index = 0;
  Shape value;
  bool keyed = false;
  Shape key;
  bool rigid = false;
};

// A macro of one expression; `body` has the parameters as literals named `x` and `y`.
struct KnownMacro {
  std::string name;
  ExpressionRef body;
};

struct Scope {
  std::vector<KnownVariable> variables;
  std::vector<KnownMap> maps;
  std::vector<KnownMacro> macros;
};

class Expressions {
 public:
  Expressions(Random& random, const Options& options, const Scope& scope, Program& program)
      : random_(random), options_(options), scope_(scope), program_(program) {}

  ExpressionRef make(const Shape& shape, int depth);
  ExpressionRef integer(int depth);
  ExpressionRef boolean(int depth);
  ExpressionRef text(int depth);
  // Without variables and maps, so that it folds as a whole.
  ExpressionRef literal_only(int depth);
  // An operand that never folds, for the tests of the generated code.
  ExpressionRef variable_integer();
  ExpressionRef integer_literal();
  ExpressionRef text_literal();
  ExpressionRef step_value();
  ExpressionRef array_value(int depth);
  // `e` with a cast around it unless it certainly has a definite sign.
  ExpressionRef rigid(ExpressionRef e);
  ExpressionRef key(const Shape& shape, int depth);
  Type random_integer_type();

  static ExpressionRef read(const Place& place);
  static ExpressionRef unary(const std::string& op, ExpressionRef operand);
  static ExpressionRef binary(const std::string& op, ExpressionRef left, ExpressionRef right);
  static ExpressionRef cast(const Type& type, ExpressionRef operand);
  static ExpressionRef number(Wide value);

 private:
  ExpressionRef plain_integer(int depth);
  ExpressionRef arithmetic(int depth);
  ExpressionRef shift(int depth);
  ExpressionRef division(int depth);
  ExpressionRef operand(int depth);
  ExpressionRef choice(const Shape& shape, int depth);
  ExpressionRef condition(int depth);
  ExpressionRef read_some(const Shape& shape);
  ExpressionRef part_of_some(Kind kind);
  ExpressionRef integer_call(int depth);
  ExpressionRef comparison(int depth);
  ExpressionRef aggregate_comparison(int depth);
  ExpressionRef aggregate(const Shape& shape, int depth);
  ExpressionRef macro_call(int depth);
  ExpressionRef block_value(const Shape& shape, int depth);
  ExpressionRef size(int depth);
  bool is_rigid(const Expression& e) const;
  bool whole() const { return options_.level >= 2; }

  Random& random_;
  const Options& options_;
  const Scope& scope_;
  Program& program_;
  bool in_key_ = false;  // keys contain no keyed maps, or they would never end
};

// `body` with every literal named as a parameter replaced; null if the result does not fold.
ExpressionRef substitute(const ExpressionRef& body, const std::vector<ExpressionRef>& arguments);
ExpressionRef parameter(const std::string& name);

}  // namespace gimlet::random_tests
