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
#include "runtime/progress.h"
#include "runtime/ring_ahead.h"
#include "runtime/user_event_ahead.h"

namespace gimlet::runtime {

class Child;

using MissingProbes = ast::MissingProbes;

// What is run: the probes of a program, or only its tests or benchmarks (and begin and end).
enum class RunMode { Trace, Test, Bench };

// A place for log lines ("Trying to attach probe: ..."), already ending in a newline.
using Log = std::function<void(const std::string&)>;

struct SessionOptions {
  RunMode mode = RunMode::Trace;
  bool verbose = false;         // -v: say what is attached and how, show the verifier log
  bool libbpf_debug = false;    // -d libbpf
  bool verifier_debug = false;  // -d verifier
  bool warnings = true;         // --no-warnings turns it off
  bool colour = false;          // of messages
  uint64_t target_pid = 0;      // -p or the child: scope of user and perf probes; 0 = every process
  std::vector<uint64_t> unwound_pids{};  // processes whose stacks dw_ustack may unwind
  MissingProbes missing = MissingProbes::Error;
  Progress progress{};  // told of what may take long
  Log dump{};           // takes what -d asks for; empty: the log does
};

// Records of one asynchronous call that found no room.
struct Loss {
  base::SourceRange range;
  uint64_t count = 0;
};

struct RunResult {
  int exit_status = 0;       // of exit(), else 0; 255 if an `end` or an iterator could not be run
  uint64_t lost = 0;         // records that found no room, or were dropped, all told
  uint64_t dropped = 0;      // those of them that were not waited for after a second signal
  std::vector<Loss> losses;  // all of them by place
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

// What running a program has cost, as far as the kernel's statistics are on (run_statistics.h).
struct ProgramCost {
  uint64_t runs = 0;
  uint64_t nanoseconds = 0;
  uint64_t missed = 0;  // hits at which the kernel could not run it
  bool attached = false;
};

// Of one image, since it was loaded.
struct ImageLosses {
  uint64_t events = 0;   // records that found no room
  uint64_t skipped = 0;  // runs that did not take place
};

struct MapState {
  ast::MapPlan plan;
  bool used = false;  // by an image that is loaded
};

// What one turn of the event loop saw.
struct Turn {
  bool busy = false;               // records were shown
  bool process_ended = false;      // the process of -p; told once
  std::vector<uint32_t> exited{};  // images that called exit()
};

// What takes the kernel long and could be asked for before there was a session.
struct Ahead {
  RingAhead ring;
  UserEventAhead user_event;
};

struct ViewOptions;

class Session {
 public:
  // `sources` and `output` must outlive the session. `ahead` is for the first image.
  static base::Result<std::unique_ptr<Session>> create(const base::SourceSet& sources,
                                                       Output& output, SessionOptions options,
                                                       Log log, Ahead ahead);
  ~Session();  // detaches whatever is still attached
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Creates the image's maps (or reuses those of the same name) and loads its programs. A verifier
  // rejection becomes an Error that names the script's line. Returns the image's number.
  base::Result<uint32_t> load(image::Image image);
  // With messages that refer to sources of its own, which must outlive it.
  base::Result<uint32_t> load(image::Image image, const base::SourceSet& sources);
  // Runs the image's `begin` programs, then attaches the others in the order of spec C4.1.
  // Returns the number of probes attached, as "Attached N probes" counts them.
  // `again`: it was attached before, and its `begin` programs have run.
  base::Result<uint32_t> attach(uint32_t image, bool again = false);

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

  // --- Images that come and go while others run (session_live.cpp). ---

  // Lets go of the probes of these images, all at once. They can be attached again.
  void detach(const std::vector<uint32_t>& images);
  // Detaches, runs `end` programs, shows what was sent, and forgets the images. Maps stay.
  base::Status unload(const std::vector<uint32_t>& images);
  // Walks the iterators of one image.
  void walk(uint32_t image);
  // Wakes turn() when the descriptor can be read.
  base::Status watch_input(int fd);
  // One turn of the event loop: shows what was sent, then sleeps until something happens or a tenth
  // of a second has passed.
  Turn turn();
  // A signal that asked for the end, if one is queued, else 0.
  int take_signal();
  // What the programs of an image cost so far, in the image's order.
  std::vector<ProgramCost> costs(uint32_t image) const;
  ImageLosses losses(uint32_t image) const;
  // The session's maps, in the order of their names.
  std::vector<MapState> maps() const;
  // The contents of a map now; ENOENT if there is none of that name.
  base::Result<MapView> view(const std::string& map, const ViewOptions& options) const;
  base::Status clear(const std::string& map);
  // Removes a map; EBUSY while an image uses it.
  base::Status drop(const std::string& map);

  // Stops all programs, shows what they sent, runs `end` programs, reports losses; then writes the
  // two newlines of spec C3.2 and, if the configuration and the mode say so, every map. After that
  // signals act as before. A second signal before has what is queued counted as lost instead of
  // shown. What is attached is let go of when the session ends.
  RunResult finish();

 private:
  struct State;
  explicit Session(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace gimlet::runtime
