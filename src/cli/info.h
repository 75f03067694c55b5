// --info (spec C1.8): what this system, this build and this kernel can do. Test suites look for its
// words, and skip what is not there.
#pragma once

#include <string>

#include "kernel/survey.h"

namespace gimlet::cli {

std::string info_text(const kernel::Survey& survey);

}  // namespace gimlet::cli
