#include "parser/words.h"

#include <algorithm>
#include <span>

namespace gimlet::parser {
namespace {

using Kind = Grammar::token;

struct Complaint {
  std::string_view word;
  std::string_view text;
};

constexpr Complaint kTopLevel[] = {
    {"config", "'config' blocks are not supported yet"},
    {"import", "'import' is not supported yet"},
    {"macro", "'macro' definitions are not supported yet"},
    {"fn", "'fn' definitions are not supported yet"},
    {"let", "map declarations are not supported yet"},
    {"struct", "C definitions are not supported yet"},
    {"union", "C definitions are not supported yet"},
    {"enum", "C definitions are not supported yet"},
};

constexpr Complaint kStatement[] = {
    {"while", "'while' loops are not supported yet"},
    {"for", "'for' loops are not supported yet"},
    {"unroll", "'unroll' loops are not supported yet"},
    {"break", "'break' is not supported yet"},
    {"continue", "'continue' is not supported yet"},
    {"import", "'import' is not supported yet"},
};

constexpr Complaint kExpression[] = {
    {"if", "'if' as a value is not supported yet"},
    {"sizeof", "'sizeof' is not supported yet"},
    {"offsetof", "'offsetof' is not supported yet"},
    {"typeof", "'typeof' is not supported yet"},
    {"typeinfo", "'typeinfo' is not supported yet"},
    {"comptime", "'comptime' is not supported yet"},
};

constexpr std::string_view kBuiltins[] = {"args", "ctx", "kstack", "nsecs", "pid", "tid", "ustack"};

std::string_view find(std::span<const Complaint> table, std::string_view word) {
  auto it = std::ranges::find(table, word, &Complaint::word);
  return it == table.end() ? std::string_view() : it->text;
}

bool is_numbered(std::string_view word, std::string_view prefix) {
  return word.size() > prefix.size() && word.starts_with(prefix) &&
         word.find_first_not_of("0123456789", prefix.size()) == std::string_view::npos;
}

}  // namespace

std::optional<Grammar::token_kind_type> statement_word(std::string_view word) {
  if (word == "let") return Kind::LET;
  if (word == "return") return Kind::RETURN;
  if (word == "if") return Kind::IF;
  return std::nullopt;
}

std::string_view unsupported_top_level(std::string_view word) { return find(kTopLevel, word); }
std::string_view unsupported_statement(std::string_view word) { return find(kStatement, word); }
std::string_view unsupported_in_expression(std::string_view word) {
  return find(kExpression, word);
}

bool is_type_tag(std::string_view word) {
  return word == "struct" || word == "union" || word == "enum";
}

bool is_parser_builtin(std::string_view word) {
  return std::ranges::find(kBuiltins, word) != std::end(kBuiltins) || is_numbered(word, "arg") ||
         is_numbered(word, "sarg") || word.starts_with("__builtin_");
}

}  // namespace gimlet::parser
