#include "ast/print.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "ast/names.h"

namespace gimlet::ast {

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

namespace {

bool is_operator(const Expr& expr) {
  return std::holds_alternative<Binary>(expr.node) || std::holds_alternative<Ternary>(expr.node);
}

bool is_prefix_step(const Expr& expr) {
  const auto* step = std::get_if<Step>(&expr.node);
  return step && (step->op == StepOp::PreIncrement || step->op == StepOp::PreDecrement);
}

bool is_prefix(const Expr& expr) {
  return std::holds_alternative<Cast>(expr.node) || std::holds_alternative<Unary>(expr.node) ||
         std::holds_alternative<Comptime>(expr.node) || is_prefix_step(expr);
}

bool is_block(const Expr& expr) {
  return std::holds_alternative<If>(expr.node) || std::holds_alternative<BlockExpr>(expr.node);
}

// The expression that is all of a block, as its value or as a statement.
const Expr* only_expression(const Block& block) {
  if (block.statements.empty()) return block.value.get();
  if (block.statements.size() > 1 || block.value) return nullptr;
  const auto* statement = std::get_if<ExpressionStatement>(&block.statements[0]->node);
  return statement ? statement->expression.get() : nullptr;
}

bool is_word(const std::string& text) {
  if (text.empty() || std::isdigit(static_cast<unsigned char>(text[0]))) return false;
  return text != "true" && text != "false" && std::all_of(text.begin(), text.end(), [](char c) {
           return c == '_' || std::isalnum(static_cast<unsigned char>(c));
         });
}

bool is_negation(const Expr& expr) {
  const auto* unary = std::get_if<Unary>(&expr.node);
  return unary && unary->op == UnaryOp::Negate;
}

// Operators inside operators get parentheses; elsewhere none are added unless the text would read
// as something else.
class Printer {
 public:
  std::string out;

  void item(const Program& program, const Item& item) {
    switch (item.kind) {
      case Item::Kind::CText: break;  // verbatim text of the source, which the tree does not hold
      case Item::Kind::Config: return config(program);
      case Item::Kind::Import:
        return line(fmt::format("import {};", quoted(program.imports[item.index].path)));
      case Item::Kind::MapDeclaration: return declaration(program.maps[item.index]);
      case Item::Kind::Macro: return macro(program.macros[item.index]);
      case Item::Kind::Function: return function(program.functions[item.index]);
      case Item::Kind::Probe: return probe(program.probes[item.index]);
    }
  }

  explicit Printer(size_t indent = 0, const Annotate* annotate = nullptr)
      : indent_(indent), annotate_(annotate) {}

  std::string text(const Expr& expr) {
    std::string all = std::visit([this](const auto& node) { return show(node); }, expr.node);
    const std::string note = annotate_ ? (*annotate_)(expr) : "";
    return note.empty() ? all : fmt::format("{} /* {} */", all, note);
  }

  std::string statement(const Stmt& statement) {
    return std::visit([this](const auto& node) { return show(node); }, statement.node);
  }

  std::string head(const For& n) {
    std::string over = n.map ? text(*n.map) : range_end(*n.begin) + ".." + range_end(*n.end);
    return fmt::format("for {} : {} ", text(*n.variable), over);
  }

  void probe(const Probe& probe) {
    for (size_t i = 0; i < probe.attach_points.size(); i++) {
      line(probe.attach_points[i].text + (i + 1 < probe.attach_points.size() ? "," : ""));
    }
    if (probe.predicate) line(fmt::format("/{}/", text(*probe.predicate)));
    line(block(probe.body));
  }

  std::string type(const TypeSpec& spec) {
    constexpr const char* kTags[] = {"", "struct ", "union ", "enum "};
    std::string all = spec.of ? fmt::format("typeof({})", operand(*spec.of))
                              : kTags[static_cast<int>(spec.tag)] + spec.name;
    for (const TypeSpec::Suffix& suffix : spec.suffixes) {
      all += suffix.pointer  ? "*"
             : suffix.length ? fmt::format("[{}]", *suffix.length)
                             : std::string("[]");
    }
    return all;
  }

 private:
  // --- items ---
  void config(const Program& program) {
    line("config = {");
    for (const ConfigEntry& entry : program.config) {
      std::string value;
      if (auto* number = std::get_if<uint64_t>(&entry.value)) value = fmt::format("{}", *number);
      if (auto* flag = std::get_if<bool>(&entry.value)) value = *flag ? "true" : "false";
      if (auto* word = std::get_if<std::string>(&entry.value)) {
        value = is_word(*word) ? *word : quoted(*word);
      }
      line(fmt::format("  {} = {};", entry.key, value));
    }
    line("}");
  }
  void declaration(const MapDeclaration& map) {
    line(fmt::format("let {} = {}({});", map.name, map.type, map.entries));
  }
  void macro(const Macro& macro) {
    std::string parameters;
    for (const MacroParameter& parameter : macro.parameters) {
      parameters += (parameters.empty() ? "" : ", ") + parameter.name;
    }
    line(fmt::format("macro {}({})", macro.name, parameters));
    line(block(macro.body));
  }
  void function(const Function& function) {
    std::string parameters;
    for (const FunctionParameter& parameter : function.parameters) {
      parameters += fmt::format("{}{} : {}", parameters.empty() ? "" : ", ", parameter.name,
                                type(parameter.type));
    }
    line(fmt::format("fn {}({}) : {}", function.name, parameters, type(function.result)));
    line(block(function.body));
  }

