#include "runtime/packet_files.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

namespace gimlet::runtime {
namespace {

// The format of libpcap's savefiles, in native byte order.
struct FileHeader {
  uint32_t magic = 0xa1b2c3d4;
  uint16_t major = 2;
  uint16_t minor = 4;
  int32_t zone = 0;
  uint32_t accuracy = 0;
  uint32_t longest = 65535;
  uint32_t link = 101;  // raw IP
};
static_assert(sizeof(FileHeader) == 24);

struct PacketRecord {
  uint32_t seconds;
  uint32_t microseconds;
  uint32_t kept;
  uint32_t length;
};
static_assert(sizeof(PacketRecord) == 16);

// The kernel wants a power of two.
constexpr uint64_t kUsualPages = 64;

}  // namespace

base::Result<PacketFile> PacketFile::create(const std::string& path) {
  PacketFile result;
  result.file_.reset(std::fopen(path.c_str(), "we"));
  FileHeader header;
  bool written = result.file_ && std::fwrite(&header, sizeof(header), 1, result.file_.get()) == 1 &&
                 result.flush();
  if (written) return result;
  return base::system_error(errno, fmt::format("Failed to create pcap file(s): {}", path));
}

void PacketFile::write(uint64_t since_epoch_ns, const uint8_t* bytes, uint32_t count) {
  constexpr uint64_t kSecond = 1'000'000'000;
  PacketRecord record{static_cast<uint32_t>(since_epoch_ns / kSecond),
                      static_cast<uint32_t>(since_epoch_ns % kSecond / 1000), count, count};
  std::fwrite(&record, sizeof(record), 1, file_.get());
  std::fwrite(bytes, 1, count, file_.get());
}

base::Result<std::unique_ptr<Packets>> Packets::create(const image::Image& image, uint32_t cpus,
                                                       uint64_t pages, uint64_t boot_offset_ns) {
  std::unique_ptr<Packets> packets(new Packets(image, boot_offset_ns));
  for (const ast::EventPlan& event : image.events) {
    if (event.kind != ast::EventKind::SkbOutput || packets->files_.contains(event.format)) continue;
    auto file = PacketFile::create(event.format);
    if (!file.ok()) return file.error();
    packets->files_.emplace(event.format, std::move(*file));
  }
  if (packets->files_.empty()) return std::unique_ptr<Packets>();
  packets->map_ =
      base::UniqueFd(bpf_map_create(BPF_MAP_TYPE_PERF_EVENT_ARRAY, "packets", 4, 4, cpus, nullptr));
  if (!packets->map_) return base::system_error(errno, "Failed to create the map for packets");
  uint64_t each = pages == 0 ? kUsualPages : std::bit_ceil(std::max<uint64_t>(pages / cpus, 1));
  packets->buffer_ =
      perf_buffer__new(packets->map_.get(), each, take, lose, packets.get(), nullptr);
  if (!packets->buffer_) return base::system_error(errno, "Failed to open the buffer for packets");
  return packets;
}

Packets::~Packets() { perf_buffer__free(buffer_); }

void Packets::take(void* self, int, void* bytes, uint32_t size) {
  static_cast<Packets*>(self)->packet(static_cast<const uint8_t*>(bytes), size);
}

void Packets::lose(void* self, int, unsigned long long count) {
  static_cast<Packets*>(self)->lost_ += count;
}

// A packet that has no byte behind the offset is left out.
void Packets::packet(const uint8_t* bytes, uint32_t size) {
  image::PacketHeader header;
  if (size < sizeof(header)) return;
  std::memcpy(&header, bytes, sizeof(header));
  if (header.record.event >= image_.events.size()) return;
  const ast::EventPlan& event = image_.events[header.record.event];
  uint64_t length = std::min<uint64_t>(header.length, size - sizeof(header));
  auto file = files_.find(event.format);
  if (file == files_.end() || length <= event.top) return;
  file->second.write(boot_offset_ns_ + header.time_ns, bytes + sizeof(header) + event.top,
                     static_cast<uint32_t>(length - event.top));
}

int Packets::ready_fd() const { return perf_buffer__epoll_fd(buffer_); }

void Packets::drain() { perf_buffer__consume(buffer_); }

bool Packets::flush() {
  bool well = true;
  for (auto& [path, file] : files_) well = file.flush() && well;
  return well;
}

}  // namespace gimlet::runtime
