// What a Session holds, and the steps that its life is made of: session.cpp has the life and most
// of the steps, session_finish.cpp its end, session_walks.cpp the steps of programs that walk over
// objects, session_tests.cpp those of programs that are run on request, session_losses.cpp what is
// said of records without room, session_live.cpp what happens to images while others run.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "runtime/cpus.h"
#include "runtime/event_loop.h"
#include "runtime/event_player.h"
#include "runtime/kernel_map.h"
#include "runtime/loaded_image.h"
#include "runtime/ring.h"
#include "runtime/session.h"
#include "runtime/signals.h"
#include "runtime/symbols.h"
#include "runtime/unwind_maps.h"

namespace gimlet::runtime {

struct Drained {
  size_t records = 0;
  bool more = false;  // the ring holds others that are finished
};

struct Session::State {
  State(const base::SourceSet& source_set, Output& out, SessionOptions opts, Log say,
        SignalQueue queue, EventLoop events, Ahead made_ahead)
      : sources(source_set),
        output(&out),
        options(opts),
        log(std::move(say)),
        signals(std::move(queue)),
        loop(std::move(events)),
        player(out, {options.warnings, options.colour}, log),
        ahead(std::move(made_ahead)) {}

  base::Status share_resources(const ast::Config& config);
  base::Status share_unwind_maps(image::Constants& constants,
                                 std::map<std::string, MapDescriptor>& descriptors);
  base::Status share_maps(LoadedImage& image, std::map<std::string, MapDescriptor>& descriptors);
  uint32_t free_number();
  // Null if there is none of that number.
  LoadedImage* find(uint32_t number) const;
  base::Status run_specials(LoadedImage& image, ast::ProviderId provider);
  base::Status watch_own_signals(const LoadedImage& image);
  void run_own_signal_probes();
  // Whether the mode has the program run.
  bool is_wanted(const image::ProgramPlan& plan) const;
  // Records that found no room and would have told of a failure.
  uint64_t lost_failures(const LoadedImage& image) const;
  void walk_iterators();
  void walk_iterators(LoadedImage& image);
  // Programs that fire by themselves do nothing from now on.
  void stop_programs();
  void stop_everything(RunResult& result);
  void show_rest();
  // Whether the user asked for the end a second time: what is queued need not be shown.
  bool asked_to_hurry();
  // The image that a record is of, null if there is none.
  LoadedImage* image_of(ByteSpan record) const;
  // Plays a record; once exit() was seen, what the same CPU sent after it is dropped.
  void show(ByteSpan record, bool drop_after_exit);
  void drain_everything(bool drop_after_exit);
  // Shows what the ring holds, but for no longer than a moment: signals want to be noticed.
  Drained drain(bool drop_after_exit);
  // Counts what the ring holds as lost.
  void drop_queued();
  void report_losses();
  uint64_t lost_so_far() const;
  void print_maps();
  bool ends_by_itself() const;
  // What is needed to decode a map after the image that made it has gone.
  void keep_layouts(const ast::MapPlan& map, const image::Image& image);

  const base::SourceSet& sources;
  Output* output;  // while a test runs, its own
  SessionOptions options;
  Log log;
  SignalQueue signals;
  EventLoop loop;
  EventPlayer player;
  uint32_t cpus = possible_cpu_count();
  uint32_t cpu_slots = std::bit_ceil(cpus);
  base::UniqueFd target;  // pidfd of -p
  std::unique_ptr<Symbols> symbols;
  Ahead ahead;
  std::unique_ptr<Ring> ring;
  std::unique_ptr<SharedArray> control;
  std::unique_ptr<UnwindMaps> unwind;                            // null if no program has dw_ustack
  std::map<std::string, std::unique_ptr<KernelMap>> maps;        // by name, as they are printed
  std::map<std::string, std::unique_ptr<image::Image>> layouts;  // of those maps; no programs
  std::vector<std::unique_ptr<LoadedImage>> images;
  std::vector<LoadedImage*> numbers;  // by LoadedImage::number; null: free
  uint64_t reported_lost = 0;
  uint64_t lost_before = 0;  // by images that were unloaded
  bool watches_user_signals = false;
  bool following = false;  // what processes map
  bool failed = false;     // a part of the run could not be done, as was said
  bool finished = false;
  int asked_before_end = 1;  // how often signals may ask for the end until it gets hurried
};

// Null before there is one.
image::Control* control_of(const std::unique_ptr<SharedArray>& control);

// How many records of each event found no room.
std::vector<Loss> losses_by_place(const LoadedImage& image, uint32_t cpus);

}  // namespace gimlet::runtime
