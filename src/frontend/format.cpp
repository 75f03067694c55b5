#include "frontend/format.h"

#include <fmt/format.h>

#include <algorithm>

#include "ast/node.h"
#include "ast/print.h"
#include "frontend/wrap.h"
#include "parser/comments.h"
#include "parser/parse.h"

namespace gimlet::frontend {
namespace {

using namespace ast;

constexpr size_t kIndent = 2;

class Formatter {
 public:
  Formatter(const base::SourceSet& sources, base::FileId file, const Program& program)
      : text_(sources.file(file).text()),
        program_(program),
        comments_(parser::find_comments(sources, file)) {}

  std::string run() {
    size_t first = text_.find_first_not_of(" \t\r\n");
    if (first != text_.npos && text_.substr(first, 2) == "#!") {
      size_t end = std::min(text_.find('\n', first), text_.size());
      line(std::string(text_.substr(first, end - first)));
      done_ = static_cast<uint32_t>(end);
    }
    for (const Item& item : program_.items) this->item(item);
    gap(static_cast<uint32_t>(text_.size()));
    return std::move(out_);
  }

 private:
  // --- what stands between two things ---

  // Comments and blank lines from where the last thing ended up to `next`.
  void gap(uint32_t next, bool opens_block = false) {
    bool after_thing = !opens_block && done_ > 0;
    uint32_t at = done_;
    for (; comment_ < comments_.size() && comments_[comment_].range.begin < next; comment_++) {
      const parser::Comment& comment = comments_[comment_];
      if (comment.range.begin < at) {
        // Inside the thing that was printed last: it moved in front of that, see hoist().
        continue;
      }
      bool same_line = after_thing && breaks(at, comment.range.begin) == 0;
      if (same_line && comment.lines.size() == 1 && keeps_trailing_) {
        out_.pop_back();
        out_ += " // " + comment.lines[0] + "\n";
      } else {
        blank_lines(at, comment.range.begin);
        for (const std::string& text : comment.lines) line(text.empty() ? "//" : "// " + text);
      }
      at = comment.range.end;
      after_thing = false;
    }
    bool last = next == text_.size();
    if (!last && !(opens_block && at == done_)) blank_lines(at, next);
    done_ = next;
  }

  // Comments inside a thing go to lines of their own in front of it.
  void hoist(SourceRange range) {
    for (size_t i = comment_; i < comments_.size() && comments_[i].range.begin < range.end; i++) {
      if (comments_[i].range.begin < range.begin) continue;
      for (const std::string& text : comments_[i].lines) line(text.empty() ? "//" : "// " + text);
      comment_ = i + 1;
    }
  }

  size_t breaks(uint32_t begin, uint32_t end) const {
    return static_cast<size_t>(
        std::count(text_.begin() + begin, text_.begin() + std::max(begin, end), '\n'));
  }
  void blank_lines(uint32_t begin, uint32_t end) {
    size_t count = begin < end ? breaks(begin, end) : 0;
    bool at_start = out_.empty();
    for (size_t i = 1; i < count && !at_start; i++) out_ += "\n";
  }
  void line(const std::string& text) {
    out_ += text.empty() ? "\n" : std::string(indent_, ' ') + text + "\n";
  }

  // --- items ---

  void item(const Item& item) {
    SourceRange range = range_of(item);
    gap(range.begin);
    keeps_trailing_ = false;
    switch (item.kind) {
      case Item::Kind::CText: verbatim(range); break;
      case Item::Kind::Config: config(); break;
      case Item::Kind::Import:
        hoist(range);
        line(fmt::format("import {};", quoted(program_.imports[item.index].path)));
        break;
      case Item::Kind::MapDeclaration: declaration(program_.maps[item.index]); break;
      case Item::Kind::Macro: macro(program_.macros[item.index]); break;
      case Item::Kind::Function: function(program_.functions[item.index]); break;
      case Item::Kind::Probe: probe(program_.probes[item.index]); break;
    }
    done_ = range.end;
    keeps_trailing_ = item.kind != Item::Kind::Macro && item.kind != Item::Kind::Function &&
                      item.kind != Item::Kind::Probe;
  }

