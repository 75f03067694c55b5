// Types: the words in front (`const unsigned long`, `struct x {...}`), and the declarator behind
// them, which is read from the name outwards: in `int (*f[4])(void)` f is an array of 4 of pointer
// to function. C's own integer types have many spellings; each gets one name here.
#include <fmt/format.h>

#include <algorithm>

#include "parser/c_declarations.h"

namespace gimlet::parser {
namespace {

constexpr std::string_view kQualifiers[] = {
    "const",        "volatile",   "restrict",     "__const",       "__volatile",
    "__volatile__", "__restrict", "__restrict__", "__extension__", "__const__"};
// The kernel's marks on pointers. Without its headers they are no macros, but say the same.
constexpr std::string_view kKernelMarks[] = {"__kernel", "__rcu", "__iomem", "__percpu", "__force"};
constexpr std::string_view kStorage[] = {"static",   "extern",     "register", "typedef",
                                         "auto",     "inline",     "__inline", "_Thread_local",
                                         "__thread", "__auto_type"};
constexpr std::string_view kUnsupported[] = {"typeof",   "__typeof__", "__typeof",
                                             "_Complex", "_Atomic",    "_Static_assert"};
constexpr std::string_view kTags[] = {"struct", "union", "enum"};

bool one_of(std::span<const std::string_view> list, const CToken& token) {
  return token.kind == CToken::Kind::Word &&
         std::find(list.begin(), list.end(), token.text) != list.end();
}

}  // namespace

// How often each of C's type words was seen.
struct CDeclarations::Words {
  int voids = 0, bools = 0, chars = 0, shorts = 0, ints = 0, longs = 0, floats = 0, doubles = 0;
  int signs = 0, unsigneds = 0, wides = 0;

  static int Words::*word(std::string_view text) {
    struct Entry {
      std::string_view text;
      int Words::*count;
    };
    static constexpr Entry entries[] = {
        {"void", &Words::voids},       {"_Bool", &Words::bools},    {"char", &Words::chars},
        {"short", &Words::shorts},     {"int", &Words::ints},       {"long", &Words::longs},
        {"float", &Words::floats},     {"double", &Words::doubles}, {"signed", &Words::signs},
        {"__signed__", &Words::signs}, {"__signed", &Words::signs}, {"unsigned", &Words::unsigneds},
        {"__int128", &Words::wides},
    };
    for (const Entry& entry : entries) {
      if (entry.text == text) return entry.count;
    }
    return nullptr;
  }

  int total() const {
    return voids + bools + chars + shorts + ints + longs + floats + doubles + signs + unsigneds +
           wides;
  }

