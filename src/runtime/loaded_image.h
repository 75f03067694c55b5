// An image while it is loaded: its programs, its maps (which it may share with other images of the
// session), its per-CPU area, and what keeps it attached.
#pragma once

#include <memory>
#include <vector>

#include "ast/format.h"
#include "image/image.h"
#include "runtime/decode.h"
#include "runtime/kernel_map.h"
#include "runtime/link.h"
#include "runtime/loader.h"
#include "runtime/packet_files.h"

namespace gimlet::runtime {

struct LoadedImage {
  LoadedImage(image::Image source, Symbols& symbols, uint64_t boot_offset, SharedArray area)
      : image(std::move(source)), context{image, symbols, boot_offset}, cpu_area(std::move(area)) {
    for (const ast::EventPlan& event : image.events) {
      formats.push_back(ast::parse_format(event.format));
    }
  }
  LoadedImage(const LoadedImage&) = delete;
  LoadedImage& operator=(const LoadedImage&) = delete;

  // Records of event `index` that found no room on any CPU.
  uint64_t lost(size_t index, uint32_t cpus) const {
    uint64_t sum = 0;
    for (uint32_t cpu = 0; cpu < cpus; cpu++) {
      sum += cpu_area.load(size_t{cpu} * image.cpu_area.stride + 8 * index);
    }
    return sum;
  }
  uint64_t skipped(uint32_t cpus) const {
    uint64_t sum = 0;
    for (uint32_t cpu = 0; cpu < cpus; cpu++) {
      sum += cpu_area.load(size_t{cpu} * image.cpu_area.stride + image.cpu_area.skipped_offset);
    }
    return sum;
  }

  image::Image image;
  DecodeContext context;  // refers to `image`
  SharedArray cpu_area;
  std::vector<std::vector<ast::FormatPiece>> formats;  // of the events
  std::vector<KernelMap*> maps;                        // of image.maps
  LoadedObject object;
  std::unique_ptr<Packets> packets;  // null if no program hands over any
  std::vector<Link> links;
};

}  // namespace gimlet::runtime
