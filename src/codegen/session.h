// Two probes in one program: a kprobe and a kretprobe that share a session link.
#pragma once

#include <string>

#include "codegen/module.h"

namespace gimlet::codegen {

// The function that holds what a probe of such a pair does.
std::string body_name(const ast::TypedProbe& probe);

// The program itself, named after the probe at the entry. Both bodies must have been lowered.
void lower_session(ProgramModule& module, const ast::TypedProbe& entry,
                   const ast::TypedProbe& at_return);

}  // namespace gimlet::codegen
