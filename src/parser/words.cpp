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

std::optional<Grammar::token_kind_type> find(std::span<const Word> table, std::string_view word) {
  auto it = std::ranges::find(table, word, &Word::word);
  if (it == table.end()) return std::nullopt;
  return it->kind;
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

}  // namespace gimlet::parser
