// Session: owns what is loaded and attached, and turns what programs send into output.
//
// A one-liner is a session with one image. Several images may live in one session; they share the
// ring buffer and, by name, their maps.
#pragma once

#include <csignal>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/result.h"
#include "base/source.h"
#include "image/image.h"
#include "runtime/output.h"

namespace gimlet::runtime {

class Child;

using MissingProbes = ast::MissingProbes;

// What is run: the probes of a program, or only its tests or benchmarks (and begin and end).
enum class RunMode { Trace, Test, Bench };

struct SessionOptions {
  RunMode mode = RunMode::Trace;
  bool verbose = false;         // -v: say what is attached and how, show the verifier log
  bool libbpf_debug = false;    // -d libbpf
  bool verifier_debug = false;  // -d verifier
  bool warnings = true;         // --no-warnings turns it off
  uint64_t target_pid = 0;      // -p or the child: scope of user and perf probes; 0 = every process
  std::vector<uint64_t> unwound_pids{};  // processes whose stacks dw_ustack may unwind
  MissingProbes missing = MissingProbes::Error;
};

// A place for log lines ("Trying to attach probe: ..."), already ending in a newline.
using Log = std::function<void(const std::string&)>;

// Records of one asynchronous call that found no room.
struct Loss {
  base::SourceRange range;
  uint64_t count = 0;
};

struct RunResult {
  int exit_status = 0;       // of exit(), else 0; 255 if an `end` or an iterator could not be run
  uint64_t lost = 0;         // records that found no room, all told
  std::vector<Loss> losses;  // the same by place
  uint64_t skipped = 0;      // program runs that the kernel or a busy scratch area skipped
  std::optional<base::Error> output_failure;  // a failed write that ended the run
};

// A program that is run on request, and how that went.
struct NamedProgram {
  uint32_t image = 0;
  size_t program = 0;
  std::string name;
};
struct ProgramRun {
  uint32_t returned = 0;
  uint64_t nanoseconds = 0;  // of one run, on average
  bool failed = false;  // errors were reported, or exit() was called with another status than 0
};

class Session {
 public:
  // `sources` and `output` must outlive the session.
  static base::Result<std::unique_ptr<Session>> create(const base::SourceSet& sources,
                                                       Output& output, SessionOptions options,
                                                       Log log);
  ~Session();  // detaches whatever is still attached
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Creates the image's maps (or reuses those of the same name) and loads its programs. A verifier
  // rejection becomes an Error that names the script's line. Returns the image's number.
  base::Result<uint32_t> load(image::Image image);
  // Runs the image's `begin` programs, then attaches the others in the order of spec C4.1.
  // Returns the number of probes attached, as "Attached N probes" counts them.
  base::Result<uint32_t> attach(uint32_t image);

  // Keeps track of the mappings of a process from now on, so that its symbols are known after it
  // has gone. A child is followed from before its execve(2).
  void follow(uint64_t pid, bool children);

  // Pins the links of the programs that ask for it; nothing of them runs here. Gives the paths.
  base::Result<std::vector<std::string>> pin();

  // Shows what was sent so far.
  void show_pending();
  // The tests or benchmarks, as the mode says, in the order of the source.
  std::vector<NamedProgram> named_programs() const;
  // Runs one of them, and shows on `output` what it sends.
  base::Result<ProgramRun> run_named(const NamedProgram& which, uint32_t times, Output& output);
  // Whether a signal asked for the end.
  bool interrupted() const;

  // The event loop: until a signal, exit(), the end of the child or of the target process, or, if
  // nothing but begin/end (and an iterator) was loaded, until the ring is empty. `child` may be
  // null.
  void run(Child* child);

  // Detaches everything, runs `end` programs, drains the ring, reports losses; then writes the two
  // newlines of spec C3.2 and, if the configuration and the mode say so, every map.
  RunResult finish();

 private:
  struct State;
  explicit Session(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace gimlet::runtime
