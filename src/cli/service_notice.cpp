#include "cli/service_notice.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "base/owners.h"

namespace gimlet::cli {
namespace {

// A manager that does not listen is no reason to stop tracing.
void send_notice(std::string_view text) {
  const char* variable = getenv("NOTIFY_SOCKET");
  std::string_view path = variable ? variable : "";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() < 2 || path.size() >= sizeof address.sun_path) return;
  if (path[0] != '/' && path[0] != '@') return;
  memcpy(address.sun_path, path.data(), path.size());
  // Names that begin with @ are in no file system; there they begin with a zero byte.
  if (path[0] == '@') address.sun_path[0] = '\0';
  base::UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd) return;
  auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  ::sendto(fd.get(), text.data(), text.size(), MSG_NOSIGNAL,
           reinterpret_cast<const sockaddr*>(&address), size);
}

}  // namespace

void notice_ready() { send_notice("READY=1\nSTATUS=Processing events..."); }
void notice_stopping() { send_notice("STOPPING=1\nSTATUS=Shutting down..."); }

}  // namespace gimlet::cli