  SourceRange range_of(const Item& item) const {
    switch (item.kind) {
      case Item::Kind::CText: return program_.c_text[item.index];
      case Item::Kind::Config: return *program_.config_range;
      case Item::Kind::Import: return program_.imports[item.index].range;
      case Item::Kind::MapDeclaration: return program_.maps[item.index].range;
      case Item::Kind::Macro: return program_.macros[item.index].range;
      case Item::Kind::Function: return program_.functions[item.index].range;
      case Item::Kind::Probe: return program_.probes[item.index].range;
    }
    return {};
  }

  void verbatim(SourceRange range) {
    std::string text(text_.substr(range.begin, range.end - range.begin));
    while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) text.pop_back();
    line(text);
  }

  void config() {
    line("config = {");
    indent_ += kIndent;
    done_ = program_.config_range->begin;
    bool first = true;
    for (const ConfigEntry& entry : program_.config) {
      gap(entry.key_range.begin, first);
      first = false;
      keeps_trailing_ = true;
      std::string value;
      if (std::holds_alternative<uint64_t>(entry.value)) {
        SourceRange number = entry.value_range;
        value = std::string(text_.substr(number.begin, number.end - number.begin));
      }
      if (auto* flag = std::get_if<bool>(&entry.value)) value = *flag ? "true" : "false";
      if (auto* word = std::get_if<std::string>(&entry.value)) {
        value = is_word(*word) ? *word : quoted(*word);
      }
      line(fmt::format("{} = {};", entry.key, value));
      done_ = end_of(entry.value_range.end);
    }
    close(program_.config_range->end);
  }

