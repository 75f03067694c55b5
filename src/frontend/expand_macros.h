// Macro expansion (language §15, §16): uses of macros in probes and functions are replaced by
// blocks with the macro's body, uses of object-like C macros by their replacement.
#pragma once

#include "ast/node.h"
#include "base/diagnostics.h"
#include "base/source.h"
#include "frontend/macro_source.h"

namespace gimlet::frontend {

void expand_macros(ast::Program& program, base::SourceSet& sources, MacroSource& others,
                   base::Diagnostics& diagnostics);

}  // namespace gimlet::frontend
