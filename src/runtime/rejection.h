// What to say when the kernel refuses to load a program: its log as a message at a place in the
// script.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "image/image.h"
#include "runtime/loader.h"

namespace gimlet::runtime {

base::Error load_failure(int error, std::string message, std::string hint = {});

// The error for the program that was refused; null if nobody knows which.
base::Error rejection(int error, const image::Image& image, const image::ProgramPlan* plan,
                      const LoadOptions& options, std::string_view log);

// Whether the program is part of a trampoline, and whether the kernel refused it because it has
// none: then nothing is wrong with this program.
bool is_trampoline(const image::ProgramPlan& plan);
bool refuses_trampolines(int error, const image::ProgramPlan& plan, std::string_view log);

}  // namespace gimlet::runtime
