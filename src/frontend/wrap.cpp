#include "frontend/wrap.h"

#include <algorithm>

namespace gimlet::frontend {
namespace {

constexpr size_t kWidth = 90;

// The outermost argument list: where it begins, its arguments, and what follows it.
struct Arguments {
  size_t begin = 0;
  std::vector<std::string> texts;
  std::string behind;  // from the `)`
};

Arguments find_arguments(const std::string& text) {
  Arguments result;
  size_t depth = 0, start = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); i++) {
    char c = text[i];
    if (quoted) {
      if (c == '\\') i++;
      if (c == '"') quoted = false;
      continue;
    }
    if (c == '"') quoted = true;
    bool call = c == '(' && depth == 0 && i > 0 &&
                (std::isalnum(static_cast<unsigned char>(text[i - 1])) || text[i - 1] == '_');
    if (call && result.begin == 0) {
      result.begin = start = i + 1;
      depth = 1;
    } else if (result.begin == 0) {
      continue;
    } else if (c == '(' || c == '[' || c == '{') {
      depth++;
    } else if (c == ')' || c == ']' || c == '}') {
      if (--depth > 0) continue;
      result.texts.push_back(text.substr(start, i - start));
      result.behind = text.substr(i);
      return result;
    } else if (c == ',' && depth == 1) {
      result.texts.push_back(text.substr(start, i - start));
      start = i + 2;
    }
  }
  return {};
}

// Fills lines up to a width; each argument but the last brings its comma.
std::vector<std::string> fill(const Arguments& arguments, size_t width) {
  std::vector<std::string> lines(1);
  for (size_t i = 0; i < arguments.texts.size(); i++) {
    bool last = i + 1 == arguments.texts.size();
    std::string text = arguments.texts[i] + (last ? arguments.behind : ",");
    std::string joined = lines.back().empty() ? text : lines.back() + " " + text;
    if (joined.size() > width && !lines.back().empty()) {
      lines.push_back(text);
    } else {
      lines.back() = joined;
    }
  }
  return lines;
}

}  // namespace

std::vector<std::string> wrap(const std::string& statement, size_t indent) {
  if (indent + statement.size() <= kWidth || statement.find('\n') != statement.npos) {
    return {statement};
  }
  Arguments arguments = find_arguments(statement);
  if (arguments.texts.size() < 2) return {statement};
  size_t taken = indent + arguments.begin;
  size_t room = taken < kWidth ? kWidth - taken : 0;
  // No more lines than needed; of the ways to fill them, the one with the narrowest widest line.
  size_t needed = fill(arguments, room).size();
  while (room > 0 && fill(arguments, room - 1).size() == needed) room--;
  std::vector<std::string> lines = fill(arguments, room);
  lines[0] = statement.substr(0, arguments.begin) + lines[0];
  for (size_t i = 1; i < lines.size(); i++) lines[i] = std::string(arguments.begin, ' ') + lines[i];
  return lines;
}

}  // namespace gimlet::frontend
