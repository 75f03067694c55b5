#include "runtime/session.h"

#include <bpf/bpf.h>
#include <fmt/format.h>
#include <sys/wait.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "runtime/attacher.h"
#include "runtime/child.h"
#include "runtime/clock_text.h"
#include "runtime/file_limit.h"
#include "runtime/session_state.h"
#include "runtime/target.h"

namespace gimlet::runtime {

using ast::ProviderId;
using base::Result;
using base::Status;

namespace {

bool is_user_address(const ast::Type& type) {
  if (type.is(ast::TypeKind::UserStack) || type.is(ast::TypeKind::UserSymbol)) return true;
  if (!type.is(ast::TypeKind::Tuple)) return false;
  return std::any_of(type.fields->begin(), type.fields->end(),
                     [](const ast::TupleField& field) { return is_user_address(*field.type); });
}

// Whether values of the program refer to code of user processes.
bool has_user_addresses(const image::Image& image) {
  auto in_map = [](const ast::MapPlan& map) {
    return is_user_address(map.key) || is_user_address(map.value);
  };
  auto in_event = [](const ast::EventPlan& event) {
    return std::any_of(event.fields.begin(), event.fields.end(),
                       [](const ast::EventField& field) { return is_user_address(field.type); });
  };
  return std::any_of(image.maps.begin(), image.maps.end(), in_map) ||
         std::any_of(image.events.begin(), image.events.end(), in_event);
}

base::Error nothing_attached(const image::Image& image) {
  for (const image::ProgramPlan& plan : image.programs) {
    if (plan.provider == ProviderId::Test) {
      return {"No probes attached; use --test to run test probes.", {}, 0, 255};
    }
    if (plan.provider == ProviderId::Bench) {
      return {"No probes attached; use --bench to run benchmark probes.", {}, 0, 255};
    }
  }
  return {"Attachment failed for all probes.", {}, 0, 255};
}

// What each CPU needs for large values is taken for all CPUs when a program is loaded.
Result<uint32_t> scratch_size(uint64_t stride, uint32_t cpus, const SessionOptions& options,
                              const Log& log) {
  constexpr uint64_t kMuch = 64 << 20;
  constexpr uint64_t kMost = INT32_MAX;  // of a value in a map
  const uint64_t size = std::max<uint64_t>(stride, 8) * cpus;
  const std::string need = fmt::format(
      "{} MiB of memory for large values: {} bytes for each of {} "
      "CPUs",
      size >> 20, stride, cpus);
  if (size > kMost) {
    return base::Error{"The program needs " + need, "Set a smaller max_strlen.", E2BIG, 255};
  }
  if (size > kMuch && options.warnings) {
    log(fmt::format("WARNING: The program takes {}\nHINT: Set a smaller max_strlen.\n", need));
  }
  return static_cast<uint32_t>(size);
}

void say_child_status(const Child& child, const Log& log) {
  std::optional<int> status = child.wait_status();
  if (!status) return;
  if (WIFSIGNALED(*status)) {
    log(fmt::format("Child terminated by signal: {}\n", WTERMSIG(*status)));
  } else {
    log(fmt::format("Child exited with code: {}\n", WEXITSTATUS(*status)));
  }
}

}  // namespace

// What all images use: created when the first one tells how large the ring shall be.
Status Session::State::share_resources(const ast::Config& config) {
  if (ring) return base::Done{};
  Result<Ring> new_ring = ahead.ring.take(config.perf_rb_pages);
  if (!new_ring) return new_ring.error();
  Result<SharedArray> new_control = SharedArray::create("gimlet_ctl", sizeof(image::Control));
  if (!new_control) return new_control.error();
  ring = std::make_unique<Ring>(std::move(*new_ring));
  control = std::make_unique<SharedArray>(std::move(*new_control));
  symbols = host_symbols({config.cpp_demangle, config.show_debug_info, options.progress});
  control_of(control)->start_ns = boot_clock_ns();
  control_of(control)->tai_ns = boot_offset_ns(CLOCK_TAI);
  return loop.watch_ring(ring->fd());
}

Status Session::State::share_unwind_maps(image::Constants& constants,
                                         std::map<std::string, MapDescriptor>& descriptors) {
  if (!unwind) {
    auto created = UnwindMaps::create(options.unwound_pids);
    if (!created) return created.error();
    unwind = std::move(*created);
  }
  constants.unwind_row_mask = unwind->row_capacity() - 1;
  constants.unwind_mapping_mask = unwind->mapping_capacity() - 1;
  descriptors[".data.gimlet_rows"] = {unwind->rows().fd(), unwind->rows().size()};
  descriptors[".data.gimlet_maps"] = {unwind->mappings().fd(), unwind->mappings().size()};
  descriptors["unwind"] = {unwind->processes(), sizeof(ast::UnwindProcess)};
  return base::Done{};
}

Status Session::State::share_maps(LoadedImage& image,
                                  std::map<std::string, MapDescriptor>& descriptors) {
  for (const ast::MapPlan& plan : image.image.maps) {
    std::unique_ptr<KernelMap>& map = maps[plan.name];
    if (!map) {
      Result<std::unique_ptr<KernelMap>> created = KernelMap::create(plan, cpu_slots, cpus);
      if (!created) {
        maps.erase(plan.name);
        created.error().exit_status = 255;
        return created.error();
      }
      map = std::move(*created);
      keep_layouts(plan, image.image);
    } else if (std::string why = map->conflict(plan); !why.empty()) {
      return base::Error{
          fmt::format("Map {} cannot be shared with the earlier program: {}", plan.name, why),
          "Use another name, or clear the session.", 0, 1};
    }
    image.maps.push_back(map.get());
    descriptors[plan.kernel_name] = {map->fd(), map->value_size()};
  }
  return base::Done{};
}

Status Session::State::run_specials(LoadedImage& image, ProviderId provider) {
  for (size_t i = 0; i < image.image.programs.size(); i++) {
    const image::ProgramPlan& plan = image.image.programs[i];
    if (plan.provider != provider || image.object.program(i) < 0) continue;
    const char* name = ast::provider(provider).name;
    // Those of `self` run many times, and are announced when they begin to wait.
    if (options.verbose && provider != ProviderId::Self)
      log(fmt::format("Attaching '{}' probe\n", name));
    LIBBPF_OPTS(bpf_test_run_opts, run);
    if (bpf_prog_test_run_opts(image.object.program(i), &run) != 0) {
      base::Error error =
          base::system_error(errno, fmt::format("Failed to run the '{}' probe", name));
      error.exit_status = 255;
      return error;
    }
  }
  return base::Done{};
}

// From now on SIGUSR1 runs the `self` probes, if there are any.
Status Session::State::watch_own_signals(const LoadedImage& image) {
  for (const image::ProgramPlan& plan : image.image.programs) {
    if (plan.provider != ProviderId::Self || !is_wanted(plan)) continue;
    if (options.verbose) log("Attaching 'self:signal' probe\n");
    if (watches_user_signals) continue;
    watches_user_signals = true;
    Status watched = loop.watch_user_signals(signals.user_fd());
    if (!watched.ok()) return watched;
  }
  return base::Done{};
}

void Session::State::run_own_signal_probes() {
  if (!watches_user_signals || !signals.take_user()) return;
  for (auto& image : images) {
    Status ran = run_specials(*image, ProviderId::Self);
    if (!ran.ok()) log(fmt::format("ERROR: {}\n", ran.error().message));
  }
}

bool Session::State::ends_by_itself() const {
  auto ends = [&](const LoadedImage& image, const image::ProgramPlan& plan) {
    const bool by_itself = plan.provider == ProviderId::Begin || plan.provider == ProviderId::End ||
                           plan.provider == ProviderId::Iter ||
                           ast::is_run_on_request(plan.provider);
    const bool waits = plan.provider == ProviderId::Self || options.target_pid != 0;
    return by_itself || (!waits && image.links.empty());
  };
  return std::all_of(images.begin(), images.end(), [&](const auto& image) {
    const std::vector<image::ProgramPlan>& programs = image->image.programs;
    return std::all_of(programs.begin(), programs.end(),
                       [&](const image::ProgramPlan& plan) { return ends(*image, plan); });
  });
}

Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}

