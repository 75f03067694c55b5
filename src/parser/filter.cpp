#include "parser/filter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace gimlet::parser {
namespace {

using T = Grammar::token;

// Brackets and operators nested deeper than this are refused: the tree's visitors recurse.
constexpr int kMaxNesting = 256;

struct Planned {
  std::string_view word;
  const char* message;
};
constexpr Planned kPlannedStatements[] = {
    {"while", "'while' loops are not supported yet"},
    {"for", "'for' loops are not supported yet"},
    {"unroll", "'unroll' is not supported yet"},
    {"break", "'break' is not supported yet"},
    {"continue", "'continue' is not supported yet"},
    {"import", "'import' is not supported yet"},
};
constexpr Planned kPlannedExpressions[] = {
    {"if", "'if' as a value is not supported yet"},
    {"sizeof", "'sizeof' is not supported yet"},
    {"offsetof", "'offsetof' is not supported yet"},
    {"typeof", "'typeof' is not supported yet"},
    {"typeinfo", "'typeinfo' is not supported yet"},
    {"comptime", "'comptime' is not supported yet"},
};

// Names that are values and never types (language §1.2).
bool is_parser_builtin(const std::string& name) {
  for (std::string_view known : {"args", "ctx", "kstack", "nsecs", "pid", "tid", "ustack"}) {
    if (name == known) return true;
  }
  auto numbered = [&](std::string_view prefix) {
    return name.size() > prefix.size() && name.starts_with(prefix) &&
           std::all_of(name.begin() + static_cast<long>(prefix.size()), name.end(),
                       [](unsigned char c) { return std::isdigit(c); });
  };
  return numbered("arg") || numbered("sarg") || name.starts_with("__builtin_");
}

bool is_tag(const std::string& word) {
  return word == "struct" || word == "union" || word == "enum";
}

class Filter {
 public:
  explicit Filter(std::span<const Token> in) : in_(in) {}

  std::vector<Token> run() {
    for (at_ = 0; at_ < in_.size(); at_++) step(in_[at_]);
    return std::move(out_);
  }

 private:
  int kind(size_t index) const { return index < in_.size() ? in_[index].kind : 0; }
  int last_kind() const { return out_.empty() ? 0 : out_.back().kind; }
  bool after_dot() const { return last_kind() == T::DOT || last_kind() == T::ARROW; }
  bool at_statement_start() const {
    return last_kind() == T::LBRACE || last_kind() == T::RBRACE || last_kind() == T::SEMICOLON;
  }

  void emit(Token token, int new_kind) {
    token.kind = new_kind;
    out_.push_back(std::move(token));
  }
  void bad(Token token, std::string message) {
    token.text = std::move(message);
    emit(std::move(token), T::BAD);
  }

  void step(const Token& token) {
    if (!check_nesting(token)) return;
    switch (token.kind) {
      case T::NAME: return name(token);
      case T::LPAREN: return open(token);
      case T::LBRACKET: return emit(token, last_kind() == T::MAP ? T::KEY_OPEN : T::LBRACKET);
      case T::LBRACE: return open_brace(token);
      case T::RBRACE: return close_brace(token);
      case T::AMP:
        if (is_prefix_position()) return bad(token, "address-of is not supported yet");
        break;
      case T::RANGE: return bad(token, "ranges are not supported yet");
      default: break;
    }
    out_.push_back(token);
  }

  // Bracket depth, and the length of a run of prefix operators.
  bool check_nesting(const Token& token) {
    switch (token.kind) {
      case T::LPAREN:
      case T::LBRACKET:
      case T::LBRACE: depth_++; break;
      case T::RPAREN:
      case T::RBRACKET:
      case T::RBRACE: depth_--; break;
      default: break;
    }
    bool prefix = token.kind == T::MINUS || token.kind == T::BANG || token.kind == T::TILDE ||
                  token.kind == T::STAR || token.kind == T::INCREMENT || token.kind == T::DECREMENT;
    run_ = prefix || token.kind == T::LPAREN ? run_ + 1 : 0;
    if (depth_ <= kMaxNesting && run_ <= kMaxNesting) return true;
    if (!too_deep_) bad(token, "nesting is too deep");
    too_deep_ = true;
    return false;
  }

