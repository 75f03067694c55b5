#include "parser/words.h"

#include <algorithm>
#include <span>

namespace gimlet::parser {
namespace {

using Kind = Grammar::token;

struct Word {
  std::string_view word;
  Grammar::token_kind_type kind;
};

constexpr Word kStatement[] = {
    {"let", Kind::LET},     {"return", Kind::RETURN},     {"if", Kind::IF},
    {"while", Kind::WHILE}, {"for", Kind::FOR},           {"unroll", Kind::UNROLL},
    {"break", Kind::BREAK}, {"continue", Kind::CONTINUE}, {"import", Kind::IMPORT},
};

constexpr Word kTypeFunctions[] = {
    {"sizeof", Kind::SIZEOF},
    {"offsetof", Kind::OFFSETOF},
    {"typeinfo", Kind::TYPEINFO},
    {"typeof", Kind::TYPEOF},
};

constexpr std::string_view kBuiltins[] = {"args", "ctx", "kstack", "nsecs", "pid", "tid", "ustack"};

std::optional<Grammar::token_kind_type> find(std::span<const Word> table, std::string_view word) {
  auto it = std::ranges::find(table, word, &Word::word);
  if (it == table.end()) return std::nullopt;
  return it->kind;
}

bool is_numbered(std::string_view word, std::string_view prefix) {
  return word.size() > prefix.size() && word.starts_with(prefix) &&
         word.find_first_not_of("0123456789", prefix.size()) == std::string_view::npos;
}

}  // namespace

std::optional<Grammar::token_kind_type> statement_word(std::string_view word) {
  return find(kStatement, word);
}

std::optional<Grammar::token_kind_type> type_function_word(std::string_view word) {
  return find(kTypeFunctions, word);
}

bool is_type_tag(std::string_view word) {
  return word == "struct" || word == "union" || word == "enum";
}

bool is_parser_builtin(std::string_view word) {
  return std::ranges::find(kBuiltins, word) != std::end(kBuiltins) || is_numbered(word, "arg") ||
         is_numbered(word, "sarg") || word.starts_with("__builtin_");
}

}  // namespace gimlet::parser