  void line(const std::string& text) { out += text + "\n"; }

  // --- statements ---
  std::string margin() const { return std::string(indent_, ' '); }

  // From `{` to `}`, without a newline at the end.
  std::string block(const Block& block) {
    if (block.statements.empty() && !block.value) return "{}";
    indent_ += 2;
    std::string inside;
    bool open = false;  // the last statement was an `if` or a block
    auto add = [&](const std::string& text) {
      if (open && continues(text)) inside.insert(inside.size() - 1, ";");
      inside += margin() + text + "\n";
    };
    for (const StmtPtr& statement : block.statements) {
      add(this->statement(*statement));
      open = is_open(*statement);
    }
    if (block.value) add(text(*block.value));
    indent_ -= 2;
    return "{\n" + inside + margin() + "}";
  }
  std::string show(const ExpressionStatement& n) {
    return text(*n.expression) + (is_block(*n.expression) ? "" : ";");
  }
  std::string show(const Assignment& n) {
    const char* op = n.op ? spelling(*n.op) : "";
    return fmt::format("{} {}= {};", text(*n.target), op, text(*n.value));
  }
  std::string show(const Let& n) {
    std::string type_text = n.type ? " : " + type(*n.type) : "";
    std::string value = n.value ? " = " + text(*n.value) : "";
    return fmt::format("let {}{}{};", text(*n.variable), type_text, value);
  }
  std::string show(const While& n) {
    return fmt::format("while ({}) {}", text(*n.condition), block(n.body));
  }
  std::string show(const Unroll& n) {
    return fmt::format("unroll ({}) {}", text(*n.count), block(n.body));
  }
  std::string show(const For& n) { return head(n) + block(n.body); }
  std::string show(const Jump& n) { return n.kind == JumpKind::Break ? "break;" : "continue;"; }
  std::string show(const Return& n) {
    return n.value ? "return " + text(*n.value) + ";" : "return;";
  }
  std::string show(const Discard& n) { return fmt::format("_ = {};", text(*n.value)); }
  std::string show(const ImportStatement& n) { return fmt::format("import {};", quoted(n.path)); }

  // --- expressions ---
  std::string list(const std::vector<ExprPtr>& exprs) {
    std::string all;
    for (const ExprPtr& expr : exprs) all += (all.empty() ? "" : ", ") + text(*expr);
    return all;
  }
  std::string wrapped(const Expr& expr, bool wrap) {
    return wrap ? "(" + text(expr) + ")" : text(expr);
  }
  std::string operand(const Expr& expr) { return wrapped(expr, is_operator(expr)); }
  // A run of the same `&&` or `||` needs no parentheses.
  std::string left_operand(const Expr& expr, BinaryOp op) {
    const auto* left = std::get_if<Binary>(&expr.node);
    bool logical = op == BinaryOp::LogicalAnd || op == BinaryOp::LogicalOr;
    return left && logical && left->op == op ? text(expr) : operand(expr);
  }
  // What stands before `.`, `[` or a postfix operator.
  std::string base(const Expr& expr) { return wrapped(expr, is_prefix(expr) || is_operator(expr)); }
  // Ends of ranges are primaries.
  std::string range_end(const Expr& expr) {
    bool postfix = std::holds_alternative<FieldAccess>(expr.node) ||
                   std::holds_alternative<TupleAccess>(expr.node) ||
                   std::holds_alternative<Index>(expr.node) ||
                   std::holds_alternative<Step>(expr.node);
    bool prefix = is_prefix(expr) && !std::holds_alternative<Cast>(expr.node);
    return wrapped(expr, postfix || prefix || is_operator(expr) || is_block(expr));
  }

  std::string operand(const TypeOrExpr& of) {
    if (of.type) return type(*of.type);
    // A bare name, or a name with an index, would read as a type.
    const Expr* head = of.expr.get();
    while (const auto* index = std::get_if<Index>(&head->node)) head = index->base.get();
    const auto* name = std::get_if<Identifier>(&head->node);
    return wrapped(*of.expr, name && !is_parser_builtin(name->name));
  }

