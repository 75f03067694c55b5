#include "list/pattern.h"

namespace gimlet::list {
namespace {

// Pieces between separators outside quotes. Quotes, and backslashes in them, are kept.
std::vector<std::string> split_outside_quotes(std::string_view text, char separator) {
  std::vector<std::string> pieces(1);
  bool quoted = false;
  for (size_t i = 0; i < text.size(); i++) {
    if (quoted && text[i] == '\\' && i + 1 < text.size()) {
      pieces.back() += text.substr(i++, 2);
      continue;
    }
    if (text[i] == '"') quoted = !quoted;
    if (text[i] == separator && !quoted) {
      pieces.emplace_back();
    } else {
      pieces.back() += text[i];
    }
  }
  return pieces;
}

std::string without_quotes(std::string_view text) {
  std::string out;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); i++) {
    if (text[i] == '"') {
      quoted = !quoted;
    } else if (quoted && text[i] == '\\' && i + 1 < text.size()) {
      out += text[++i];
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string trimmed(const std::string& text) {
  constexpr const char* kBlank = " \t\n";
  const size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

Pattern read_pattern(const std::string& text) {
  Pattern pattern;
  pattern.text = text;
  pattern.provider = "*";
  if (pattern.names_type()) {
    pattern.parts = {text};
    return pattern;
  }
  for (const std::string& part : split_outside_quotes(text, ':')) {
    pattern.parts.push_back(without_quotes(part));
  }
  if (pattern.parts.size() > 1) {
    pattern.provider = pattern.parts.front();
    pattern.parts.erase(pattern.parts.begin());
  }
  if (pattern.whole().empty()) pattern.parts = {"*"};
  return pattern;
}

}  // namespace

std::string Pattern::whole() const {
  std::string out;
  for (size_t i = 0; i < parts.size(); i++) out += (i > 0 ? ":" : "") + parts[i];
  return out;
}

bool Pattern::names_type() const {
  return text.starts_with("struct ") || text.starts_with("union ") || text.starts_with("enum ");
}

std::vector<Pattern> split_patterns(std::string_view text) {
  std::vector<Pattern> patterns;
  for (const std::string& piece : split_outside_quotes(text, ',')) {
    if (std::string pattern = trimmed(piece); !pattern.empty()) {
      patterns.push_back(read_pattern(pattern));
    }
  }
  return patterns;
}

}  // namespace gimlet::list
