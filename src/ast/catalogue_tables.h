// The parts of the catalogue, one for each area of the language; catalogue.cpp joins them.
//
// Each row is written with its page. The last indented program of a page is right, the first one
// gives the message; scripts/check-explanations tries both.
#pragma once

#include <span>

#include "ast/catalogue.h"

namespace gimlet::ast {

std::span<const DiagnosticKind> catalogue_syntax();
std::span<const DiagnosticKind> catalogue_programs();
std::span<const DiagnosticKind> catalogue_config();
std::span<const DiagnosticKind> catalogue_literals();
std::span<const DiagnosticKind> catalogue_types();
std::span<const DiagnosticKind> catalogue_operators();
std::span<const DiagnosticKind> catalogue_memory();
std::span<const DiagnosticKind> catalogue_variables();
std::span<const DiagnosticKind> catalogue_maps();
std::span<const DiagnosticKind> catalogue_aggregations();
std::span<const DiagnosticKind> catalogue_control_flow();
std::span<const DiagnosticKind> catalogue_compile_time();
std::span<const DiagnosticKind> catalogue_macros();
std::span<const DiagnosticKind> catalogue_calls();
std::span<const DiagnosticKind> catalogue_builtins();
std::span<const DiagnosticKind> catalogue_context();
std::span<const DiagnosticKind> catalogue_probes();
std::span<const DiagnosticKind> catalogue_targets();
std::span<const DiagnosticKind> catalogue_kernel_functions();
std::span<const DiagnosticKind> catalogue_watchpoints();
std::span<const DiagnosticKind> catalogue_c_definitions();
std::span<const DiagnosticKind> catalogue_preprocessor();
std::span<const DiagnosticKind> catalogue_limits();
std::span<const DiagnosticKind> catalogue_runtime();
std::span<const DiagnosticKind> catalogue_library();
std::span<const DiagnosticKind> catalogue_own_probes();
std::span<const DiagnosticKind> catalogue_user();

}  // namespace gimlet::ast