  // Empty if the words do not go together.
  std::string spelling() const {
    const int sign_words = signs + unsigneds;
    const std::string prefix = unsigneds ? "unsigned " : "";
    const int others = voids + bools + floats + doubles;
    if (sign_words > 1 || ints > 1 || others > 1) return {};
    if (others == 1) {
      const bool long_double = doubles && longs == 1 && total() == 2;
      if (long_double) return "long double";
      if (total() != 1) return {};
      return voids ? "void" : bools ? "_Bool" : floats ? "float" : "double";
    }
    if ((longs > 0) + shorts + chars + wides > 1 || longs > 2) return {};
    if (chars) return ints ? "" : signs ? "signed char" : prefix + "char";
    if (wides) return ints ? "" : prefix + "__int128";
    if (shorts) return prefix + "short";
    if (longs) return prefix + (longs == 2 ? "long long" : "long");
    return prefix + "int";
  }
};

// True if a qualifier, a mark or an attribute was taken.
bool CDeclarations::qualifier(Specified& found) {
  if (at_attribute()) {
    attributes(found.attributes, &found.user);
  } else if (peek().is("_Alignas")) {
    align_as(found.attributes);
  } else if (one_of(kQualifiers, peek()) || one_of(kKernelMarks, peek())) {
    take();
  } else if (accept("__user")) {
    found.user = true;
  } else {
    return false;
  }
  return true;
}

CDeclarations::Specified CDeclarations::specifiers() {
  const Level level(*this);
  Specified found;
  if (too_deep()) return found;
  const CToken first = peek();
  Words words;
  std::string& name = found.type.name;
  while (at_word()) {
    if (qualifier(found)) continue;
    const CToken& token = peek();
    if (one_of(kStorage, token) || one_of(kUnsupported, token)) {
      fail(token.range, fmt::format("'{}' is not supported in C definitions", token.text));
      return found;
    }
    if (int Words::*count = Words::word(token.text)) {
      if (!name.empty()) break;
      ++(words.*count);
      take();
    } else if (!name.empty() || words.total() > 0) {
      break;  // the declarator's name
    } else if (one_of(kTags, token)) {
      tagged(found);
    } else {
      name = take().text;
      found.type.range = first.range;
    }
  }
  if (failed_) return found;
  if (words.total() > 0) {
    name = words.spelling();
    if (name.empty()) fail(since(first), "these words do not make a type");
  }
  if (name.empty() && !failed_) fail_here("a type");
  // A definition's range is its name: its body may be long.
  if (!found.has_body) found.type.range = since(first);
  return found;
}

void CDeclarations::tagged(Specified& found) {
  const CToken keyword = take();
  ast::CLayoutAttributes before;
  attributes(before);
  std::optional<CToken> tag;
  if (at_word()) tag = take();
  const bool is_enum = keyword.text == "enum";
  found.type.kind = is_enum                   ? ast::CSpecifier::Kind::Enum
                    : keyword.text == "union" ? ast::CSpecifier::Kind::Union
                                              : ast::CSpecifier::Kind::Struct;
  found.type.range = tag ? tag->range : keyword.range;
  if (!peek().is("{")) {
    if (!tag) {
      fail_here(fmt::format("a name or '{{' after '{}'", keyword.text));
      return;
    }
    found.type.name = fmt::format("{} {}", keyword.text, tag->text);
    return;
  }
  if (!defined_) {
    fail(peek().range, "a type cannot be defined here");
    return;
  }
  found.has_body = true;
  found.type.name = is_enum ? enum_definition(keyword, tag, before)
                            : record_definition(keyword, tag, std::move(before));
}

// `user`: the pointer that comes next points to user memory.
void CDeclarations::declarator(Declarator& into, bool user, ast::CLayoutAttributes& own) {
  const Level level(*this);
  if (too_deep()) return;
  size_t pointers = 0;
  Specified between;
  while (!at_end()) {
    if (accept("*")) {
      if (++pointers > 64) {
        fail(peek().range, "too many levels of pointers");
        return;
      }
    } else if (!qualifier(between)) {
      break;
    }
  }
  own.packed |= between.attributes.packed;
  for (auto& alignment : between.attributes.alignments) {
    own.alignments.push_back(std::move(alignment));
  }
  // A parenthesis groups unless it begins a list of parameters.
  const bool groups = peek().is("(") && (peek(1).is("*") || peek(1).is("(") ||
                                         (peek(1).kind == CToken::Kind::Word && !into.name &&
                                          peek(2).is(")") && !Words::word(peek(1).text)));
  if (groups) {
    take();
    declarator(into, user, own);
    if (!expect(")", "in this declaration")) return;
  } else if (at_word()) {
    into.name = take();
  }
  declarator_suffixes(into);
  for (; pointers > 0; --pointers) into.derivations.push_back({});
}

void CDeclarations::declarator_suffixes(Declarator& into) {
  while (!at_end()) {
    if (into.derivations.size() > 64) {
      fail(peek().range, "this type has too many parts");
    } else if (accept("[")) {
      ast::CDerivation array;
      array.kind = ast::CDerivation::Kind::Array;
      if (!peek().is("]")) array.length = constant();
      if (!failed_) expect("]", "after the array's size");
      into.derivations.push_back(std::move(array));
    } else if (peek().is("(")) {
      skip_parameters();
      ast::CDerivation function;
      function.kind = ast::CDerivation::Kind::Function;
      into.derivations.push_back(std::move(function));
    } else {
      return;
    }
  }
}

// Parameters do not matter: a function pointer is a `void *`.
void CDeclarations::skip_parameters() {
  const CToken first = peek();
  int open = 0;
  while (!at_end()) {
    if (peek().is("{")) fail(peek().range, "a type cannot be defined here");
    if (peek().is(";") || failed_) break;
    const CToken token = take();
    if (token.is("(")) ++open;
    if (token.is(")") && --open == 0) return;
  }
  if (!failed_) fail(first.range, "syntax: the ')' of these parameters is missing");
}

// Does a type stand here rather than an expression?
bool CDeclarations::at_type() const {
  if (!at_word()) return false;
  const CToken& token = peek();
  return one_of(kTags, token) || one_of(kQualifiers, token) || Words::word(token.text) != nullptr;
}

ast::CTypeName CDeclarations::type_name() {
  const CToken first = peek();
  const Specified found = specifiers();
  Declarator steps;
  ast::CLayoutAttributes unused;
  if (!failed_) declarator(steps, found.user, unused);
  if (steps.name) fail(steps.name->range, "syntax: a type has no name here");
  return {since(first), found.type, std::move(steps.derivations)};
}

}  // namespace gimlet::parser
