#include "kernel/dwarf_lines.h"

#include <dwarf.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>
#include <set>

namespace gimlet::kernel {
namespace {

std::string without_dots(const std::string& path) {
  std::string out;
  size_t begin = 0;
  while (begin <= path.size()) {
    const size_t end = std::min(path.find('/', begin), path.size());
    const std::string part = path.substr(begin, end - begin);
    begin = end + 1;
    if (part == "." || (part.empty() && !out.empty())) continue;
    if (part == ".." && out.find_last_of('/') != std::string::npos) {
      out.erase(out.find_last_of('/'));
      continue;
    }
    if (part.empty() && out.empty() && end == 0) {
      out = "/";
      continue;
    }
    if (!out.empty() && out.back() != '/') out += '/';
    out += part;
  }
  return out;
}

// The lowest address of a statement at that place in the unit's own file.
std::optional<uint64_t> first_statement(Dwarf_Die unit, const std::string& path,
                                        const SourceLine& wanted) {
  Dwarf_Lines* lines = nullptr;
  size_t count = 0;
  if (dwarf_getsrclines(&unit, &lines, &count) != 0) return std::nullopt;
  std::optional<uint64_t> lowest;
  for (size_t i = 0; i < count; i++) {
    Dwarf_Line* line = dwarf_onesrcline(lines, i);
    int number = 0, column = 0;
    bool begins = false, ends = false;
    Dwarf_Addr address = 0;
    if (dwarf_lineno(line, &number) != 0 || static_cast<uint64_t>(number) != wanted.line) continue;
    if (dwarf_linebeginstatement(line, &begins) != 0 || !begins) continue;
    if (dwarf_lineendsequence(line, &ends) != 0 || ends) continue;
    dwarf_linecol(line, &column);
    if (wanted.column != 0 && static_cast<uint64_t>(column) != wanted.column) continue;
    const char* source = dwarf_linesrc(line, nullptr, nullptr);
    if (!source || source_path(unit, source) != path) continue;
    if (dwarf_lineaddr(line, &address) != 0 || address == 0) continue;
    if (!lowest || address < *lowest) lowest = address;
  }
  return lowest;
}

}  // namespace

std::string source_path(Dwarf_Die unit, const std::string& name) {
  if (name.empty() || name.front() == '/') return without_dots(name);
  const std::string folder = dwarf_text(unit, DW_AT_comp_dir);
  return without_dots(folder.empty() ? name : folder + "/" + name);
}

bool path_ends_with(const std::string& path, const std::string& end) {
  if (!path.ends_with(end)) return false;
  return path.size() == end.size() || end.front() == '/' ||
         path[path.size() - end.size() - 1] == '/';
}

base::Result<uint64_t> find_source_line(DwarfFile& dwarf, const SourceLine& wanted) {
  const std::string end = without_dots(wanted.file);
  std::set<std::string> paths;
  std::vector<std::pair<const DwarfFile::Unit*, std::string>> units;
  for (const DwarfFile::Unit& unit : dwarf.units()) {
    std::string path = source_path(unit.main, dwarf_text(unit.main, DW_AT_name));
    // The name of a split unit stands in its own file.
    if (path.empty()) path = source_path(unit.main, dwarf_text(unit.full, DW_AT_name));
    if (!path_ends_with(path, end)) continue;
    paths.insert(path);
    units.emplace_back(&unit, path);
  }
  if (paths.empty()) {
    return base::Error{fmt::format("DWARF error: No compilation unit matches {}", wanted.file), {}};
  }
  if (paths.size() > 1) {
    return base::Error{fmt::format("DWARF error: Ambiguous source path, matches multiple files: {}",
                                   fmt::join(paths, ", ")),
                       "Give more of the folders before the file's name."};
  }
  std::optional<uint64_t> lowest;
  for (const auto& [unit, path] : units) {
    const auto address = first_statement(unit->main, path, wanted);
    if (address && (!lowest || *address < *lowest)) lowest = address;
  }
  if (lowest) return *lowest;
  return base::Error{
      fmt::format("DWARF error: Unable to map '{}:{}' to address", wanted.file, wanted.line), {}};
}

}  // namespace gimlet::kernel