  std::string show(const IntegerLiteral& n) { return n.spelling; }
  std::string show(const StringLiteral& n) { return quoted(n.value); }
  std::string show(const BoolLiteral& n) { return n.value ? "true" : "false"; }
  std::string show(const PositionalParameter& n) { return fmt::format("${}", n.index); }
  std::string show(const ParameterCount&) { return "$#"; }
  std::string show(const Identifier& n) { return n.name; }
  std::string show(const Variable& n) { return n.name; }
  std::string show(const MapAccess& n) {
    return n.keys.empty() ? n.name : fmt::format("{}[{}]", n.name, list(n.keys));
  }
  std::string show(const Call& n) { return fmt::format("{}({})", n.name, list(n.arguments)); }
  std::string show(const Unary& n) {
    // `-(-x)` must not become a decrement.
    bool minus = n.op == UnaryOp::Negate && (is_negation(*n.operand) || is_prefix_step(*n.operand));
    return spelling(n.op) + wrapped(*n.operand, minus || is_operator(*n.operand));
  }
  std::string show(const Step& n) {
    bool up = n.op == StepOp::PreIncrement || n.op == StepOp::PostIncrement;
    bool prefix = n.op == StepOp::PreIncrement || n.op == StepOp::PreDecrement;
    std::string op = up ? "++" : "--";
    if (!prefix) return base(*n.operand) + op;
    bool minus = is_negation(*n.operand) || is_prefix_step(*n.operand);
    return op + wrapped(*n.operand, minus || is_operator(*n.operand));
  }
  std::string show(const Binary& n) {
    return fmt::format("{} {} {}", left_operand(*n.left, n.op), spelling(n.op), operand(*n.right));
  }
  std::string show(const Ternary& n) {
    std::string then = n.then ? " " + operand(*n.then) + " " : "";
    return fmt::format("{} ?{}: {}", operand(*n.condition), then, operand(*n.otherwise));
  }
  std::string show(const FieldAccess& n) { return fmt::format("{}.{}", base(*n.base), n.field); }
  std::string show(const TupleAccess& n) { return fmt::format("{}.{}", base(*n.base), n.index); }
  std::string show(const Index& n) {
    // `(@x)[1]` is not the map access `@x[1]`.
    const auto* map = std::get_if<MapAccess>(&n.base->node);
    std::string before = map && map->keys.empty() ? "(" + map->name + ")" : base(*n.base);
    return fmt::format("{}[{}]", before, text(*n.index));
  }
  std::string show(const Cast& n) {
    bool wrap = is_operator(*n.operand) || is_prefix_step(*n.operand) ||
                std::holds_alternative<BlockExpr>(n.operand->node);
    return fmt::format("({}){}", type(n.type), wrapped(*n.operand, wrap));
  }
  std::string show(const Tuple& n) {
    return n.elements.size() == 1 ? fmt::format("({},)", text(*n.elements[0]))
                                  : fmt::format("({})", list(n.elements));
  }
  std::string show(const Record& n) {
    std::string fields;
    for (const Record::Field& field : n.fields) {
      fields += fmt::format("{}{}={}", fields.empty() ? "" : ", ", field.name, text(*field.value));
    }
    return "(" + fields + ")";
  }
  std::string show(const If& n) {
    std::string all = fmt::format("if ({}) {}", text(*n.condition), block(n.then));
    if (!n.otherwise) return all;
    // `else if` without the block that holds it.
    const Expr* only = only_expression(*n.otherwise);
    const If* next = only ? std::get_if<If>(&only->node) : nullptr;
    return all + " else " + (next ? show(*next) : block(*n.otherwise));
  }
  std::string show(const BlockExpr& n) { return block(n.block); }
  std::string show(const SizeOf& n) { return fmt::format("sizeof({})", operand(n.operand)); }
  std::string show(const TypeInfo& n) { return fmt::format("typeinfo({})", operand(n.operand)); }
  std::string show(const TypeArgument& n) { return type(n.type); }
  std::string show(const Comptime& n) {
    return "comptime " + wrapped(*n.operand, is_operator(*n.operand));
  }
  std::string show(const OffsetOf& n) {
    std::string path;
    for (const std::string& field : n.path) path += (path.empty() ? "" : ".") + field;
    return fmt::format("offsetof({}, {})", operand(n.operand), path);
  }

  size_t indent_;
  const Annotate* annotate_;
};

}  // namespace

bool continues(std::string_view text) {
  return !text.empty() && std::string_view("*-&[?+").find(text[0]) != std::string_view::npos;
}

bool is_open(const Stmt& statement) {
  auto* effect = std::get_if<ExpressionStatement>(&statement.node);
  return effect && is_block(*effect->expression);
}

std::string print(const Program& program) {
  Printer printer;
  for (const Item& item : program.items) {
    if (item.kind == Item::Kind::CText) continue;
    if (!printer.out.empty()) printer.out += "\n";
    printer.item(program, item);
  }
  return printer.out;
}

std::string print(const Probe& probe, const Annotate& annotate) {
  Printer printer(0, &annotate);
  printer.probe(probe);
  return printer.out;
}

std::string print(const Expr& expr) { return Printer().text(expr); }

std::string print_head(const For& loop) { return Printer().head(loop); }

std::string print(const TypeSpec& type) { return Printer().type(type); }

std::string print(const Stmt& statement, size_t indent) {
  return Printer(indent).statement(statement);
}

}  // namespace gimlet::ast
