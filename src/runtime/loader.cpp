#include "runtime/loader.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "kernel/features.h"
#include "runtime/attach.h"
#include "runtime/file_limit.h"
#include "runtime/object_linker.h"
#include "runtime/program_logs.h"
#include "runtime/rejection.h"

namespace gimlet::runtime {
namespace {

using ast::ProviderId;
using base::Status;

// What the callbacks of libbpf, which take no argument of ours, need to know about the load that is
// going on. Loads do not overlap.
struct Current {
  const image::Image* image = nullptr;
  const std::function<void(const std::string&)>* debug = nullptr;
  const bpf_program* program = nullptr;  // the one that is being loaded
  std::string* complaints = nullptr;     // receives what libbpf warns of
  base::UniqueFd traced{};  // the BPF program, or the BTF of the module, that this traces
};

// Programs that the kernel refused for their kind, by name.
using Refused = std::map<std::string, base::Error>;

Current& current() {
  static Current state;
  return state;
}

int print_debug(libbpf_print_level level, const char* format, va_list arguments) {
  const auto* debug = current().debug;
  std::string* complaints = level == LIBBPF_WARN ? current().complaints : nullptr;
  if ((!debug || !*debug) && !complaints) return 0;
  char text[2048];
  int length = vsnprintf(text, sizeof(text), format, arguments);
  if (complaints) *complaints += text;
  if (!debug || !*debug) return length;
  const char* label = level == LIBBPF_DEBUG ? "DEBUG" : level == LIBBPF_INFO ? "INFO" : "WARN";
  (*debug)(fmt::format("[{}] {}", label, text));
  return length;
}

const image::ProgramPlan* find_plan(const image::Image& image, const bpf_program* program) {
  for (const image::ProgramPlan& plan : image.programs) {
    if (plan.name == bpf_program__name(program)) return &plan;
  }
  return nullptr;
}

// The kernel's own copy of a module's BTF; ids of the module's functions mean something only
// together with it. Unset, with errno, if there is none.
base::UniqueFd open_module_btf(const std::string& module) {
  uint32_t id = 0;
  while (bpf_btf_get_next_id(id, &id) == 0) {
    base::UniqueFd fd(bpf_btf_get_fd_by_id(id));
    if (!fd) continue;
    char name[64] = {};
    bpf_btf_info info{};
    info.name = reinterpret_cast<uintptr_t>(name);
    info.name_len = sizeof(name);
    uint32_t size = sizeof(info);
    if (bpf_obj_get_info_by_fd(fd.get(), &info, &size) != 0) continue;
    if (info.kernel_btf && module == name) return fd;
  }
  return {};
}

// Ids of a module's BTF count together with it. False: it has gone.
bool set_module(const std::string& module, bpf_prog_load_opts* options) {
  if (module == "vmlinux") return true;
  current().traced = open_module_btf(module);
  options->attach_btf_obj_fd = static_cast<uint32_t>(current().traced.get());
  return static_cast<bool>(current().traced);
}

// Called by libbpf just before each program is loaded. A program with BTF context is given its type
// and target only here: had libbpf known before, it would have parsed all of vmlinux's BTF, which
// takes longer than the whole load.
int prepare_load(bpf_program* program, bpf_prog_load_opts* options, long) {
  current().program = program;
  const image::ProgramPlan* plan = find_plan(*current().image, program);
  if (!plan || !plan->btf_context || plan->targets.empty()) return 0;
  const auto& place = plan->targets.front().place;
  if (const auto* tracepoint = std::get_if<ast::RawTracepointTarget>(&place)) {
    options->attach_btf_id = tracepoint->btf_id;
    if (!set_module(tracepoint->module, options)) return -ENOENT;
  } else if (const auto* function = std::get_if<ast::FunctionTarget>(&place)) {
    options->attach_btf_id = function->btf_id;
    if (function->program != 0) {
      current().traced = base::UniqueFd(bpf_prog_get_fd_by_id(function->program));
      if (!current().traced) return -ENOENT;
      options->attach_prog_fd = static_cast<uint32_t>(current().traced.get());
    } else if (!set_module(function->module, options)) {
      return -ENOENT;
    }
  } else if (const auto* iterator = std::get_if<ast::IteratorTarget>(&place)) {
    options->attach_btf_id = iterator->btf_id;
  } else {
    return 0;
  }
  return bpf_program__set_type(program, BPF_PROG_TYPE_TRACING);
}

// libbpf asks this for every section whose name it does not know, which is each of ours.
void register_sections() {
  static const bool done = [] {
    LIBBPF_OPTS(libbpf_prog_handler_opts, options, .prog_prepare_load_fn = prepare_load);
    libbpf_set_print(print_debug);
    return libbpf_register_prog_handler(nullptr, BPF_PROG_TYPE_UNSPEC,
                                        static_cast<bpf_attach_type>(0), &options) >= 0;
  }();
  (void)done;
}

bool at_return(ProviderId provider) {
  return provider == ProviderId::Fexit || provider == ProviderId::Kretprobe;
}

bpf_prog_type program_type(const image::ProgramPlan& plan) {
  switch (plan.mechanism) {
    // Becomes BPF_PROG_TYPE_TRACING when it is loaded; see prepare_load.
    case ast::Mechanism::Trampoline:
    case ast::Mechanism::RawTracepoint: return BPF_PROG_TYPE_RAW_TRACEPOINT;
    case ast::Mechanism::Kprobe: return BPF_PROG_TYPE_KPROBE;
    default: break;
  }
  switch (plan.provider) {
    case ProviderId::Tracepoint: return BPF_PROG_TYPE_TRACEPOINT;
    case ProviderId::Kprobe:
    case ProviderId::Kretprobe:
    case ProviderId::Uprobe:
    case ProviderId::Uretprobe:
    case ProviderId::Usdt: return BPF_PROG_TYPE_KPROBE;
    case ProviderId::Profile:
    case ProviderId::Interval:
    case ProviderId::Software:
    case ProviderId::Hardware:
    case ProviderId::Watchpoint: return BPF_PROG_TYPE_PERF_EVENT;
    case ProviderId::Begin:
    case ProviderId::End:
    case ProviderId::Self:
    case ProviderId::RawTracepoint: return BPF_PROG_TYPE_RAW_TRACEPOINT;
    case ProviderId::Fentry:
    case ProviderId::Fexit:
    case ProviderId::Iter: return BPF_PROG_TYPE_RAW_TRACEPOINT;
    // Can be run any number of times at once, and the kernel takes the time.
    case ProviderId::Test:
    case ProviderId::Bench: return BPF_PROG_TYPE_XDP;
  }
  return BPF_PROG_TYPE_RAW_TRACEPOINT;
}

bpf_attach_type tracing_kind(const image::ProgramPlan& plan) {
  if (plan.provider == ProviderId::Iter) return BPF_TRACE_ITER;
  if (!is_trampoline(plan)) return BPF_TRACE_RAW_TP;
  return at_return(plan.provider) ? BPF_TRACE_FEXIT : BPF_TRACE_FENTRY;
}

bool is_constants(std::string_view name) { return name.ends_with(".rodata"); }

// Gives libbpf a descriptor for each map of the object.
Status hand_over_maps(bpf_object* object, const image::Image& image, const LoadOptions& options) {
  bpf_map* map = nullptr;
  bpf_object__for_each_map(map, object) {
    std::string name = bpf_map__name(map);
    if (name.starts_with(".rodata.")) continue;  // literals that the compiler pooled
    if (is_constants(name)) {
      size_t size = 0;
      const void* contents = bpf_map__initial_value(map, &size);
      if (!contents || size < sizeof(image::Constants)) {
        return load_failure(EINVAL, "The object's constants have the wrong size");
      }
      // gimlet_constants stands first in the section.
      std::vector<uint8_t> bytes(size);
      std::memcpy(bytes.data(), contents, size);
      std::memcpy(bytes.data(), &options.constants, sizeof(options.constants));
      if (int error = bpf_map__set_initial_value(map, bytes.data(), size)) {
        return load_failure(-error, "Failed to set the object's constants");
      }
      continue;
    }
    std::string key = name.starts_with(".data.AT_") ? name.substr(strlen(".data.")) : name;
    auto known = options.maps.find(key);
    if (known == options.maps.end()) {
      if (!image.external_objects.empty()) continue;  // libbpf creates what imported code has
      return load_failure(EINVAL, fmt::format("The object has a map '{}' without a plan", name));
    }
    // A data section of the object is as large as one CPU's part; the map has room for all.
    bool resize =
        name.starts_with(".data.") && bpf_map__value_size(map) != known->second.value_size;
    if (resize) {
      if (int error = bpf_map__set_value_size(map, known->second.value_size)) {
        return load_failure(-error, fmt::format("Failed to resize map '{}'", name));
      }
    }
    if (int error = bpf_map__reuse_fd(map, known->second.fd)) {
      return load_failure(-error, fmt::format("Failed to use map '{}'", name));
    }
  }
  return base::Done{};
}

struct ObjectCloser {
  void operator()(bpf_object* object) const { bpf_object__close(object); }
};
using Object = std::unique_ptr<bpf_object, ObjectCloser>;

Status set_types(bpf_object* object, const image::Image& image, const LoadOptions& options,
                 const Refused& refused, ProgramLogs& logs) {
  bpf_program* program = nullptr;
  bpf_object__for_each_program(program, object) {
    const image::ProgramPlan* plan = find_plan(image, program);
    if (!plan && !image.external_objects.empty()) {
      // Of imported code only the functions that the program calls are wanted.
      bpf_program__set_autoload(program, false);
      continue;
    }
    if (!plan) {
      return load_failure(EINVAL, fmt::format("The object has a program '{}' without a plan",
                                              bpf_program__name(program)));
    }
    if (!options.wanted(*plan) || refused.contains(plan->name)) {
      bpf_program__set_autoload(program, false);
      continue;
    }
    bpf_program__set_type(program, program_type(*plan));
    if (ast::is_one_link(plan->mechanism)) {
      bpf_program__set_expected_attach_type(program,
                                            multi_link_kind(plan->provider, plan->mechanism));
    }
    if (plan->btf_context) {
      bpf_program__set_expected_attach_type(program, tracing_kind(*plan));
    }
    logs.provide(program);
  }
  return base::Done{};
}

Status try_again() { return base::Error{{}, {}, EAGAIN, 255}; }

// If the program that was just refused is one that the script can do without, and that has no other
// way in: it is left out from now on, and with it all of its kind.
bool leave_out(int error, const image::Image& image, const image::ProgramPlan& plan,
               std::string_view log, Refused& refused) {
  if (image.config.missing_probes == ast::MissingProbes::Error || !refused.empty()) return false;
  if (plan.mechanism != ast::Mechanism::Native || !refuses_trampolines(error, plan, log) ||
      kernel::probe_feature(kernel::Feature::Kprobes)) {
    return false;
  }
  for (const image::ProgramPlan& other : image.programs) {
    if (other.mechanism != ast::Mechanism::Native || !is_trampoline(other)) continue;
    refused.emplace(other.name, trampolines_refused(error));
  }
  return true;
}

// One try; the object cannot be used for a second one. An Error without a message asks for that.
Status load_object(bpf_object* object, const image::Image& image, const LoadOptions& options,
                   LogRoom& room, Refused& refused) {
  Status maps = hand_over_maps(object, image, options);
  if (!maps.ok()) return maps;
  ProgramLogs logs(room, options.verifier_debug);
  Status types = set_types(object, image, options, refused, logs);
  if (!types.ok()) return types;
  int error = -bpf_object__load(object);
  if (error == ENOSPC && room.grow(options.verifier_debug)) return try_again();
  if (options.verifier_debug) logs.show(object, options.dump);
  if (error == 0) return base::Done{};
  const image::ProgramPlan* plan =
      current().program ? find_plan(image, current().program) : nullptr;
  const std::string_view log = ProgramLogs::of(current().program);
  if (plan && leave_out(error, image, *plan, log, refused)) return try_again();
  return rejection(error, image, plan, options, log);
}

base::Result<Object> open_and_load(const std::vector<uint8_t>& bytes, const image::Image& image,
                                   const LoadOptions& options, Refused& refused) {
  LogRoom room(image.config.log_size);
  for (;;) {
    LIBBPF_OPTS(bpf_object_open_opts, open, .object_name = "gimlet");
    Object object(bpf_object__open_mem(bytes.data(), bytes.size(), &open));
    if (!object) return load_failure(errno, "Failed to read the compiled BPF object");
    Status status = load_object(object.get(), image, options, room, refused);
    if (status.ok()) return object;
    if (!status.error().message.empty()) return status.error();
  }
}

// The image's object, linked with the code that it imports.
base::Result<std::vector<uint8_t>> linked(const image::Image& image) {
  std::string complaints;
  current().complaints = &complaints;
  auto bytes = link_objects(image);
  current().complaints = nullptr;
  if (bytes) return bytes;
  while (complaints.ends_with('\n')) complaints.pop_back();
  base::Error failure = bytes.error();
  failure.hint = complaints;
  failure.exit_status = 255;
  return failure;
}

}  // namespace

base::Result<LoadedObject> LoadedObject::load(const image::Image& image,
                                              const LoadOptions& options) {
  auto loaded = load_programs(image, options);
  if (loaded || !lacks_files(image, loaded.error())) return loaded;
  return too_few_files(image);
}

base::Result<LoadedObject> LoadedObject::load_programs(const image::Image& image,
                                                       const LoadOptions& options) {
  register_sections();
  current() = {&image, options.libbpf_debug ? &options.dump : nullptr, nullptr, nullptr};
  std::vector<uint8_t> together;
  if (!image.external_objects.empty()) {
    auto bytes = linked(image);
    if (!bytes) {
      current() = {};
      return bytes.error();
    }
    together = std::move(*bytes);
  }
  const std::vector<uint8_t>& whole = together.empty() ? image.object : together;
  Refused refused;
  auto object = open_and_load(whole, image, options, refused);
  current() = {};
  if (!object) return object.error();

  // Only the descriptors are kept; libbpf's copy of the object would be dead weight.
  LoadedObject loaded;
  for (const image::ProgramPlan& plan : image.programs) {
    if (auto found = refused.find(plan.name); found != refused.end()) {
      loaded.refusals_.emplace(loaded.programs_.size(), found->second);
    }
    if (!options.wanted(plan) || refused.contains(plan.name)) {
      loaded.programs_.emplace_back();
      continue;
    }
    bpf_program* program = bpf_object__find_program_by_name(object->get(), plan.name.c_str());
    int fd = program ? fcntl(bpf_program__fd(program), F_DUPFD_CLOEXEC, 3) : -1;
    if (fd < 0) {
      return load_failure(errno, fmt::format("The object lacks the program '{}'", plan.name));
    }
    loaded.programs_.emplace_back(fd);
  }
  return loaded;
}

uint64_t LoadedObject::recursion_misses() const {
  uint64_t sum = 0;
  for (const base::UniqueFd& program : programs_) {
    bpf_prog_info info{};
    uint32_t size = sizeof(info);
    if (bpf_obj_get_info_by_fd(program.get(), &info, &size) == 0) sum += info.recursion_misses;
  }
  return sum;
}

}  // namespace gimlet::runtime
