#include "frontend/wrap.h"

#include <algorithm>
#include <cstdint>

namespace gimlet::frontend {
namespace {

constexpr size_t kWidth = 90;

// A list in brackets, or a run of `&&` or `||`: where it begins, its parts, each with what
// separates it from the next, and what follows the list.
struct List {
  size_t begin = 0;
  size_t end = 0;
  uint32_t depth = 0;
  std::vector<size_t> commas;  // where the parts after the first begin
  std::vector<size_t> logical;
};

// The position behind a string or comment that begins at `at`; `at` itself if none does.
size_t skip_opaque(const std::string& text, size_t at) {
  if (text[at] == '"') {
    size_t end = at + 1;
    while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
    return std::min(end + 1, text.size());
  }
  if (text.compare(at, 2, "/*") != 0) return at;
  size_t end = text.find("*/", at + 2);
  return end == text.npos ? text.size() : end + 2;
}

// All lists of a text; the first is the text itself.
std::vector<List> find_lists(const std::string& text) {
  std::vector<List> lists(1);
  std::vector<size_t> open{0};
  for (size_t i = 0; i < text.size(); i++) {
    if (size_t behind = skip_opaque(text, i); behind > i) {
      i = behind - 1;
      continue;
    }
    char c = text[i];
    if (c == '(' || c == '[' || c == '{') {
      open.push_back(lists.size());
      List list;
      list.begin = i + 1;
      list.depth = static_cast<uint32_t>(open.size());
      lists.push_back(list);
    } else if ((c == ')' || c == ']' || c == '}') && open.size() > 1) {
      lists[open.back()].end = i;
      open.pop_back();
    } else if (c == ',' && text.compare(i, 2, ", ") == 0) {
      lists[open.back()].commas.push_back(i + 2);
    } else if (text.compare(i, 4, " && ") == 0 || text.compare(i, 4, " || ") == 0) {
      lists[open.back()].logical.push_back(i + 4);
    }
  }
  lists[0].end = text.size();
  // The text itself: what stands behind the `=`.
  size_t equals = text.find(" = ");
  bool assigned = equals != text.npos && text.find_first_of("(\"") > equals;
  if (assigned) lists[0].begin = equals + 3;
  return lists;
}

// Of the outermost lists the longest one.
const List* choose(const std::vector<List>& lists, std::vector<size_t> List::*parts) {
  const List* best = nullptr;
  for (const List& list : lists) {
    if ((list.*parts).empty() || list.end < list.begin) continue;
    bool better = !best || list.depth < best->depth ||
                  (list.depth == best->depth && list.end - list.begin > best->end - best->begin);
    if (better) best = &list;
  }
  return best;
}

// Fills lines up to a width.
std::vector<std::string> fill(const std::vector<std::string>& parts, size_t width) {
  std::vector<std::string> lines(1);
  for (const std::string& part : parts) {
    std::string joined = lines.back().empty() ? part : lines.back() + " " + part;
    if (joined.size() > width && !lines.back().empty()) {
      lines.push_back(part);
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
  std::vector<List> lists = find_lists(statement);
  const List* list = choose(lists, &List::commas);
  std::vector<size_t> starts = list ? list->commas : std::vector<size_t>{};
  if (!list && (list = choose(lists, &List::logical))) starts = list->logical;
  if (!list) return {statement};
  std::vector<std::string> parts;
  size_t begin = list->begin;
  for (size_t start : starts) {
    parts.push_back(statement.substr(begin, start - 1 - begin));
    begin = start;
  }
  parts.push_back(statement.substr(begin));
  size_t taken = indent + list->begin;
  size_t room = taken < kWidth ? kWidth - taken : 0;
  // No more lines than needed; of the ways to fill them, the one with the narrowest widest line.
  size_t needed = fill(parts, room).size();
  while (room > 0 && fill(parts, room - 1).size() == needed) room--;
  std::vector<std::string> lines = fill(parts, room);
  lines[0] = statement.substr(0, list->begin) + lines[0];
  for (size_t i = 1; i < lines.size(); i++) lines[i] = std::string(list->begin, ' ') + lines[i];
  return lines;
}

}  // namespace gimlet::frontend
