// After the kernel refused to load or attach a program: is there another way?
#pragma once

#include <optional>

#include "ast/typed_program.h"
#include "base/result.h"
#include "kernel/kernel.h"

namespace gimlet::ast::sema {

// A feature that the program can do without, by other mechanisms: withhold it and compile once
// more. Substitutes may always be at fault; trampolines only if the kernel refuses them as such,
// and has kprobes.
std::optional<kernel::Feature> dispensable(const TypedProgram& program, const base::Error& refusal,
                                           kernel::Kernel& kernel);

}  // namespace gimlet::ast::sema
