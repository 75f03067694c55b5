// Attaching the programs of an image in the order in which their events must fire, and what to do
// with those that cannot be attached (cli-and-output C4.1, C9.2).
#pragma once

#include <functional>
#include <string>

#include "runtime/loaded_image.h"
#include "runtime/session.h"
#include "runtime/signals.h"
#include "runtime/user_event_ahead.h"

namespace gimlet::runtime {

// The number of probes that were attached; links are added to the image. An Error without a message
// means that a signal asked to stop.
base::Result<uint32_t> attach_programs(LoadedImage& image, const SessionOptions& options,
                                       const SignalQueue& signals, const Log& log,
                                       UserEventAhead& ahead);

}  // namespace gimlet::runtime
