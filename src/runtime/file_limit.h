// How many files may be open: each program, link and perf event is one.
#pragma once

#include <string>

#include "base/result.h"
#include "image/image.h"

namespace gimlet::runtime {

// Raises the limit to what loading and attaching the image may take, as far as the kernel lets us.
// Returns a warning with the numbers if that cannot be enough, else an empty text.
std::string raise_file_limit(const image::Image& image);

// Whether loading failed for want of them. The kernel does not always say so: libbpf goes on
// without a map that could not be opened, and the verifier then complains of it.
bool lacks_files(const image::Image& image, const base::Error& failure);

// Whether an error number says that no more files can be open.
bool is_file_limit(int error);

// What to say then, with the numbers.
base::Error too_few_files(const image::Image& image);

}  // namespace gimlet::runtime
