// printf in a probe of an iterator: the kernel formats it, and knows less than gimlet's own printf.
#pragma once

#include "ast/sema/checker.h"

namespace gimlet::ast::sema {

// Reports arguments that the kernel cannot show, and warns of conversions that it does not know.
// The call has been checked as any printf.
void check_iterator_format(Checker& checker, const Call& call);

}  // namespace gimlet::ast::sema
