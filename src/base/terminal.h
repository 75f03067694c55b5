// Terminals, as places that text is fitted to.
#pragma once

#include <cstddef>

namespace gimlet::base {

// Columns of the terminal that the descriptor stands for, 80 if it does not say; 0 if it is none.
size_t terminal_columns(int fd);

}  // namespace gimlet::base
