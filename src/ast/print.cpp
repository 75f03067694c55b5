#include "ast/print.h"

#include <fmt/format.h>

namespace gimlet::ast {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (unsigned char c : text) {
    switch (c) {
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      case '\r': out += "\\r"; break;
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      default:
        out +=
            c < 32 || c > 126 ? fmt::format("\\x{:02x}", c) : std::string(1, static_cast<char>(c));
    }
  }
  return out + "\"";
}

std::string type_text(const TypeSpec& spec) {
  constexpr const char* kTags[] = {"", "struct ", "union ", "enum "};
  std::string out = kTags[static_cast<int>(spec.tag)] + spec.name;
  for (const TypeSpec::Suffix& suffix : spec.suffixes) {
    out += suffix.pointer  ? "*"
           : suffix.length ? fmt::format("[{}]", *suffix.length)
                           : std::string("[]");
  }
  return out;
}

bool is_operator(const Expr& expr) {
  return std::holds_alternative<Binary>(expr.node) || std::holds_alternative<Ternary>(expr.node);
}

bool is_prefix_step(const Expr& expr) {
  const auto* step = std::get_if<Step>(&expr.node);
  return step && (step->op == StepOp::PreIncrement || step->op == StepOp::PreDecrement);
}

bool is_negation(const Expr& expr) {
  const auto* unary = std::get_if<Unary>(&expr.node);
  return unary && unary->op == UnaryOp::Negate;
}

// Expressions. Operators inside operators get parentheses; elsewhere none are added unless the text
// would read as something else.
class ExpressionText {
 public:
  static std::string text(const Expr& expr) {
    return std::visit([](const auto& node) { return show(node); }, expr.node);
  }

 private:
  static std::string text(const ExprPtr& expr) { return text(*expr); }
  static std::string list(const std::vector<ExprPtr>& exprs) {
    std::string out;
    for (const ExprPtr& expr : exprs) out += (out.empty() ? "" : ", ") + text(expr);
    return out;
  }
  static std::string wrapped(const ExprPtr& expr, bool wrap) {
    return wrap ? "(" + text(expr) + ")" : text(expr);
  }
  static std::string operand(const ExprPtr& expr) { return wrapped(expr, is_operator(*expr)); }
  // A run of the same `&&` or `||` needs no parentheses.
  static std::string left_operand(const ExprPtr& expr, BinaryOp op) {
    const auto* left = std::get_if<Binary>(&expr->node);
    bool logical = op == BinaryOp::LogicalAnd || op == BinaryOp::LogicalOr;
    return left && logical && left->op == op ? text(expr) : operand(expr);
  }
  // What stands before `.`, `[` or a postfix operator.
  static std::string base(const ExprPtr& expr) {
    bool prefix = std::holds_alternative<Cast>(expr->node) ||
                  std::holds_alternative<Unary>(expr->node) || is_prefix_step(*expr);
    return wrapped(expr, prefix || is_operator(*expr));
  }

