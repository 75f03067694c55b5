// --probe-filter: a regular expression picks the probes that are loaded. It is applied to a program
// that has been understood, so that a map has its type also where the only probe that writes it is
// left out.
#pragma once

#include <string>

#include "ast/typed_program.h"
#include "base/result.h"

namespace gimlet::cli {

// Removes the targets whose names do not match, and probes without a target left. begin, end and
// self stay.
base::Status keep_matching_probes(const std::string& regex, ast::TypedProgram& program);

}  // namespace gimlet::cli