  static bool is_word(const std::string& text) {
    bool letters = !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
      return c == '_' || std::isalnum(c);
    });
    return letters && !std::isdigit(static_cast<unsigned char>(text[0])) && text != "true" &&
           text != "false";
  }

  void declaration(const MapDeclaration& map) {
    hoist(map.range);
    line(fmt::format("let {} = {}({});", map.name, map.type, map.entries));
  }

  void macro(const Macro& macro) {
    hoist({macro.range.file, macro.range.begin, macro.body.range.begin});
    std::vector<std::string> names;
    for (const MacroParameter& parameter : macro.parameters) names.push_back(parameter.name);
    line(fmt::format("macro {}({})", macro.name, fmt::join(names, ", ")));
    body(macro.body);
  }

  void function(const Function& function) {
    hoist({function.range.file, function.range.begin, function.body.range.begin});
    std::vector<std::string> parameters;
    for (const FunctionParameter& parameter : function.parameters) {
      parameters.push_back(fmt::format("{} : {}", parameter.name, print(parameter.type)));
    }
    line(fmt::format("fn {}({}) : {}", function.name, fmt::join(parameters, ", "),
                     print(function.result)));
    body(function.body);
  }

  void probe(const Probe& probe) {
    hoist({probe.range.file, probe.range.begin, probe.body.range.begin});
    for (size_t i = 0; i < probe.attach_points.size(); i++) {
      line(probe.attach_points[i].text + (i + 1 < probe.attach_points.size() ? "," : ""));
    }
    if (probe.predicate) line(fmt::format("/{}/", print(*probe.predicate)));
    body(probe.body);
  }

  // --- blocks and statements ---

  void body(const Block& block) {
    if (is_empty(block)) return line("{}");
    line("{");
    contents(block);
  }

  bool is_empty(const Block& block) const {
    bool comment = std::any_of(comments_.begin(), comments_.end(), [&](const auto& c) {
      return c.range.begin > block.range.begin && c.range.end < block.range.end;
    });
    return block.statements.empty() && !block.value && !comment;
  }

  // From behind the `{` to the `}`.
  void contents(const Block& block) {
    indent_ += kIndent;
    done_ = block.range.begin + 1;
    keeps_trailing_ = false;
    bool first = true;
    for (const StmtPtr& statement : block.statements) {
      gap(statement->range.begin, first);
      first = false;
      this->statement(*statement);
    }
    if (block.value) {
      gap(block.value->range.begin, first);
      hoist(block.value->range);
      line(print_at_indent(*block.value));
      done_ = block.value->range.end;
      keeps_trailing_ = true;
    }
    close(block.range.end);
  }

  // The comments in front of a `}`, and the brace.
  void close(uint32_t end) {
    uint32_t brace = end - 1;
    while (comment_ < comments_.size() && comments_[comment_].range.begin < brace) {
      uint32_t next = comments_[comment_].range.end;
      gap(next);
    }
    indent_ -= kIndent;
    line("}");
    done_ = end;
  }

  std::string print_at_indent(const Expr& expr) {
    std::string text = print(expr);
    std::string margin(indent_, ' ');
    for (size_t at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1)) {
      text.insert(at + 1, margin);
    }
    return text;
  }

  // A statement's own `;` is part of what was printed.
  uint32_t end_of(uint32_t end) const {
    size_t at = text_.find_first_not_of(" \t\r\n", end);
    return at != text_.npos && text_[at] == ';' ? static_cast<uint32_t>(at + 1) : end;
  }

  void statement(const Stmt& statement) {
    if (auto* loop = std::get_if<While>(&statement.node)) {
      head(statement.range, loop->body, fmt::format("while ({}) {{", print(*loop->condition)));
    } else if (auto* unroll = std::get_if<Unroll>(&statement.node)) {
      head(statement.range, unroll->body, fmt::format("unroll ({}) {{", print(*unroll->count)));
    } else if (std::holds_alternative<For>(statement.node)) {
      for_loop(statement);
    } else if (auto* effect = std::get_if<ExpressionStatement>(&statement.node)) {
      expression_statement(statement, *effect->expression);
    } else {
      plain(statement);
    }
    done_ = std::max(done_, end_of(statement.range.end));
    keeps_trailing_ = true;
  }

  void head(SourceRange range, const Block& block, const std::string& text) {
    hoist({range.file, range.begin, block.range.begin});
    if (is_empty(block)) return line(text + "}");
    line(text);
    contents(block);
  }

  void for_loop(const Stmt& statement) {
    const auto& loop = std::get<For>(statement.node);
    // The tree printer knows what needs parentheses at the ends of a range.
    std::string whole = print(statement, 0);
    head(statement.range, loop.body, whole.substr(0, whole.find('{') + 1));
  }

  void expression_statement(const Stmt& statement, const Expr& expr) {
    if (auto* choice = std::get_if<If>(&expr.node)) {
      hoist({expr.range.file, expr.range.begin, choice->then.range.begin});
      return branches(*choice, "");
    }
    if (auto* scope = std::get_if<BlockExpr>(&expr.node)) {
      return head(expr.range, scope->block, "{");
    }
    plain(statement);
  }

  // `before` is what closes the branch before this one.
  void branches(const If& choice, const std::string& before) {
    line(fmt::format("{}if ({}) {{", before, print(*choice.condition)));
    if (!choice.otherwise) return contents(choice.then);
    open_contents(choice.then);
    const Expr* only = nullptr;
    if (choice.otherwise->statements.size() == 1 && !choice.otherwise->value) {
      auto* effect = std::get_if<ExpressionStatement>(&choice.otherwise->statements[0]->node);
      if (effect && text_[choice.otherwise->range.begin] != '{') only = effect->expression.get();
    }
    auto* next = only ? std::get_if<If>(&only->node) : nullptr;
    if (next) {
      hoist({only->range.file, only->range.begin, next->then.range.begin});
      return branches(*next, "} else ");
    }
    line("} else {");
    contents(*choice.otherwise);
  }

  // As contents(), but without the line of the `}`.
  void open_contents(const Block& block) {
    contents(block);
    size_t last = out_.rfind(std::string(indent_, ' ') + "}\n");
    out_.resize(last);
  }

  void plain(const Stmt& statement) {
    hoist(statement.range);
    for (const std::string& text : wrap(print(statement, indent_), indent_)) line(text);
  }

  std::string_view text_;
  const Program& program_;
  std::vector<parser::Comment> comments_;
  size_t comment_ = 0;  // the next one to print
  uint32_t done_ = 0;   // how far the text has been printed
  size_t indent_ = 0;
  bool keeps_trailing_ = false;  // a comment behind the last thing stays on its line
  std::string out_;
};

}  // namespace

std::string format(const base::SourceSet& sources, base::FileId file,
                   base::Diagnostics& diagnostics) {
  Program program = parser::parse(sources, file, diagnostics);
  if (diagnostics.has_errors()) return "";
  return Formatter(sources, file, program).run();
}

}  // namespace gimlet::frontend
