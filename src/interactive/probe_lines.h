// The probes of a loaded cell as `.probes` lists them: one line for each block, whose programs may
// be several.
#pragma once

#include <vector>

#include "image/image.h"
#include "interactive/cell.h"

namespace gimlet::interactive {

std::vector<ProbeLine> probe_lines(const ast::Program& program, const image::Image& image);

}  // namespace gimlet::interactive
