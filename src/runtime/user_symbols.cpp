#include "runtime/user_symbols.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <string_view>
#include <utility>

#include "base/demangle.h"
#include "base/owners.h"
#include "runtime/clock_text.h"

namespace gimlet::runtime {
namespace {

constexpr uint64_t kRefreshNs = 100'000'000;

std::string_view next_line(std::string_view& text) {
  size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

std::string_view next_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  size_t end = std::min(line.find(' '), line.size());
  std::string_view word = line.substr(0, end);
  line.remove_prefix(end);
  return word;
}

bool read_hex(std::string_view text, uint64_t& value) {
  auto result = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  return result.ec == std::errc() && result.ptr == text.data() + text.size();
}

// What a runtime that compiles while it runs tells of its code. In a container it writes its own
// number and its own /tmp: "NSpid: OUR ... ITS".
std::string perf_map_path(uint64_t pid) {
  std::string own = fmt::format("/tmp/perf-{}.map", pid);
  base::Result<std::string> status = base::read_file(fmt::format("/proc/{}/status", pid));
  size_t at = status ? status->find("\nNSpid:") : std::string::npos;
  if (at == std::string::npos) return own;
  size_t end = status->find('\n', at + 1);
  std::string line = status->substr(at, end == std::string::npos ? end : end - at);
  std::string inner = line.substr(line.find_last_of(" \t") + 1);
  std::string theirs = fmt::format("/proc/{}/root/tmp/perf-{}.map", pid, inner);
  struct stat info {};
  return stat(theirs.c_str(), &info) == 0 ? theirs : own;
}

}  // namespace

std::vector<Mapping> parse_mappings(const std::string& text) {
  std::vector<Mapping> mappings;
  std::string_view rest = text;
  while (!rest.empty()) {
    // BEGIN-END PERMISSIONS OFFSET DEVICE INODE PATH
    std::string_view line = next_line(rest);
    std::string_view range = next_word(line);
    std::string_view permissions = next_word(line);
    std::string_view offset = next_word(line);
    next_word(line);
    next_word(line);
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    size_t dash = range.find('-');
    Mapping mapping;
    bool valid = dash != std::string_view::npos && read_hex(range.substr(0, dash), mapping.begin) &&
                 read_hex(range.substr(dash + 1), mapping.end) &&
                 read_hex(offset, mapping.file_offset);
    if (!valid || permissions.find('x') == std::string_view::npos || line.empty()) continue;
    constexpr std::string_view kDeleted = " (deleted)";
    if (line.ends_with(kDeleted)) line.remove_suffix(kDeleted.size());
    mapping.path = std::string(line);
    mappings.push_back(std::move(mapping));
  }
  return mappings;
}

void UserSymbols::read(Process& process, uint64_t pid) {
  process.read_at_ns = boot_clock_ns();
  base::Result<std::string> maps = base::read_file(fmt::format("/proc/{}/maps", pid));
  // A process that has gone keeps what is known of it.
  if (!maps || maps->empty()) return;
  process.mappings = parse_mappings(*maps);
  base::Result<std::string> jitted = base::read_file(perf_map_path(pid));
  if (!jitted) return;
  process.jitted.clear();
  std::string_view rest = *jitted;
  while (!rest.empty()) {
    std::string_view line = next_line(rest);  // START SIZE NAME
    uint64_t start = 0;
    SymbolName symbol;
    if (!read_hex(next_word(line), start) || !read_hex(next_word(line), symbol.offset)) continue;
    line.remove_prefix(std::min<size_t>(1, line.size()));
    symbol.name = std::string(line);
    process.jitted[start] = std::move(symbol);
  }
}

UserSymbols::Process& UserSymbols::process(uint64_t pid) {
  auto [at, is_new] = processes_.try_emplace(pid);
  if (is_new) read(at->second, pid);
  return at->second;
}

void UserSymbols::notice(uint64_t pid) { process(pid); }

void UserSymbols::follow(uint64_t pid) {
  base::Result<MappingWatch> watch = MappingWatch::create(static_cast<pid_t>(pid));
  // Without it, what /proc tells while the process runs has to do.
  if (watch) watches_.push_back(std::move(*watch));
  process(pid);  // what it has mapped so far
}

void UserSymbols::catch_up() {
  MappingWatch::Listener listener;
  listener.mapped = [&](uint64_t pid, Mapping mapping) {
    processes_[pid].mappings.push_back(std::move(mapping));
  };
  listener.executed = [&](uint64_t pid) { processes_[pid].mappings.clear(); };
  listener.forked = [&](uint64_t parent, uint64_t child) {
    processes_[child].mappings = processes_[parent].mappings;
  };
  for (MappingWatch& watch : watches_) watch.drain(listener);
}

const Mapping* UserSymbols::find_mapping(uint64_t pid, uint64_t address) {
  catch_up();
  Process& known = process(pid);
  auto holds = [&](const Mapping& m) { return address >= m.begin && address < m.end; };
  auto found = std::find_if(known.mappings.begin(), known.mappings.end(), holds);
  if (found == known.mappings.end() && boot_clock_ns() - known.read_at_ns > kRefreshNs) {
    // It may have loaded a library, or become another program, since it was first seen.
    read(known, pid);
    found = std::find_if(known.mappings.begin(), known.mappings.end(), holds);
  }
  return found == known.mappings.end() ? nullptr : &*found;
}

// The file as the process sees it; once the process has gone, as we see it.
UserSymbols::File& UserSymbols::file(uint64_t pid, const std::string& path) {
  struct stat info {};
  struct stat ours {};
  std::string seen = fmt::format("/proc/{}/root{}", pid, path);
  const bool here = stat(path.c_str(), &ours) == 0;
  const bool there = stat(seen.c_str(), &info) == 0;
  // Where both see the same file, ours cannot go away while it is read.
  if (here && (!there || (ours.st_dev == info.st_dev && ours.st_ino == info.st_ino))) {
    seen = path;
    info = ours;
  } else if (!there) {
    seen = path;
    info = {};
  }
  std::string id = fmt::format("{}:{}:{}", info.st_dev, info.st_ino, path);
  auto known = files_.find(id);
  if (known == files_.end()) {
    known = files_.emplace(id, File{seen, SymbolTable::read(seen)}).first;
  }
  return known->second;
}

std::vector<SourceFrame> UserSymbols::source(uint64_t pid, uint64_t address) {
  const Mapping* mapping = options_.debug_info ? find_mapping(pid, address) : nullptr;
  if (!mapping || mapping->path.front() != '/') return {};
  File& known = file(pid, mapping->path);
  if (!std::exchange(known.opened_source, true)) {
    known.source = kernel::open_source_places(known.path);
  }
  auto elf = known.symbols.address_of(address - mapping->begin + mapping->file_offset);
  if (!known.source || !elf) return {};
  std::vector<SourceFrame> frames;
  for (kernel::SourcePlace& place : known.source->find(*elf)) {
    frames.push_back({readable(place.function), std::move(place.file), place.line});
  }
  return frames;
}

std::optional<SymbolName> UserSymbols::find_jitted(uint64_t pid, uint64_t address) {
  const auto& jitted = process(pid).jitted;
  auto after = jitted.upper_bound(address);
  if (after == jitted.begin()) return std::nullopt;
  const auto& [start, symbol] = *std::prev(after);
  if (address - start >= symbol.offset) return std::nullopt;
  return SymbolName{symbol.name, address - start, fmt::format("/tmp/perf-{}.map", pid)};
}

std::string UserSymbols::readable(const std::string& name) const {
  return options_.demangle ? base::demangle(name) : name;
}

std::optional<SymbolName> UserSymbols::find(uint64_t pid, uint64_t address) {
  const Mapping* mapping = find_mapping(pid, address);
  if (!mapping || mapping->path.front() != '/') return find_jitted(pid, address);
  const SymbolTable& symbols = file(pid, mapping->path).symbols;
  std::optional<uint64_t> elf = symbols.address_of(address - mapping->begin + mapping->file_offset);
  std::optional<SymbolName> symbol = elf ? symbols.find(*elf) : std::nullopt;
  if (!symbol) return std::nullopt;
  symbol->name = readable(symbol->name);
  symbol->module = mapping->path;
  return symbol;
}

std::optional<BuildIdOffset> UserSymbols::build_id(uint64_t pid, uint64_t address) {
  const Mapping* mapping = find_mapping(pid, address);
  if (!mapping || mapping->path.front() != '/') return std::nullopt;
  const std::string& id = file(pid, mapping->path).symbols.build_id();
  if (id.empty()) return std::nullopt;
  return BuildIdOffset{id, address - mapping->begin + mapping->file_offset};
}

}  // namespace gimlet::runtime
