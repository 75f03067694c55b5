// C text -> ast::CDefinitions (language §2.2, §16).
//
// The pieces of all files form one unit: what an earlier line defines counts in later ones, and
// nothing may be defined twice. Total: any text gives definitions or located errors.
#pragma once

#include <span>
#include <string>

#include "ast/c_definitions.h"
#include "base/diagnostics.h"
#include "base/source.h"

namespace gimlet::parser {

// `pieces`: ast::Program::c_text, in order. `predefined`: macros that are 1 from the start, such as
// BPFTRACE_HAVE_BTF.
ast::CDefinitions parse_c(const base::SourceSet& sources, std::span<const base::SourceRange> pieces,
                          std::span<const std::string> predefined, base::Diagnostics& diagnostics);

}  // namespace gimlet::parser