  void name(const Token& token) {
    const std::string& word = token.text;
    if (after_dot()) return out_.push_back(token);
    if (at_statement_start() && statement_word(token)) return;
    if (word == "else" && last_kind() == T::RBRACE) return emit(token, T::ELSE);
    if (word == "if" && last_kind() == T::ELSE) return emit(token, T::IF);
    if (word == "true" || word == "false") return emit(token, T::BOOL);
    if (is_tag(word) && kind(at_ + 1) == T::NAME) return emit(token, T::TAG);
    for (const Planned& planned : kPlannedExpressions) {
      bool used = kind(at_ + 1) == T::LPAREN || word == "if" || word == "comptime";
      if (word == planned.word && used) return bad(token, planned.message);
    }
    out_.push_back(token);
  }

  bool statement_word(const Token& token) {
    const std::string& word = token.text;
    if (word == "else") return false;
    if (word == "if") return emit(token, T::IF), true;
    if (word == "return") return emit(token, T::RETURN), true;
    if (word == "_" && kind(at_ + 1) == T::ASSIGN) return emit(token, T::DISCARD), true;
    if (word == "let") {
      if (kind(at_ + 1) == T::VARIABLE) return emit(token, T::LET), true;
      return bad(token, "expected variable after 'let'"), true;
    }
    for (const Planned& planned : kPlannedStatements) {
      if (word == planned.word) return bad(token, planned.message), true;
    }
    return false;
  }

  // Whether an operator here has no left operand.
  bool is_prefix_position() const {
    switch (last_kind()) {
      case T::NAME:
      case T::VARIABLE:
      case T::MAP:
      case T::INTEGER:
      case T::STRING:
      case T::BOOL:
      case T::POSITIONAL:
      case T::PARAMETER_COUNT:
      case T::RPAREN:
      case T::RBRACKET:
      case T::INCREMENT:
      case T::DECREMENT: return false;
      default: return true;
    }
  }

  void open(const Token& token) {
    bool call = last_kind() == T::NAME;
    if (!call && is_record()) return bad(token, "records are not supported yet");
    emit(token, !call && is_cast() ? T::CAST_OPEN : T::LPAREN);
  }

  // `(` NAME `=`, but not `==`.
  bool is_record() const {
    return kind(at_ + 1) == T::NAME && kind(at_ + 2) == T::ASSIGN &&
           !is_parser_builtin(in_[at_ + 1].text);
  }

  // `(` type `)` and then something that can start an expression.
  bool is_cast() const {
    size_t next = at_ + 1;
    if (kind(next) != T::NAME || is_parser_builtin(in_[next].text)) return false;
    if (is_tag(in_[next].text) && kind(next + 1) == T::NAME) next++;
    next++;
    for (;;) {
      if (kind(next) == T::STAR) {
        next++;
      } else if (kind(next) == T::LBRACKET && kind(next + 1) == T::RBRACKET) {
        next += 2;
      } else if (kind(next) == T::LBRACKET && kind(next + 1) == T::INTEGER &&
                 kind(next + 2) == T::RBRACKET) {
        next += 3;
      } else {
        break;
      }
    }
    return kind(next) == T::RPAREN && starts_expression(kind(next + 1));
  }

  static bool starts_expression(int kind) {
    switch (kind) {
      case T::INTEGER:
      case T::VARIABLE:
      case T::MAP:
      case T::POSITIONAL:
      case T::PARAMETER_COUNT:
      case T::STRING:
      case T::LPAREN:
      case T::MINUS:
      case T::BANG:
      case T::TILDE:
      case T::STAR:
      case T::AMP:
      case T::NAME: return true;
      default: return false;
    }
  }

  void open_brace(const Token& token) {
    bool value = last_kind() == T::ASSIGN || last_kind() == T::LPAREN || last_kind() == T::COMMA;
    if (value && brace_depth_ > 0) return bad(token, "block expressions are not supported yet");
    brace_depth_++;
    out_.push_back(token);
  }

  void close_brace(const Token& token) {
    brace_depth_--;
    if (!at_statement_start() && last_kind() != T::BAD) {
      emit({0, {token.range.file, token.range.begin, token.range.begin}, ""}, T::SEMICOLON);
    }
    out_.push_back(token);
  }

  std::span<const Token> in_;
  std::vector<Token> out_;
  size_t at_ = 0;
  int depth_ = 0;
  int run_ = 0;
  int brace_depth_ = 0;
  bool too_deep_ = false;
};

}  // namespace

std::vector<Token> filter(std::span<const Token> tokens) { return Filter(tokens).run(); }

}  // namespace gimlet::parser
