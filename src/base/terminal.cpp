#include "base/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

namespace gimlet::base {

size_t terminal_columns(int fd) {
  if (!isatty(fd)) return 0;
  winsize size{};
  return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col != 0 ? size.ws_col : 80;
}

}  // namespace gimlet::base
