// Writes a program as script text, with only the parentheses that precedence (specification 4)
// asks for, so that the parser's precedence is tested too. Result lines start with `#` and their
// number, which is how the driver finds them among the other output.
#include <map>

#include "program.h"

namespace gimlet::random_tests {
namespace {

// Higher binds tighter; a conditional is 1, a unary 20, a postfix 30.
int binary_level(const std::string& op) {
  static const std::map<std::string, int> levels = {
      {"*", 12},  {"/", 12}, {"%", 12}, {"+", 11}, {"-", 11}, {"<<", 10},
      {">>", 10}, {"<", 9},  {"<=", 9}, {">", 9},  {">=", 9}, {"==", 8},
      {"!=", 8},  {"&", 7},  {"^", 6},  {"|", 5},  {"&&", 4}, {"||", 3}};
  return levels.at(op);
}

std::string wide_text(Wide value) {
  if (value < 0) return "-" + wide_text(-value);
  std::string text;
  do {
    text.insert(text.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value != 0);
  return text;
}

class Printer {
 public:
  explicit Printer(const Program& program) : program_(program) {}

  std::string expression(const Expression& e, int level) const {
    const int own = own_level(e);
    auto text = bare(e);
    return own < level ? "(" + text + ")" : text;
  }

  std::string place(const Place& place) const {
    if (place.variable >= 0) {
      return "$" + program_.variables[static_cast<std::size_t>(place.variable)].name;
    }
    auto text = "@" + program_.maps[static_cast<std::size_t>(place.map)].name;
    if (!place.key) return text;
    return text + "[" + key(*place.key) + "]";
  }

  std::string block(const Block& body, int depth) const {
    std::string text = "{\n";
    for (const auto& part : body) text += statement(*part, depth + 1);
    return text + std::string(2 * static_cast<std::size_t>(depth), ' ') + "}";
  }

  std::string statement(const Statement& s, int depth) const;

 private:
  static int own_level(const Expression& e) {
    switch (e.kind) {
      case Expression::Kind::conditional:
      case Expression::Kind::elvis: return 1;
      case Expression::Kind::binary: return binary_level(e.text);
      case Expression::Kind::unary:
      case Expression::Kind::cast: return 20;
      case Expression::Kind::step: return e.number == 1 ? 20 : 30;
      // Postfix operators on these would continue the block.
      case Expression::Kind::block:
      case Expression::Kind::choice: return 2;
      default: return 30;
    }
  }

  // `@m[a, b]` is the tuple key `(a, b)`.
  std::string key(const Expression& e) const {
    if (e.kind == Expression::Kind::tuple && e.operands.size() > 1) return list(e);
    return expression(e, 0);
  }

  std::string list(const Expression& e, std::size_t first = 0) const {
    std::string text;
    for (std::size_t i = first; i < e.operands.size(); ++i) {
      text += (i > first ? ", " : "") + expression(*e.operands[i], 0);
    }
    return text;
  }

  std::string inline_block(const Block& body, const Expression& value) const {
    std::string text = "{ ";
    for (const auto& part : body) {
      auto line = statement(*part, 0);
      if (!line.empty() && line.back() == '\n') line.back() = ' ';
      text += line;
    }
    return text + expression(value, 0) + " }";
  }

  std::string bare(const Expression& e) const;
  std::string unary(const Expression& e) const;
  std::string call(const Expression& e) const;

  const Program& program_;
};

std::string Printer::unary(const Expression& e) const {
  auto operand = expression(*e.operands[0], 20);
  // `--x` would be a decrement.
  if (e.text == "-" && operand.starts_with('-')) operand = "(" + operand + ")";
  return e.text + operand;
}

std::string Printer::call(const Expression& e) const {
  if (e.place.map < 0) return e.text + "(" + list(e) + ")";
  auto text = e.text + "(@" + program_.maps[static_cast<std::size_t>(e.place.map)].name;
  if (e.place.key) text += ", " + expression(*e.place.key, 0);
  for (const auto& operand : e.operands) text += ", " + expression(*operand, 0);
  return text + ")";
}

std::string Printer::bare(const Expression& e) const {
  using Kind = Expression::Kind;
  auto at = [&](std::size_t i, int level) { return expression(*e.operands[i], level); };
  switch (e.kind) {
    case Kind::literal: return e.text;
    case Kind::place: return place(e.place);
    case Kind::unary: return unary(e);
    case Kind::binary: {
      const int level = binary_level(e.text);
      return at(0, level) + " " + e.text + " " + at(1, level + 1);
    }
    case Kind::conditional: return at(0, 3) + " ? " + at(1, 1) + " : " + at(2, 1);
    case Kind::elvis: return at(0, 3) + " ?: " + at(1, 1);
    case Kind::cast: return "(" + spelling(e.type) + ")" + at(0, 20);
    case Kind::tuple: return "(" + list(e) + (e.operands.size() == 1 ? ",)" : ")");
    case Kind::record: {
      std::string text;
      for (std::size_t i = 0; i < e.operands.size(); ++i) {
        text += (i > 0 ? ", " : "") + e.type.fields[i] + " = " + at(i, 0);
      }
      return "(" + text + ")";
    }
    case Kind::element: return at(0, 30) + "." + std::to_string(e.number);
    case Kind::field: return at(0, 30) + "." + e.text;
    case Kind::index:
      return at(0, 30) + "[" + (e.operands.size() > 1 ? at(1, 0) : std::to_string(e.number)) + "]";
    case Kind::call: return call(e);
    case Kind::step: return e.number == 1 ? e.text + place(e.place) : place(e.place) + e.text;
    case Kind::size:
      return "sizeof(" + (e.operands.empty() ? spelling(e.type) : "(" + at(0, 0) + ")") + ")";
    case Kind::block: return inline_block(e.body, *e.operands[0]);
    case Kind::choice:
      return "if (" + at(0, 0) + ") " + inline_block(e.body, *e.operands[1]) + " else " +
             inline_block(e.otherwise, *e.operands[2]);
    case Kind::macro: return e.text + "(" + list(e, 1) + ")";
  }
  return "";
}

std::string Printer::statement(const Statement& s, int depth) const {
  using Kind = Statement::Kind;
  const std::string margin(2 * static_cast<std::size_t>(depth), ' ');
  auto at = [&](std::size_t i) { return expression(*s.operands[i], 0); };
  switch (s.kind) {
    case Kind::declare: {
      const auto& variable = program_.variables[static_cast<std::size_t>(s.target.variable)];
      auto text = margin + "let $" + variable.name;
      if (variable.declared) text += ": " + spelling(*variable.declared);
      if (!s.operands.empty()) text += " = " + at(0);
      return text + ";\n";
    }
    case Kind::assign: return margin + place(s.target) + " = " + at(0) + ";\n";
    case Kind::compound: return margin + place(s.target) + " " + s.text + " " + at(0) + ";\n";
    case Kind::step: return margin + place(s.target) + s.text + ";\n";
    case Kind::erase:
      return margin + "_ = delete(@" + program_.maps[static_cast<std::size_t>(s.target.map)].name +
             ", " + expression(*s.target.key, 0) + ");\n";
    case Kind::branch: {
      auto text = margin + "if (" + at(0) + ") " + block(s.body, depth);
      if (!s.otherwise.empty()) text += " else " + block(s.otherwise, depth);
      return text + "\n";
    }
    case Kind::block: return margin + block(s.body, depth) + "\n";
    case Kind::repeat:
      return margin + place(s.target) + " = 0;\n" + margin + "while (" + place(s.target) + " < " +
             std::to_string(s.number) + ") {\n" + margin + "  " + place(s.target) + "++;\n" +
             block(s.body, depth).substr(2) + "\n";
    case Kind::unroll:
      return margin + "unroll (" + std::to_string(s.number) + ") " + block(s.body, depth) + "\n";
    case Kind::for_range:
      return margin + "for " + place(s.target) + " : " + expression(*s.operands[0], 30) + ".." +
             expression(*s.operands[1], 30) + " " + block(s.body, depth) + "\n";
    case Kind::for_map:
      return margin + "for (" + place(s.target) + " : @" +
             program_.maps[static_cast<std::size_t>(s.map)].name + ") " + block(s.body, depth) +
             "\n";
    case Kind::break_: return margin + "if (" + at(0) + ") { break; }\n";
    case Kind::continue_: return margin + "if (" + at(0) + ") { continue; }\n";
    case Kind::print:
      return margin + "printf(\"#" + std::to_string(s.line) + " \"); print(" + at(0) + ");\n";
    case Kind::format:
      return margin + "printf(\"#" + std::to_string(s.line) + " " + s.text + "\\n\", " + at(0) +
             ");\n";
    case Kind::expansion: return margin + s.text + ";\n";
  }
  return "";
}

}  // namespace

std::string spell(const Literal& literal) {
  if (literal.is_integer()) return wide_text(literal.integer());
  if (literal.is_boolean()) return literal.boolean() ? "true" : "false";
  std::string text = "\"";
  for (char c : literal.text()) {
    if (c == '"' || c == '\\') text += '\\';
    if (c == '\t') {
      text += "\\t";
    } else {
      text += c;
    }
  }
  return text + "\"";
}

std::string print(const Program& program, const Expression& expression, int level) {
  return Printer(program).expression(expression, level);
}

std::string print(const Program& program) {
  std::string text;
  for (const auto& macro : program.macros) text += macro + "\n";
  auto body = Printer(program).block(program.body, 0);
  return text + "begin " + body.substr(0, body.size() - 1) + "  exit();\n}\n";
}

int result_lines(const Block& block) {
  int count = 0;
  for (const auto& part : block) {
    const bool is_result =
        part->kind == Statement::Kind::print || part->kind == Statement::Kind::format;
    count += (is_result ? 1 : 0) + result_lines(part->body) + result_lines(part->otherwise);
  }
  return count;
}

}  // namespace gimlet::random_tests
