// The stages that golden file tests can run, from program text to what is compared.
#pragma once

#include <string>

namespace gimlet::file_tests {

// `stage` is "parse", "sema" or "codegen". `name` is the file name that diagnostics show.
std::string run_stage(const std::string& stage, const std::string& name, const std::string& program,
                      bool is_unsafe);

}  // namespace gimlet::file_tests
