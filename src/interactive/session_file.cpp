#include "interactive/session_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <sstream>

#include "base/owners.h"

namespace gimlet::interactive {
namespace {

constexpr std::string_view kMark = "//: cell ";

// The name in "//: cell 3 opens", or nothing.
std::string name_of(std::string_view line) {
  std::istringstream words{std::string(line.substr(kMark.size()))};
  std::string number, name;
  words >> number >> name;
  return name;
}

}  // namespace

std::string session_text(const Exploration& exploration) {
  std::string text = "// A session of gimlet. To go on with it: .load this file\n";
  for (const auto& cell : exploration.cells()) {
    std::string name = cell->name.empty() ? "" : " " + cell->name;
    text += fmt::format("{}{}{}\n{}\n", kMark, cell->number, name, cell->text.substr(cell->body));
    if (text.ends_with("\n\n")) text.pop_back();
  }
  return text;
}

std::vector<std::string> entries_of(std::string_view text) {
  std::vector<std::string> entries;
  std::string entry;
  bool marked = false;
  while (!text.empty()) {
    size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end);
    if (!line.starts_with(kMark)) {
      entry += line;
      continue;
    }
    if (marked) entries.push_back(std::move(entry));
    // What stands before the first mark is the head of the file.
    std::string name = name_of(line);
    entry = name.empty() ? "" : name + " = ";
    marked = true;
  }
  entries.push_back(std::move(entry));
  return entries;
}

base::Status write_session(const Exploration& exploration, const std::string& path) {
  base::UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!fd) return base::system_error(errno, fmt::format("Failed to open '{}'", path));
  std::string text = session_text(exploration);
  for (std::string_view rest = text; !rest.empty();) {
    ssize_t n = ::write(fd.get(), rest.data(), rest.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return base::system_error(errno, fmt::format("Failed to write '{}'", path));
    rest.remove_prefix(static_cast<size_t>(n));
  }
  return base::Done{};
}

}  // namespace gimlet::interactive
