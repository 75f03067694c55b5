// How many files may be open: each program, link and perf event is one.
#pragma once

#include "image/image.h"

namespace gimlet::runtime {

// Raises the limit to what loading and attaching the image may take, as far as the kernel lets us.
// Returns a warning with the numbers if that cannot be enough, else an empty text.
std::string raise_file_limit(const image::Image& image);

}  // namespace gimlet::runtime
