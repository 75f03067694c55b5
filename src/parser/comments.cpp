#include "parser/comments.h"

#include "parser/scanner.h"

namespace gimlet::parser {
namespace {

std::string trimmed(std::string_view text) {
  size_t begin = text.find_first_not_of(" \t\r*");
  if (begin == text.npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1));
}

std::vector<std::string> lines_of(std::string_view text) {
  if (text.starts_with("//")) return {trimmed(text.substr(2))};
  text.remove_prefix(2);
  if (text.ends_with("*/")) text.remove_suffix(2);
  std::vector<std::string> lines;
  for (size_t begin = 0; begin <= text.size();) {
    size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(trimmed(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  // A block comment's first and last lines often hold its signs only.
  while (lines.size() > 1 && lines.back().empty()) lines.pop_back();
  if (lines.size() > 1 && lines.front().empty()) lines.erase(lines.begin());
  return lines;
}

// Adds the comments of a stretch that holds nothing else but layout.
void add(std::vector<Comment>& comments, base::FileId file, std::string_view text, uint32_t begin,
         uint32_t end) {
  while (begin < end) {
    if (text[begin] != '/') {
      begin++;
      continue;
    }
    bool line = text.substr(begin, 2) == "//";
    size_t stop = line ? text.find('\n', begin) : text.find("*/", begin + 2);
    uint32_t after =
        stop == text.npos ? end : std::min(end, static_cast<uint32_t>(stop) + (line ? 0 : 2));
    comments.push_back({{file, begin, after}, lines_of(text.substr(begin, after - begin))});
    begin = after;
  }
}

}  // namespace

std::vector<Comment> find_comments(const base::SourceSet& sources, base::FileId file) {
  std::string_view text = sources.file(file).text();
  Scanner scanner(text, file);
  std::vector<Comment> comments;
  uint32_t done = 0;
  size_t first = text.find_first_not_of(" \t\r\n");
  if (first != text.npos && text.substr(first, 2) == "#!") {
    done = static_cast<uint32_t>(std::min(text.find('\n', first), text.size()));
  }
  for (;;) {
    Token token = scanner.next();
    bool end = token.kind == Kind::END;
    uint32_t begin = end ? static_cast<uint32_t>(text.size()) : token.range.begin;
    if (begin > done) add(comments, file, text, done, begin);
    if (end) return comments;
    done = std::max(done, token.range.end);
  }
}

}  // namespace gimlet::parser
