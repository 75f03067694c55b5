// An image while it is loaded: its programs, its maps (which it may share with other images of the
// session), its per-CPU area, and what keeps it attached.
#pragma once

#include <memory>
#include <vector>

#include "ast/format.h"
#include "base/source.h"
#include "image/image.h"
#include "runtime/decode.h"
#include "runtime/kernel_map.h"
#include "runtime/link.h"
#include "runtime/loader.h"
#include "runtime/packet_files.h"

namespace gimlet::runtime {

struct LoadedImage {
  LoadedImage(uint32_t own_number, image::Image source, const base::SourceSet& source_set,
              Symbols& symbols, uint64_t boot_offset, SharedArray area)
      : number(own_number),
        image(std::move(source)),
        sources(source_set),
        context{image, symbols, boot_offset},
        cpu_area(std::move(area)),
        dropped(image.events.size()) {
    for (const ast::EventPlan& event : image.events) {
      formats.push_back(ast::parse_format(event.format));
    }
  }
  LoadedImage(const LoadedImage&) = delete;
  LoadedImage& operator=(const LoadedImage&) = delete;

  // Records of event `index` that found no room on any CPU, or were dropped.
  uint64_t lost(size_t index, uint32_t cpus) const {
    uint64_t sum = dropped[index];
    for (uint32_t cpu = 0; cpu < cpus; cpu++) {
      sum += cpu_area.load(size_t{cpu} * image.cpu_area.stride + 8 * index);
    }
    return sum;
  }
  uint64_t lost_events(uint32_t cpus) const {
    uint64_t sum = packets ? packets->lost() : 0;
    for (size_t i = 0; i < image.events.size(); i++) sum += lost(i, cpus);
    return sum;
  }
  uint64_t skipped(uint32_t cpus) const {
    uint64_t sum = 0;
    for (uint32_t cpu = 0; cpu < cpus; cpu++) {
      sum += cpu_area.load(size_t{cpu} * image.cpu_area.stride + image.cpu_area.skipped_offset);
    }
    return sum;
  }

  uint32_t number;  // RecordHeader::image
  image::Image image;
  const base::SourceSet& sources;  // what its messages refer to
  DecodeContext context;           // refers to `image`
  SharedArray cpu_area;
  std::vector<uint64_t> dropped;  // by event: records that came, but nobody wanted to wait for
  std::vector<std::vector<ast::FormatPiece>> formats;  // of the events
  std::vector<KernelMap*> maps;                        // of image.maps
  LoadedObject object;
  std::unique_ptr<Packets> packets;  // null if no program hands over any
  std::vector<Link> links;
  std::vector<uint64_t> reported_losses;  // of each event, as far as was said while running
  uint64_t missed = 0;                    // hits of links that are gone, at which no program ran
};

}  // namespace gimlet::runtime
