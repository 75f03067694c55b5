// The stages that golden file tests can run, from program text to what is compared.
#pragma once

#include <string>

#include "file/case.h"

namespace gimlet::file_tests {

// What the stage of the case ("parse", "sema" or "codegen") prints.
std::string run_stage(const Case& test);

}  // namespace gimlet::file_tests
