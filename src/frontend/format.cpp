#include "frontend/format.h"

#include <fmt/format.h>

#include <algorithm>

#include "ast/node.h"
#include "ast/print.h"
#include "frontend/inner_comments.h"
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
        // Inside the verbatim text that was printed last.
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

  // What was printed for a stretch of the source, with the comments that stand in it.
  std::string inner(const std::string& printed, SourceRange range) {
    // A comment in front is one of the head of a block, which prints it.
    size_t first = comment_;
    while (first < comments_.size() && comments_[first].range.begin < range.begin) first++;
    size_t last = first;
    while (last < comments_.size() && comments_[last].range.begin < range.end) last++;
    if (first == last) return printed;
    auto at = [&](size_t index) { return comments_.begin() + static_cast<std::ptrdiff_t>(index); };
    std::vector<parser::Comment> taken(at(first), at(last));
    comments_.erase(at(first), at(last));
    std::string_view source = text_.substr(range.begin, range.end - range.begin);
    return with_comments(printed, source, range.begin, taken);
  }

  // Comments between a head and its block, which become the block's first.
  void pending(uint32_t block) {
    for (; comment_ < comments_.size() && comments_[comment_].range.begin < block; comment_++) {
      for (const std::string& text : comments_[comment_].lines) {
        line(text.empty() ? "//" : "// " + text);
      }
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

  void line_wrapped(const std::string& text) {
    for (const std::string& part : wrap(text, indent_)) line(part);
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
        line(inner(fmt::format("import {};", quoted(program_.imports[item.index].path)), range));
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
    text.erase(text.find_last_not_of(" \r\n") + 1);
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
      SourceRange range{entry.key_range.file, entry.key_range.begin, entry.value_range.end};
      line(inner(fmt::format("{} = {};", entry.key, value), range));
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
    std::string text = fmt::format("let {} = {}({});", map.name, map.type, map.entries);
    line(inner(text, map.range));
  }

  void macro(const Macro& macro) {
    std::vector<std::string> names;
    for (const MacroParameter& parameter : macro.parameters) names.push_back(parameter.name);
    std::string head = fmt::format("macro {}({})", macro.name, fmt::join(names, ", "));
    line(inner(head, {macro.range.file, macro.range.begin, macro.body.range.begin}));
    body(macro.body);
  }

  void function(const Function& function) {
    std::vector<std::string> parameters;
    for (const FunctionParameter& parameter : function.parameters) {
      parameters.push_back(fmt::format("{} : {}", parameter.name, print(parameter.type)));
    }
    std::string head = fmt::format("fn {}({}) : {}", function.name, fmt::join(parameters, ", "),
                                   print(function.result));
    line(inner(head, {function.range.file, function.range.begin, function.body.range.begin}));
    body(function.body);
  }

  void probe(const Probe& probe) {
    done_ = probe.range.begin;
    keeps_trailing_ = true;
    for (size_t i = 0; i < probe.attach_points.size(); i++) {
      const AttachPoint& point = probe.attach_points[i];
      if (i > 0) between(point.range.begin);
      line(point.text + (i + 1 < probe.attach_points.size() ? "," : ""));
      done_ = point.range.end;
    }
    if (probe.predicate) {
      uint32_t slash = predicate_begin(probe);
      between(slash);
      SourceRange range{probe.range.file, slash, probe.body.range.begin};
      for (const std::string& text :
           wrap(inner(fmt::format("/{}/", print(*probe.predicate)), range), indent_)) {
        line(text);
      }
    } else {
      between(probe.body.range.begin);
    }
    body(probe.body);
  }

  // The `/` in front of a predicate: the last one before it that no comment holds.
  uint32_t predicate_begin(const Probe& probe) const {
    uint32_t at = probe.predicate->range.begin;
    auto commented = [&](uint32_t place) {
      return std::any_of(comments_.begin(), comments_.end(), [&](const parser::Comment& c) {
        return c.range.begin <= place && place < c.range.end;
      });
    };
    do {
      at--;
    } while (text_[at] != '/' || commented(at));
    return at;
  }

  // Comments between the parts of a probe's head: behind a part, or on lines of their own. Blank
  // lines are not kept there.
  void between(uint32_t next) {
    for (; comment_ < comments_.size() && comments_[comment_].range.begin < next; comment_++) {
      const parser::Comment& comment = comments_[comment_];
      bool trailing = breaks(done_, comment.range.begin) == 0 && comment.lines.size() == 1;
      if (trailing) {
        out_.pop_back();
        out_ += " // " + comment.lines[0] + "\n";
      } else {
        for (const std::string& text : comment.lines) line(text.empty() ? "//" : "// " + text);
      }
      done_ = comment.range.end;
    }
  }

  // --- blocks and statements ---

  void body(const Block& block) {
    if (is_empty(block)) return line("{}");
    line("{");
    contents(block);
  }

  bool is_empty(const Block& block) const {
    bool comment =
        std::any_of(comments_.begin() + static_cast<std::ptrdiff_t>(comment_), comments_.end(),
                    [&](const parser::Comment& c) { return c.range.end < block.range.end; });
    return block.statements.empty() && !block.value && !comment;
  }

  // From behind the `{` to the `}`.
  void contents(const Block& block) {
    indent_ += kIndent;
    pending(block.range.begin);
    done_ = block.range.begin + 1;
    keeps_trailing_ = false;
    bool first = true;
    bool open = false;  // the last statement was an `if` or a block, and ended here:
    size_t end = 0;
    for (const StmtPtr& statement : block.statements) {
      gap(statement->range.begin, first);
      if (open && continues(print(*statement, 0))) out_.insert(end - 1, ";");
      first = false;
      this->statement(*statement);
      open = is_open(*statement);
      end = out_.size();
    }
    if (block.value) {
      if (open && continues(print(*block.value))) out_.insert(end - 1, ";");
      gap(block.value->range.begin, first);
      std::string text = inner(print_at_indent(*block.value), block.value->range);
      line_wrapped(text);
      done_ = block.value->range.end;
      keeps_trailing_ = true;
    }
    close(block.range.end);
  }

  // The comments in front of a `}`, and the brace.
  void close(uint32_t end) {
    uint32_t brace = end - 1;
    while (comment_ < comments_.size() && comments_[comment_].range.begin < brace) {
      gap(comments_[comment_].range.end);
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
    // Without the `{`, so that no comment comes behind it.
    std::string head = text.substr(0, text.size() - 1);
    if (!head.empty()) {
      head = inner(head, {range.file, range.begin, block.range.begin});
      if (head.back() != ' ') head += ' ';
    }
    head += '{';
    if (is_empty(block)) return line(head + "}");
    line_wrapped(head);
    contents(block);
  }

  void for_loop(const Stmt& statement) {
    const auto& loop = std::get<For>(statement.node);
    head(statement.range, loop.body, print_head(loop) + "{");
  }

  void expression_statement(const Stmt& statement, const Expr& expr) {
    if (auto* choice = std::get_if<If>(&expr.node)) {
      return branches(*choice, expr.range, "");
    }
    if (auto* scope = std::get_if<BlockExpr>(&expr.node)) {
      return head(expr.range, scope->block, "{");
    }
    plain(statement);
  }

  // `before` is what closes the branch before this one.
  void branches(const If& choice, SourceRange range, const std::string& before) {
    std::string head = fmt::format("if ({}) ", print(*choice.condition));
    head = before + inner(head, {range.file, range.begin, choice.then.range.begin});
    if (head.back() != ' ') head += ' ';
    bool empty = is_empty(choice.then);
    if (!choice.otherwise) {
      if (empty) return line_wrapped(head + "{}");
      line_wrapped(head + "{");
      return contents(choice.then);
    }
    std::string closing = empty ? head + "{} else " : "} else ";
    if (!empty) {
      line_wrapped(head + "{");
      open_contents(choice.then);
    }
    const Expr* only = nullptr;
    if (choice.otherwise->statements.size() == 1 && !choice.otherwise->value) {
      auto* effect = std::get_if<ExpressionStatement>(&choice.otherwise->statements[0]->node);
      if (effect && text_[choice.otherwise->range.begin] != '{') only = effect->expression.get();
    }
    auto* next = only ? std::get_if<If>(&only->node) : nullptr;
    if (next) return branches(*next, only->range, closing);
    if (is_empty(*choice.otherwise)) return line(closing + "{}");
    line(closing + "{");
    contents(*choice.otherwise);
  }

  // As contents(), but without the line of the `}`.
  void open_contents(const Block& block) {
    contents(block);
    size_t last = out_.rfind(std::string(indent_, ' ') + "}\n");
    out_.resize(last);
  }

  void plain(const Stmt& statement) {
    std::string whole = inner(print(statement, indent_), statement.range);
    line_wrapped(whole);
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
