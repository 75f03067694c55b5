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
        out += c < 32 || c > 126 ? fmt::format("\\x{:02x}", c) : std::string(1, static_cast<char>(c));
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

class Printer {
 public:
  std::string out;

  void program(const Program& program) {
    for (const Probe& probe : program.probes) {
      for (size_t i = 0; i < probe.attach_points.size(); i++) {
        out += probe.attach_points[i].text;
        out += i + 1 < probe.attach_points.size() ? ",\n" : "\n";
      }
      if (probe.predicate) out += fmt::format("/{}/\n", text(*probe.predicate));
      block(probe.body);
      out += "\n";
    }
  }

  static std::string text(const Expr& expr) {
    return std::visit([](const auto& node) { return show(node); }, expr.node);
  }

 private:
  static std::string text(const ExprPtr& expr) { return expr ? text(*expr) : ""; }
  static std::string list(const std::vector<ExprPtr>& exprs) {
    std::string out;
    for (const ExprPtr& expr : exprs) out += (out.empty() ? "" : ", ") + text(expr);
    return out;
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
  static std::string show(const Call& n) { return fmt::format("{}({})", n.name, list(n.arguments)); }
  static std::string show(const Unary& n) { return spelling(n.op) + text(n.operand); }
  static std::string show(const Step& n) {
    bool up = n.op == StepOp::PreIncrement || n.op == StepOp::PostIncrement;
    bool prefix = n.op == StepOp::PreIncrement || n.op == StepOp::PreDecrement;
    std::string op = up ? "++" : "--";
    return prefix ? op + text(n.operand) : text(n.operand) + op;
  }
  static std::string show(const Binary& n) {
    return fmt::format("({} {} {})", text(n.left), spelling(n.op), text(n.right));
  }
  static std::string show(const Ternary& n) {
    if (!n.then) return fmt::format("({} ?: {})", text(n.condition), text(n.otherwise));
    return fmt::format("({} ? {} : {})", text(n.condition), text(n.then), text(n.otherwise));
  }
  static std::string show(const FieldAccess& n) {
    return fmt::format("{}.{}", postfix_base(n.base), n.field);
  }
  static std::string show(const TupleAccess& n) {
    return fmt::format("{}.{}", postfix_base(n.base), n.index);
  }
  static std::string show(const Index& n) {
    return fmt::format("{}[{}]", postfix_base(n.base), text(n.index));
  }
  static std::string show(const Cast& n) {
    return fmt::format("({}){}", type_text(n.type), text(n.operand));
  }
  static std::string show(const Tuple& n) {
    return n.elements.size() == 1 ? fmt::format("({},)", text(n.elements[0]))
                                  : fmt::format("({})", list(n.elements));
  }
  // A cast or prefix operator under a postfix one was written in parentheses.
  static std::string postfix_base(const ExprPtr& base) {
    bool prefix = std::holds_alternative<Cast>(base->node) || std::holds_alternative<Unary>(base->node);
    return prefix ? "(" + text(base) + ")" : text(base);
  }

  void block(const Block& block) {
    line("{");
    indent_++;
    for (const StmtPtr& statement : block.statements) {
      std::visit([&](const auto& node) { show_statement(node); }, statement->node);
    }
    indent_--;
    line("}");
  }
  void line(const std::string& text) {
    out += std::string(2 * static_cast<size_t>(indent_), ' ') + text + "\n";
  }
  void show_statement(const ExpressionStatement& n) { line(text(n.expression) + ";"); }
  void show_statement(const Assignment& n) {
    line(fmt::format("{} {}= {};", text(n.target), n.op ? spelling(*n.op) : "", text(n.value)));
  }
  void show_statement(const Let& n) {
    std::string type = n.type ? " : " + type_text(*n.type) : "";
    std::string value = n.value ? " = " + text(n.value) : "";
    line(fmt::format("let {}{}{};", text(n.variable), type, value));
  }
  void show_statement(const If& n) {
    line(fmt::format("if ({})", text(n.condition)));
    block(n.then);
    if (!n.otherwise) return;
    line("else");
    block(*n.otherwise);
  }
  void show_statement(const Return& n) { line(n.value ? "return " + text(n.value) + ";" : "return;"); }
  void show_statement(const Scope& n) { block(n.block); }
  void show_statement(const Discard& n) { line(fmt::format("_ = {};", text(n.value))); }

  int indent_ = 0;
};

}  // namespace

std::string print(const Program& program) {
  Printer printer;
  printer.program(program);
  return printer.out;
}

std::string print(const Expr& expr) { return Printer::text(expr); }

}  // namespace gimlet::ast
