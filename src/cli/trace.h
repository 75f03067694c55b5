// A compiled program at work: loaded, attached, followed until something ends it; then what it
// found is told, and what it lost.
#pragma once

#include <cstdint>
#include <memory>

#include "base/result.h"
#include "base/source.h"
#include "cli/messages.h"
#include "cli/options.h"
#include "cli/progress_line.h"
#include "cli/subject.h"
#include "image/image.h"
#include "runtime/output.h"
#include "runtime/session.h"

namespace gimlet::cli {

// What a run reads and writes; everything outlives it.
struct TraceContext {
  const CommandLine& line;
  const base::SourceSet& sources;
  const Messages& messages;
  Subject& subject;
  ProgressLine& progress;
  int results = 1;  // where `out` writes to
  runtime::Sink& out;
  runtime::Output& output;
};

// A session whose programs are attached.
struct Started {
  std::unique_ptr<runtime::Session> session;
  uint32_t attached = 0;
};

// An Error without a message: it was interrupted.
base::Result<Started> start(TraceContext& context, image::Image image, runtime::Ahead ahead);

// Runs what is attached to its end. Returns the status to exit with.
int trace(TraceContext& context, Started started);

}  // namespace gimlet::cli
