// Linking: an image's own object and the code that it imports become one object, by libbpf's static
// linker.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "image/image.h"

namespace gimlet::runtime {

// The image's own object goes first, so that its constants stay at the start of their section.
// What is wrong with the objects, libbpf says only through its log.
base::Result<std::vector<uint8_t>> link_objects(const image::Image& image);

}  // namespace gimlet::runtime
