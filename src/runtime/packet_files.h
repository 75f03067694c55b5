// Capture files of skboutput(): packets come through a perf buffer, one part of it for each CPU,
// and are appended to classic pcap files of link type "raw IP" (cli-and-output C7).
#pragma once

#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <string>

#include "base/owners.h"
#include "base/result.h"
#include "image/image.h"

struct perf_buffer;

namespace gimlet::runtime {

// One capture file. Packets lie in it one behind the other.
class PacketFile {
 public:
  static base::Result<PacketFile> create(const std::string& path);

  // `since_epoch_ns`: when the packet was seen.
  void write(uint64_t since_epoch_ns, const uint8_t* bytes, uint32_t count);
  bool flush() { return std::fflush(file_.get()) == 0; }

 private:
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Closer> file_;
};

// What the programs of one image hand over.
class Packets {
 public:
  // Makes the files that the image names, empty, and the buffer. Null if it names none.
  static base::Result<std::unique_ptr<Packets>> create(const image::Image& image, uint32_t cpus,
                                                       uint64_t pages, uint64_t boot_offset_ns);
  ~Packets();
  Packets(const Packets&) = delete;
  Packets& operator=(const Packets&) = delete;

  int map() const { return map_.get(); }
  // Readable when something has come.
  int ready_fd() const;
  // Writes what has come.
  void drain();
  uint64_t lost() const { return lost_; }
  // Whether everything could be written to the files.
  bool flush();

 private:
  explicit Packets(const image::Image& image, uint64_t boot_offset_ns)
      : image_(image), boot_offset_ns_(boot_offset_ns) {}
  static void take(void* self, int cpu, void* bytes, uint32_t size);
  static void lose(void* self, int cpu, unsigned long long count);
  void packet(const uint8_t* bytes, uint32_t size);

  const image::Image& image_;
  uint64_t boot_offset_ns_;
  base::UniqueFd map_;
  perf_buffer* buffer_ = nullptr;
  std::map<std::string, PacketFile> files_;
  uint64_t lost_ = 0;
};

}  // namespace gimlet::runtime
