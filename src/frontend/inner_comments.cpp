#include "frontend/inner_comments.h"

#include <algorithm>
#include <cctype>

namespace gimlet::frontend {
namespace {

bool is_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$' || c == '@';
}

// What the printer may add or leave out.
bool is_optional(std::string_view token) {
  return token.size() == 1 && std::string_view("(){},;").find(token[0]) != std::string_view::npos;
}

// The end of the token that begins at `at`: a name or number, a string, or one character.
size_t end_of_token(std::string_view text, size_t at) {
  if (text[at] == '"') {
    size_t end = at + 1;
    while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
    return std::min(end + 1, text.size());
  }
  if (text.substr(at, 2) == "->") return at + 2;
  if (!is_name(text[at])) return at + 1;
  size_t end = at + 1;
  while (end < text.size() && is_name(text[end])) end++;
  return end;
}

size_t skip_blanks(std::string_view text, size_t at) {
  while (at < text.size() && std::isspace(static_cast<unsigned char>(text[at]))) at++;
  return at;
}

std::string inner_text(const parser::Comment& comment) {
  std::string text;
  for (const std::string& line : comment.lines) {
    if (!line.empty()) text += (text.empty() ? "" : " ") + line;
  }
  for (size_t at; (at = text.find("*/")) != text.npos;) text.insert(at + 1, " ");
  return text.empty() ? "/* */" : "/* " + text + " */";
}

// Walks over the printed text beside the source.
class Placer {
 public:
  explicit Placer(const std::string& printed) : printed_(printed) {}

  // Past the counterpart of a token of the source.
  void pass(std::string_view token) {
    if (is_optional(token)) {
      size_t begin = skip_blanks(printed_, at_);
      if (begin < printed_.size() && printed_[begin] == token[0]) at_ = begin + 1;
      return;
    }
    for (;;) {
      size_t begin = skip_blanks(printed_, at_);
      if (begin >= printed_.size()) return;
      at_ = end_of_token(printed_, begin);
      if (!is_optional(std::string_view(printed_).substr(begin, at_ - begin))) return;
    }
  }
  void insert(const std::string& comment) {
    bool blank_before =
        at_ > 0 && printed_[at_ - 1] != ' ' && printed_[at_ - 1] != '(' && printed_[at_ - 1] != '[';
    std::string text = (blank_before ? " " : "") + comment;
    char next = at_ < printed_.size() ? printed_[at_] : '\n';
    if (next != ' ' && next != '\n' && std::string_view(")],;").find(next) == std::string::npos) {
      text += ' ';
    }
    printed_.insert(at_, text);
    at_ += text.size();
    if (text.back() == ' ') at_--;
  }
  const std::string& text() const { return printed_; }

 private:
  std::string printed_;
  size_t at_ = 0;
};

}  // namespace

std::string with_comments(const std::string& printed, std::string_view source, uint32_t begin,
                          const std::vector<parser::Comment>& comments) {
  Placer placer(printed);
  size_t at = 0;
  for (const parser::Comment& comment : comments) {
    size_t stop = comment.range.begin - begin;
    while ((at = skip_blanks(source, at)) < stop) {
      size_t end = end_of_token(source, at);
      placer.pass(source.substr(at, end - at));
      at = end;
    }
    placer.insert(inner_text(comment));
    at = comment.range.end - begin;
  }
  return placer.text();
}

}  // namespace gimlet::frontend
