// Tells a service manager that started gimlet (systemd, Type=notify) when events are shown, and
// when the end has begun. The protocol is one datagram to the socket that NOTIFY_SOCKET names;
// without the variable nothing happens.
#pragma once

namespace gimlet::cli {

void notice_ready();
void notice_stopping();

}  // namespace gimlet::cli
