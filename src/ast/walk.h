// Visits every expression of a probe or block, children before parents.
#pragma once

#include <functional>
#include <string_view>

#include "ast/node.h"

namespace gimlet::ast {

void for_each_expression(const Block& block, const std::function<void(const Expr&)>& visit);
void for_each_expression(const Expr& expr, const std::function<void(const Expr&)>& visit);
void for_each_expression(const Probe& probe, const std::function<void(const Expr&)>& visit);
// Every statement of a block, those inside of other statements and of expressions included.
void for_each_statement(const Block& block, const std::function<void(const Stmt&)>& visit);
void for_each_statement(const Probe& probe, const std::function<void(const Stmt&)>& visit);

// Whether the probe names `name` (or calls it).
bool mentions(const Probe& probe, std::string_view name);

}  // namespace gimlet::ast
