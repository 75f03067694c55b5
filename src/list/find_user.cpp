// Listers of functions in files of user space.
#include <fmt/format.h>

#include <cstdlib>

#include "base/demangle.h"
#include "base/glob.h"
#include "list/lister.h"

namespace gimlet::list {
namespace {

struct Place {
  std::string file;
  std::string function;
  bool is_cpp = false;  // the function is a C++ name
};

// "cpp:NAME", whose NAME may contain colons.
Place cpp_place(std::string file, const Pattern& pattern, size_t name) {
  std::string text = pattern.parts[name];
  for (size_t i = name + 1; i < pattern.parts.size(); i++) text += ":" + pattern.parts[i];
  return {std::move(file), std::move(text), true};
}

// "FILE:FUNCTION" or "FILE:cpp:NAME". One part alone is a file or, with -p, a function of the
// process; no file means the one that the process executes.
Place place_of(const Pattern& pattern, uint64_t pid) {
  const std::string& first = pattern.parts.front();
  const size_t count = pattern.parts.size();
  if (count > 2 && pattern.parts[1] == "cpp") return cpp_place(first, pattern, 2);
  if (count > 1 && first == "cpp" && pid != 0) return cpp_place("", pattern, 1);
  if (pattern.parts.size() == 1) {
    const bool is_file = pid == 0 || first == "*" || first.find('/') != std::string::npos;
    return is_file ? Place{first, "*"} : Place{"", first};
  }
  return {first, pattern.whole().substr(first.size() + 1)};
}

bool is_meant(const Place& place, const std::string& symbol) {
  return place.is_cpp ? base::cpp_name_matches(place.function, symbol)
                      : base::glob_matches(place.function, symbol);
}

// With a process files are named as it sees them, whatever its root is.
std::string shown_path(const std::string& file, uint64_t pid) {
  const bool as_it_is = pid == 0 || file.starts_with("/proc/") || !file.starts_with("/");
  return as_it_is ? file : fmt::format("/proc/{}/root{}", pid, file);
}

// Without a process to look at, any file means what can be run from here.
std::vector<std::string> files_at_hand(kernel::Kernel& kernel) {
  std::vector<std::string> files;
  const char* path = getenv("PATH");
  std::string folders = std::string(".:") + (path ? path : "");
  for (size_t begin = 0; begin < folders.size();) {
    const size_t end = std::min(folders.find(':', begin), folders.size());
    const std::string folder = folders.substr(begin, end - begin);
    begin = end + 1;
    if (folder.empty()) continue;
    auto found = kernel.resolve_binary(folder + "/*", 0);
    if (found) files.insert(files.end(), found->begin(), found->end());
  }
  return files;
}

}  // namespace

std::string cpp_line(const char* provider, const std::string& path, const std::string& symbol) {
  std::string name;
  for (char c : base::demangle(symbol)) {
    if (c == '"' || c == '\\') name += '\\';  // operator""
    name += c;
  }
  return fmt::format("{}:{}:cpp:\"{}\"", provider, path, name);
}

base::Status find_user_functions(Search& search, const char* provider, const Pattern& pattern) {
  const uint64_t pid = search.system.pid;
  const Place place = place_of(pattern, pid);
  std::vector<std::string> files;
  if (place.file == "*" && pid == 0) {
    files = files_at_hand(search.kernel());
  } else if (auto found = search.kernel().resolve_binary(place.file, pid)) {
    files = std::move(*found);
  }
  for (const std::string& file : files) {
    auto symbols = search.kernel().functions(file);
    if (!symbols) continue;
    for (const kernel::FunctionSymbol& symbol : *symbols) {
      if (!is_meant(place, symbol.name)) continue;
      if (symbol.name.find(".part.") != std::string::npos) continue;
      const std::string shown = shown_path(file, pid);
      search.add(place.is_cpp ? cpp_line(provider, shown, symbol.name)
                              : fmt::format("{}:{}:{}", provider, shown, symbol.name));
      bool described = search.system.verbose && std::string_view(provider) == "uprobe";
      if (described) {
        search.found.back().arguments = describe_user(search, file, symbol.address);
      }
    }
  }
  return base::Done{};
}

// "FILE:PROVIDER:NAME"; the provider may be left out, with -p the file, too.
base::Status find_markers(Search& search, const Pattern& pattern) {
  const uint64_t pid = search.system.pid;
  std::string file = pattern.parts.front();
  std::string marker = "*";
  if (pattern.parts.size() == 1 && pid != 0 && file.find('/') == std::string::npos) {
    marker = "*:" + file;
    file = "*";
  } else if (pattern.parts.size() == 2) {
    marker = "*:" + pattern.parts[1];
  } else if (pattern.parts.size() > 2) {
    marker = pattern.whole().substr(file.size() + 1);
  }
  if (file.empty()) file = "*";
  auto paths = search.kernel().resolve_binary(file, pid);
  if (!paths) return base::Done{};  // nothing matches
  for (const std::string& path : *paths) {
    auto markers = search.kernel().usdt_markers(path);
    if (!markers) continue;
    for (const auto& found : *markers) {
      std::string name = found.provider + ":" + found.name;
      if (base::glob_matches(marker, name)) search.add("usdt:" + path + ":" + name);
    }
  }
  return base::Done{};
}

}  // namespace gimlet::list
