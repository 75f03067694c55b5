#include "runtime/user_processes.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "runtime/clock_text.h"

namespace gimlet::runtime {
namespace {

constexpr uint64_t kRefreshNs = 100'000'000;
// Bounds of what is remembered.
constexpr size_t kMostProcesses = 8192;
constexpr size_t kMostMappings = 16'384;
constexpr size_t kMostOpen = 256;  // descriptors

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

// The number that the process has for itself, in a container: "NSpid: OUR ... ITS".
std::string inner_pid(uint64_t pid) {
  base::Result<std::string> status = base::read_file(fmt::format("/proc/{}/status", pid));
  size_t at = status ? status->find("\nNSpid:") : std::string::npos;
  if (at == std::string::npos) return std::to_string(pid);
  size_t end = status->find('\n', at + 1);
  std::string line = status->substr(at, end == std::string::npos ? end : end - at);
  return line.substr(line.find_last_of(" \t") + 1);
}

// Which file system a process sees, for telling equal ones; empty if it has gone.
std::string space_of(const std::string& process) {
  char target[256];
  const ssize_t length = readlink((process + "/ns/mnt").c_str(), target, sizeof target);
  struct stat root {};
  if (length <= 0 || stat((process + "/root").c_str(), &root) != 0) return {};
  return fmt::format("{}:{}:{}", std::string_view(target, static_cast<size_t>(length)), root.st_dev,
                     root.st_ino);
}

const std::string& own_space() {
  static const std::string space = space_of("/proc/self");
  return space;
}

const Mapping* latest(const std::vector<Mapping>& mappings, uint64_t address) {
  auto holds = [&](const Mapping& m) { return address >= m.begin && address < m.end; };
  auto found = std::find_if(mappings.rbegin(), mappings.rend(), holds);
  return found == mappings.rend() ? nullptr : &*found;
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

void UserProcesses::read(Process& process, uint64_t pid) {
  process.read_at_ns = boot_clock_ns();
  base::Result<std::string> maps = base::read_file(fmt::format("/proc/{}/maps", pid));
  read_jitted(process, pid);
  // A process that has gone keeps what is known of it.
  if (!maps || maps->empty()) return;
  process.mappings = parse_mappings(*maps);
  find_space(process, pid);
}

void UserProcesses::read_jitted(Process& process, uint64_t pid) {
  const std::string own = fmt::format("/tmp/perf-{}.map", pid);
  const std::string theirs = fmt::format("/proc/{}/root/tmp/perf-{}.map", pid, inner_pid(pid));
  base::Result<std::string> jitted = base::read_file(theirs);
  if (!jitted) jitted = base::read_file(own);
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

// A process that has gone keeps the one that it had, or that its parent had.
void UserProcesses::find_space(Process& process, uint64_t pid) {
  const std::string name = space_of(fmt::format("/proc/{}", pid));
  if (name.empty()) return;
  process.space = nullptr;
  if (name == own_space()) return;
  std::weak_ptr<Space>& known = spaces_[name];
  process.space = known.lock();
  if (!process.space) {
    process.space = std::make_shared<Space>();
    known = process.space;
  }
  hold(*process.space, pid);
}

bool UserProcesses::may_open_more() {
  size_t opened = 0;
  std::erase_if(spaces_, [](const auto& entry) { return entry.second.expired(); });
  for (const auto& [name, weak] : spaces_) opened += 1 + weak.lock()->files.size();
  return opened < kMostOpen;
}

// Makes sure that the space's files can be found when the process has gone.
void UserProcesses::hold(Space& space, uint64_t pid) {
  if (space.root || !may_open_more()) return;
  const std::string path = fmt::format("/proc/{}/root", pid);
  space.root = base::UniqueFd(open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
}

void UserProcesses::keep_file(Process& process, uint64_t pid, const std::string& path) {
  if (!process.space || path.empty() || path.front() != '/') return;
  auto& files = process.space->files;
  struct stat now {
  }, kept{};
  const std::string seen = fmt::format("/proc/{}/root{}", pid, path);
  const bool there = stat(seen.c_str(), &now) == 0 && S_ISREG(now.st_mode);
  auto known = files.find(path);
  if (known == files.end() && !may_open_more()) return;
  const bool same = known != files.end() && fstat(known->second.get(), &kept) == 0 &&
                    kept.st_dev == now.st_dev && kept.st_ino == now.st_ino;
  if (same || (known != files.end() && !there)) return;
  const std::string held = fmt::format("/proc/self/fd/{}{}", process.space->root.get(), path);
  base::UniqueFd file(open(there ? seen.c_str() : held.c_str(), O_RDONLY | O_CLOEXEC));
  if (file) files[path] = std::move(file);
}

UserProcesses::Process& UserProcesses::process(uint64_t pid) {
  if (processes_.size() >= kMostProcesses && !processes_.contains(pid)) forget_some();
  auto [at, is_new] = processes_.try_emplace(pid);
  at->second.used = ++uses_;
  if (is_new) read(at->second, pid);
  return at->second;
}

// The quarter that was of use longest ago.
void UserProcesses::forget_some() {
  std::vector<uint64_t> used;
  for (const auto& [pid, known] : processes_) used.push_back(known.used);
  auto limit = used.begin() + static_cast<ptrdiff_t>(used.size() / 4);
  std::nth_element(used.begin(), limit, used.end());
  std::erase_if(processes_, [&](const auto& entry) { return entry.second.used < *limit; });
}

void UserProcesses::notice(uint64_t pid) { process(pid); }

void UserProcesses::follow(uint64_t pid, bool children) {
  // The events of a process cover the threads that it makes from then on.
  only_ = children ? 0 : pid;
  base::Result<MappingWatch> watch = MappingWatch::create(children ? static_cast<pid_t>(pid) : -1);
  // Without it, what /proc tells while the process runs has to do.
  if (watch) watches_.push_back(std::move(*watch));
  if (children) return;
  if (pid != 0) {
    Process& known = process(pid);
    for (const Mapping& mapping : known.mappings) keep_file(known, pid, mapping.path);
    return;
  }
  DIR* folder = opendir("/proc");
  while (const dirent* entry = folder ? readdir(folder) : nullptr) {
    const std::string_view name = entry->d_name;
    uint64_t number = 0;
    auto result = std::from_chars(name.data(), name.data() + name.size(), number);
    if (result.ec == std::errc() && result.ptr == name.data() + name.size()) notice(number);
  }
  if (folder) closedir(folder);
}

void UserProcesses::catch_up() {
  auto is_followed = [&](uint64_t pid) { return pid != 0 && (only_ == 0 || pid == only_); };
  MappingWatch::Listener listener;
  listener.mapped = [&](uint64_t pid, Mapping mapping) {
    if (!is_followed(pid)) return;
    Process& known = process(pid);
    if (!known.space) find_space(known, pid);
    keep_file(known, pid, mapping.path);
    if (known.mappings.size() < kMostMappings) known.mappings.push_back(std::move(mapping));
  };
  listener.executed = [&](uint64_t pid) {
    if (!is_followed(pid)) return;
    Process& known = process(pid);
    const size_t room = kMostMappings - std::min(kMostMappings, known.former.size());
    const size_t count = std::min(room, known.mappings.size());
    known.former.insert(known.former.end(), known.mappings.begin(),
                        known.mappings.begin() + static_cast<ptrdiff_t>(count));
    known.mappings.clear();
    find_space(known, pid);
  };
  listener.forked = [&](uint64_t parent, uint64_t child) {
    if (!is_followed(parent) || !is_followed(child)) return;
    const Process& from = process(parent);
    std::vector<Mapping> mappings = from.mappings;
    std::shared_ptr<Space> space = from.space;
    Process& to = processes_[child];
    to.used = ++uses_;
    to.mappings = std::move(mappings);
    to.space = std::move(space);
  };
  for (MappingWatch& watch : watches_) watch.drain(listener);
}

std::vector<Mapping> UserProcesses::foreign_mappings(uint64_t pid) {
  const Process& known = process(pid);
  return known.space ? known.mappings : std::vector<Mapping>();
}

const Mapping* UserProcesses::find(uint64_t pid, uint64_t address) {
  catch_up();
  Process& known = process(pid);
  const Mapping* found = latest(known.mappings, address);
  if (!found && boot_clock_ns() - known.read_at_ns > kRefreshNs) {
    // It may have loaded a library, or become another program, since it was first seen.
    read(known, pid);
    found = latest(known.mappings, address);
  }
  return found ? found : latest(known.former, address);
}

std::optional<SymbolName> UserProcesses::find_jitted(uint64_t pid, uint64_t address) {
  const auto& jitted = process(pid).jitted;
  auto after = jitted.upper_bound(address);
  if (after == jitted.begin()) return std::nullopt;
  const auto& [start, symbol] = *std::prev(after);
  if (address - start >= symbol.offset) return std::nullopt;
  return SymbolName{symbol.name, address - start, fmt::format("/tmp/perf-{}.map", pid)};
}

UserProcesses::Opened UserProcesses::file_of(uint64_t pid, const Mapping& mapping) {
  const Process& known = process(pid);
  struct stat first {
  }, second{};
  if (!known.space) {
    // Where both see the same file, ours cannot go away while it is read.
    const std::string seen = fmt::format("/proc/{}/root{}", pid, mapping.path);
    const bool here = stat(mapping.path.c_str(), &first) == 0;
    const bool there = stat(seen.c_str(), &second) == 0;
    const bool same = first.st_dev == second.st_dev && first.st_ino == second.st_ino;
    return {there && !(here && same) ? seen : mapping.path};
  }
  // With its folder, because a file with debug information may lie beside it.
  const std::string whole =
      known.space->root ? fmt::format("/proc/self/fd/{}{}", known.space->root.get(), mapping.path)
                        : fmt::format("/proc/{}/root{}", pid, mapping.path);
  auto kept = known.space->files.find(mapping.path);
  if (kept == known.space->files.end()) return {whole, known.space};
  const bool same = stat(whole.c_str(), &first) == 0 && fstat(kept->second.get(), &second) == 0 &&
                    first.st_dev == second.st_dev && first.st_ino == second.st_ino;
  return {same ? whole : fmt::format("/proc/self/fd/{}", kept->second.get()), known.space};
}

}  // namespace gimlet::runtime
