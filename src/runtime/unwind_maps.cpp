#include "runtime/unwind_maps.h"

#include <bpf/bpf.h>
#include <elf.h>
#include <fmt/format.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

#include "runtime/user_processes.h"

namespace gimlet::runtime {
namespace {

constexpr const char* kVdso = "[vdso]";
constexpr size_t kVdsoSize = 8192;  // of x86_64
// Room for libraries that are loaded later, and for processes that are forked.
constexpr uint32_t kSpareRows = 1 << 17;
constexpr uint32_t kSpareMappings = 1 << 12;
constexpr uint32_t kMostProcesses = 4096;

// A new mapping takes the place of what was there.
void add_mapping(std::vector<Mapping>& mappings, Mapping added) {
  std::erase_if(mappings, [&](const Mapping& known) {
    return known.begin < added.end && added.begin < known.end;
  });
  auto after = std::find_if(mappings.begin(), mappings.end(),
                            [&](const Mapping& known) { return known.begin > added.begin; });
  mappings.insert(after, std::move(added));
}

}  // namespace

base::Result<std::unique_ptr<UnwindMaps>> UnwindMaps::create(const std::vector<uint64_t>& pids) {
  std::unique_ptr<UnwindMaps> maps(new UnwindMaps);
  for (uint64_t pid : pids) {
    // The watch comes first: what is mapped in between is seen twice rather than never.
    auto watch = MappingWatch::create(static_cast<pid_t>(pid));
    if (watch) maps->watches_.push_back(std::move(*watch));
    auto text = base::read_file(fmt::format("/proc/{}/maps", pid));
    if (!text || text->empty()) continue;  // it may come later, or never
    Process& process = maps->processes_[pid];
    for (Mapping& mapping : parse_mappings(*text)) add_mapping(process.mappings, mapping);
    for (const Mapping& mapping : process.mappings) maps->file(pid, mapping.path);
  }
  if (base::Status made = maps->make_maps(); !made) return made.error();
  for (auto& [pid, process] : maps->processes_) maps->publish(pid, process);
  return maps;
}

base::Status UnwindMaps::make_maps() {
  size_t rows = 0, mappings = 0;
  for (const auto& [id, file] : files_) rows += file.table.rows.size();
  for (const auto& [pid, process] : processes_) mappings += process.mappings.size();
  row_capacity_ = std::bit_ceil(static_cast<uint32_t>(rows) + kSpareRows);
  mapping_capacity_ = std::bit_ceil(static_cast<uint32_t>(2 * mappings) + kSpareMappings);
  auto row_array = SharedArray::create("gimlet_rows", row_capacity_ * sizeof(ast::UnwindRow));
  if (!row_array) return row_array.error();
  rows_ = std::make_unique<SharedArray>(std::move(*row_array));
  auto mapping_array =
      SharedArray::create("gimlet_maps", mapping_capacity_ * sizeof(ast::UnwindMapping));
  if (!mapping_array) return mapping_array.error();
  mappings_ = std::make_unique<SharedArray>(std::move(*mapping_array));
  LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_NO_PREALLOC);
  processes_map_ =
      base::UniqueFd(bpf_map_create(BPF_MAP_TYPE_HASH, "unwind", sizeof(uint64_t),
                                    sizeof(ast::UnwindProcess), kMostProcesses, &options));
  if (!processes_map_) return base::system_error(errno, "Failed to create map: 'unwind'");
  for (auto& [id, file] : files_) add_rows(file);
  return base::Done{};
}

// The file as the process sees it; null for memory that no file stands behind.
UnwindMaps::File* UnwindMaps::file(uint64_t pid, const std::string& path) {
  if (path != kVdso && path.front() != '/') return nullptr;
  const std::string seen = fmt::format("/proc/{}/root{}", pid, path);
  struct stat info {};
  if (path != kVdso && stat(seen.c_str(), &info) != 0) return nullptr;
  const std::string id = fmt::format("{}:{}:{}", info.st_dev, info.st_ino, path);
  auto [at, is_new] = files_.try_emplace(id);
  if (!is_new) return &at->second;
  // All processes have the same one, and we are one of them.
  auto table = path == kVdso
                   ? kernel::read_unwind_table(
                         reinterpret_cast<const void*>(getauxval(AT_SYSINFO_EHDR)), kVdsoSize)
                   : kernel::read_unwind_table(seen);
  // Without a table unwinding ends there, and says so in the stack.
  if (table) at->second.table = std::move(*table);
  if (rows_) add_rows(at->second);
  return &at->second;
}

void UnwindMaps::add_rows(File& file) {
  const size_t count = file.table.rows.size();
  if (count == 0 || count > row_capacity_ - rows_used_) return;
  memcpy(rows_->bytes().data() + size_t{rows_used_} * sizeof(ast::UnwindRow),
         file.table.rows.data(), count * sizeof(ast::UnwindRow));
  file.first_row = rows_used_;
  file.row_count = static_cast<uint32_t>(count);
  rows_used_ += static_cast<uint32_t>(count);
  file.table.rows = {};
}

std::optional<ast::UnwindMapping> UnwindMaps::place(const Mapping& mapping,
                                                    const File& file) const {
  if (!file.first_row) return std::nullopt;
  const auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  for (const auto& segment : file.table.segments) {
    const uint64_t start = segment.offset & ~(page - 1);
    if (mapping.file_offset < start || mapping.file_offset >= segment.offset + segment.size) {
      continue;
    }
    // Memory -> file -> ELF address -> what the rows count.
    const uint64_t base =
        mapping.begin - mapping.file_offset + segment.offset - segment.address + file.table.base;
    return ast::UnwindMapping{mapping.begin, mapping.end, base, *file.first_row, file.row_count};
  }
  return std::nullopt;
}

// Puts the process's mappings where programs find them. Those that were there before stay: a
// program may be reading them.
void UnwindMaps::publish(uint64_t pid, Process& process) {
  process.changed = false;
  std::vector<ast::UnwindMapping> found;
  for (const Mapping& mapping : process.mappings) {
    const File* known = file(pid, mapping.path);
    auto placed = known ? place(mapping, *known) : std::nullopt;
    if (placed) found.push_back(*placed);
  }
  constexpr size_t kMost = (size_t{1} << ast::kUnwindMappingSteps) - 1;
  if (found.size() > std::min<size_t>(kMost, mapping_capacity_ - mappings_used_)) return;
  memcpy(mappings_->bytes().data() + size_t{mappings_used_} * sizeof(ast::UnwindMapping),
         found.data(), found.size() * sizeof(ast::UnwindMapping));
  const ast::UnwindProcess value{mappings_used_, static_cast<uint32_t>(found.size())};
  mappings_used_ += value.mapping_count;
  bpf_map_update_elem(processes_map_.get(), &pid, &value, BPF_ANY);
}

void UnwindMaps::catch_up() {
  MappingWatch::Listener listener;
  auto changed = [&](uint64_t pid) -> std::vector<Mapping>& {
    Process& process = processes_[pid];
    process.changed = true;
    return process.mappings;
  };
  listener.mapped = [&](uint64_t pid, Mapping mapping) {
    add_mapping(changed(pid), std::move(mapping));
  };
  listener.executed = [&](uint64_t pid) { changed(pid).clear(); };
  listener.forked = [&](uint64_t parent, uint64_t child) {
    if (parent != child) changed(child) = processes_[parent].mappings;
  };
  for (MappingWatch& watch : watches_) watch.drain(listener);
  for (auto& [pid, process] : processes_) {
    if (process.changed) publish(pid, process);
  }
}

}  // namespace gimlet::runtime