Session::~Session() {
  for (auto& image : state_->images) detach_all(image->links, state_->options.progress);
}

Result<std::unique_ptr<Session>> Session::create(const base::SourceSet& sources, Output& output,
                                                 SessionOptions options, Log log, Ahead ahead) {
  Result<SignalQueue> signals = SignalQueue::create();
  if (!signals) return signals.error();
  Result<EventLoop> loop = EventLoop::create(signals->fd());
  if (!loop) return loop.error();
  auto state = std::make_unique<State>(sources, output, options, std::move(log),
                                       std::move(*signals), std::move(*loop), std::move(ahead));
  if (options.target_pid != 0) {
    Result<base::UniqueFd> target = open_target(options.target_pid);
    if (!target) return target.error();
    state->target = std::move(*target);
    Status watched = state->loop.watch_process(state->target.get());
    if (!watched.ok()) return watched.error();
  }
  return std::unique_ptr<Session>(new Session(std::move(state)));
}

Result<uint32_t> Session::load(image::Image source) {
  return load(std::move(source), state_->sources);
}

Result<uint32_t> Session::load(image::Image source, const base::SourceSet& sources) {
  State& s = *state_;
  Status shared = s.share_resources(source.config);
  if (!shared.ok()) return shared.error();
  uint32_t number = s.free_number();
  if (std::string few = raise_file_limit(source); !few.empty() && s.options.warnings) {
    s.log(fmt::format("WARNING: {}\n", few));
  }
  Result<uint32_t> area_size = scratch_size(source.cpu_area.stride, s.cpu_slots, s.options, s.log);
  if (!area_size) return area_size.error();
  Result<SharedArray> area = SharedArray::create("gimlet_cpu", *area_size);
  if (!area) return area.error();
  auto image = std::make_unique<LoadedImage>(number, std::move(source), sources, *s.symbols,
                                             boot_time_ns(), std::move(*area));
  image::Constants constants{};
  constants.cpu_mask = s.cpu_slots - 1;
  constants.cpu_count = s.cpus;
  constants.image = number;
  LoadOptions options{sources,
                      {{"ringbuf", {s.ring->fd(), 0}},
                       {".data.gimlet_ctl", {s.control->fd(), s.control->size()}},
                       {".data.gimlet_cpu", {image->cpu_area.fd(), image->cpu_area.size()}}},
                      constants,
                      [&](const image::ProgramPlan& plan) { return s.is_wanted(plan); },
                      s.options.verbose,
                      s.options.verifier_debug,
                      s.options.libbpf_debug,
                      s.log,
                      s.options.dump ? s.options.dump : s.log};
  auto packets =
      Packets::create(image->image, s.cpus, image->image.config.perf_rb_pages, boot_time_ns());
  if (!packets) return packets.error();
  image->packets = std::move(*packets);
  if (image->packets) {
    options.maps["packets"] = {image->packets->map(), 4};
    Status watched = s.loop.watch_ring(image->packets->ready_fd());
    if (!watched.ok()) return watched.error();
  }
  if (image->image.unwinds) {
    Status unwind = s.share_unwind_maps(options.constants, options.maps);
    if (!unwind.ok()) return unwind.error();
  }
  Status maps = s.share_maps(*image, options.maps);
  if (!maps.ok()) return maps.error();
  Working working(s.options.progress, "Loading programs");
  Result<LoadedObject> object = LoadedObject::load(image->image, options);
  if (!object) return object.error();
  image->object = std::move(*object);
  s.numbers[number] = image.get();
  s.images.push_back(std::move(image));
  return number;
}