  static std::string show(const IntegerLiteral& n) { return n.spelling; }
  static std::string show(const StringLiteral& n) { return quoted(n.value); }
  static std::string show(const BoolLiteral& n) { return n.value ? "true" : "false"; }
  static std::string show(const PositionalParameter& n) { return fmt::format("${}", n.index); }
  static std::string show(const ParameterCount&) { return "$#"; }
  static std::string show(const Identifier& n) { return n.name; }
  static std::string show(const Variable& n) { return n.name; }
  static std::string show(const MapAccess& n) {
    return n.keys.empty() ? n.name : fmt::format("{}[{}]", n.name, list(n.keys));
  }
  static std::string show(const Call& n) {
    return fmt::format("{}({})", n.name, list(n.arguments));
  }
  static std::string show(const Unary& n) {
    // `-(-x)` must not become a decrement.
    bool minus = n.op == UnaryOp::Negate && (is_negation(*n.operand) || is_prefix_step(*n.operand));
    return spelling(n.op) + wrapped(n.operand, minus || is_operator(*n.operand));
  }
  static std::string show(const Step& n) {
    bool up = n.op == StepOp::PreIncrement || n.op == StepOp::PostIncrement;
    bool prefix = n.op == StepOp::PreIncrement || n.op == StepOp::PreDecrement;
    std::string op = up ? "++" : "--";
    if (!prefix) return base(n.operand) + op;
    bool minus = is_negation(*n.operand) || is_prefix_step(*n.operand);
    return op + wrapped(n.operand, minus || is_operator(*n.operand));
  }
  static std::string show(const Binary& n) {
    return fmt::format("{} {} {}", left_operand(n.left, n.op), spelling(n.op), operand(n.right));
  }
  static std::string show(const Ternary& n) {
    std::string then = n.then ? " " + operand(n.then) + " " : "";
    return fmt::format("{} ?{}: {}", operand(n.condition), then, operand(n.otherwise));
  }
  static std::string show(const FieldAccess& n) {
    return fmt::format("{}.{}", base(n.base), n.field);
  }
  static std::string show(const TupleAccess& n) {
    return fmt::format("{}.{}", base(n.base), n.index);
  }
  static std::string show(const Index& n) {
    // `(@x)[1]` is not the map access `@x[1]`.
    const auto* map = std::get_if<MapAccess>(&n.base->node);
    std::string before = map && map->keys.empty() ? "(" + map->name + ")" : base(n.base);
    return fmt::format("{}[{}]", before, text(n.index));
  }
  static std::string show(const Cast& n) {
    bool wrap = is_operator(*n.operand) || is_prefix_step(*n.operand);
    return fmt::format("({}){}", type_text(n.type), wrapped(n.operand, wrap));
  }
  static std::string show(const Tuple& n) {
    return n.elements.size() == 1 ? fmt::format("({},)", text(n.elements[0]))
                                  : fmt::format("({})", list(n.elements));
  }
};

std::string text(const ExprPtr& expr) { return ExpressionText::text(*expr); }

class Printer {
 public:
  std::string out;

  void probe(const Probe& probe) {
    for (size_t i = 0; i < probe.attach_points.size(); i++) {
      line(probe.attach_points[i].text + (i + 1 < probe.attach_points.size() ? "," : ""));
    }
    if (probe.predicate) line(fmt::format("/{}/", text(probe.predicate)));
    block("", probe.body);
    out += "\n";
  }

 private:
  // `before` and the block, without a newline at the end.
  void block(const std::string& before, const Block& block) {
    out += before;
    if (block.statements.empty()) {
      out += "{}";
      return;
    }
    out += "{\n";
    indent_ += 2;
    for (const StmtPtr& statement : block.statements) {
      std::visit([&](const auto& node) { show(node); }, statement->node);
    }
    indent_ -= 2;
    out += std::string(indent_, ' ') + "}";
  }
  void line(const std::string& text) { out += std::string(indent_, ' ') + text + "\n"; }

  void show(const ExpressionStatement& n) { line(text(n.expression) + ";"); }
  void show(const Assignment& n) {
    const char* op = n.op ? spelling(*n.op) : "";
    line(fmt::format("{} {}= {};", text(n.target), op, text(n.value)));
  }
  void show(const Let& n) {
    std::string type = n.type ? " : " + type_text(*n.type) : "";
    std::string value = n.value ? " = " + text(n.value) : "";
    line(fmt::format("let {}{}{};", text(n.variable), type, value));
  }
  void show(const If& n) {
    out += std::string(indent_, ' ');
    chain(n);
    out += "\n";
  }
  void chain(const If& n) {
    block(fmt::format("if ({}) ", text(n.condition)), n.then);
    if (!n.otherwise) return;
    const If* next = n.otherwise->statements.size() == 1
                         ? std::get_if<If>(&n.otherwise->statements[0]->node)
                         : nullptr;
    if (!next) return block(" else ", *n.otherwise);
    out += " else ";
    chain(*next);
  }
  void show(const Return& n) { line(n.value ? "return " + text(n.value) + ";" : "return;"); }
  void show(const Scope& n) {
    block(std::string(indent_, ' '), n.block);
    out += "\n";
  }
  void show(const Discard& n) { line(fmt::format("_ = {};", text(n.value))); }

  size_t indent_ = 0;
};

}  // namespace

std::string print(const Program& program) {
  Printer printer;
  for (const Probe& probe : program.probes) {
    if (!printer.out.empty()) printer.out += "\n";
    printer.probe(probe);
  }
  return printer.out;
}

std::string print(const Expr& expr) { return ExpressionText::text(expr); }

}  // namespace gimlet::ast