Result<uint32_t> Session::attach(uint32_t number, bool again) {
  State& s = *state_;
  if (!s.find(number)) return base::Error{"No such image", {}, EINVAL, 1};
  LoadedImage& image = *s.find(number);
  uint32_t specials = 0;
  for (const image::ProgramPlan& plan : image.image.programs) {
    specials += ast::is_run_by_session(plan.provider) && s.is_wanted(plan);
  }
  Status watched = s.watch_own_signals(image);
  if (!watched.ok()) return watched.error();
  if (!again) {
    Status began = s.run_specials(image, ProviderId::Begin);
    if (!began.ok()) return began.error();
  }
  SessionOptions how = s.options;
  how.missing = image.image.config.missing_probes;
  Result<uint32_t> attached = attach_programs(image, how, s.signals, s.log, s.ahead.user_event);
  if (!attached) {
    detach_all(image.links, s.options.progress);
    return attached.error();
  }
  if (specials + *attached == 0 && s.options.mode == RunMode::Trace) {
    return nothing_attached(image.image);
  }
  return specials + *attached;
}

void Session::follow(uint64_t pid, bool children) {
  State& s = *state_;
  bool shows_user_code = std::any_of(s.images.begin(), s.images.end(), [](const auto& image) {
    return has_user_addresses(image->image);
  });
  if (!shows_user_code || s.following) return;
  s.following = true;
  s.symbols->follow(pid, children);
  if (!s.unwind) return;
  for (uint64_t unwound : s.options.unwound_pids) s.symbols->notice(unwound);
}

void Session::run(Child* child) {
  State& s = *state_;
  if (child) {
    Status watched = s.loop.watch_process(child->pidfd());
    if (!watched.ok()) {
      s.log(fmt::format("ERROR: {}\n", watched.error().message));
      return;
    }
  }
  bool ends_by_itself = s.ends_by_itself();
  s.walk_iterators();
  s.player.let_interrupt({s.signals.fd(), [&s] { return s.asked_to_hurry(); }});
  for (;;) {
    Drained drained = s.drain(true);
    s.report_losses();
    if (s.player.exited() || !s.output->status().ok()) break;
    if (ends_by_itself && (!s.ring || s.ring->empty())) break;
    Woken woken =
        s.loop.wait(s.ring.get(), control_of(s.control), drained.records > 0, drained.more);
    s.run_own_signal_probes();
    if (woken == Woken::Signal || s.signals.any()) break;
    s.symbols->catch_up();
    if (s.unwind) s.unwind->catch_up();
    if (woken != Woken::ProcessEnded) continue;
    if (child && child->reap() && s.options.verbose) say_child_status(*child, s.log);
    break;
  }
}

}  // namespace gimlet::runtime
