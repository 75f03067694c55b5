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

#include "kernel/lockdown.h"
#include "runtime/attach.h"
#include "runtime/object_linker.h"
#include "runtime/program_logs.h"
#include "runtime/verifier_log.h"

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

// Whether the program is part of a trampoline.
bool is_trampoline(const image::ProgramPlan& plan) {
  return plan.mechanism == ast::Mechanism::Trampoline ||
         (plan.mechanism == ast::Mechanism::Native && ast::is_trampoline(plan.provider));
}

bpf_attach_type tracing_kind(const image::ProgramPlan& plan) {
  if (plan.provider == ProviderId::Iter) return BPF_TRACE_ITER;
  if (!is_trampoline(plan)) return BPF_TRACE_RAW_TP;
  return at_return(plan.provider) ? BPF_TRACE_FEXIT : BPF_TRACE_FENTRY;
}

base::Error load_failure(int error, std::string message, std::string hint = {}) {
  base::Error failure = base::system_error(error, std::move(message), std::move(hint));
  failure.exit_status = 255;
  return failure;
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

// Of a log that is longer than the user wants, the end says what is wrong.
std::string shown_log(std::string_view log, size_t most) {
  if (log.size() > most) log.remove_prefix(log.size() - most);
  return fmt::format("Kernel error log: \n{}\n", log);
}

base::Error rejection(int error, const image::Image& image, const LoadOptions& options,
                      std::string_view log) {
  const bpf_program* program = current().program;
  const image::ProgramPlan* plan = program ? find_plan(image, program) : nullptr;
  if (!plan) {
    return load_failure(error, "Unknown BPF object load failure",
                        error == EPERM ? "BPF needs CAP_BPF and CAP_PERFMON: run as root."
                                       : "Try using the \"-d libbpf\" option to see the full "
                                         "loading log.");
  }
  if (is_trampoline(*plan) && error == EPERM && log.empty()) {
    return trampolines_refused(error, plan->targets.front().name);
  }
  std::string message = fmt::format(
      "Error loading BPF program for {}. Error code: -{} ({}). Use -v for full kernel error log.",
      plan->name, error, strerror(error));
  base::Error failure{{}, {}, error, 255};
  // Without room for another file, the verifier has nothing to complain of.
  if (log.empty() || error == EMFILE || error == ENFILE) {
    if (error == EPERM) failure.hint = "BPF needs CAP_BPF and CAP_PERFMON: run as root.";
    failure.message = message;
    return failure;
  }
  VerifierComplaint complaint = read_verifier_log(log);
  base::SourceRange place = locate(complaint, options.sources, plan->range);
  std::string reason = "the kernel's verifier says: " + complaint.sentence;
  if (auto helper = refused_helper(log)) {
    for (const image::HelperCall& call : plan->helpers) {
      if (call.helper == helper->number) place = call.range;
    }
    reason = fmt::format("helper {} not allowed in probe", helper->name);
    if (helper->number == BPF_FUNC_probe_write_user) failure.hint = kernel::lockdown_hint();
    if (helper->number == BPF_FUNC_override_return) {
      failure.hint = "override() needs a kernel that was built with CONFIG_BPF_KPROBE_OVERRIDE.";
    }
  }
  message += "\n" + base::show_message(options.sources, base::Severity::Error, place, reason, {});
  const size_t most = image.config.log_size;
  if (options.verbose) message += shown_log(log, most);
  if (error == ENOSPC || (options.verbose && log.size() > most)) {
    message += fmt::format(
        "WARNING: Kernel log seems to be trimmed. Increase it with the BPFTRACE_LOG_SIZE "
        "environment variable, current value of {} bytes.\n",
        most);
  }
  while (message.ends_with('\n')) message.pop_back();
  failure.message = std::move(message);
  return failure;
}

struct ObjectCloser {
  void operator()(bpf_object* object) const { bpf_object__close(object); }
};
using Object = std::unique_ptr<bpf_object, ObjectCloser>;

Status set_types(bpf_object* object, const image::Image& image, const LoadOptions& options,
                 ProgramLogs& logs) {
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
    if (!options.wanted(*plan)) {
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

// One try; the object cannot be used for a second one.
Status load_object(bpf_object* object, const image::Image& image, const LoadOptions& options,
                   LogRoom room) {
  Status maps = hand_over_maps(object, image, options);
  if (!maps.ok()) return maps;
  ProgramLogs logs(room, options.verifier_debug);
  Status types = set_types(object, image, options, logs);
  if (!types.ok()) return types;
  int error = -bpf_object__load(object);
  if (error == ENOSPC && LogRoom(room).grow(options.verifier_debug)) {
    return base::Error{{}, {}, ENOSPC, 255};
  }
  if (options.verifier_debug) logs.show(object, options.dump);
  if (error == 0) return base::Done{};
  return rejection(error, image, options, ProgramLogs::of(current().program));
}

base::Result<Object> open_and_load(const std::vector<uint8_t>& bytes, const image::Image& image,
                                   const LoadOptions& options) {
  LogRoom room(image.config.log_size);
  for (;;) {
    LIBBPF_OPTS(bpf_object_open_opts, open, .object_name = "gimlet");
    Object object(bpf_object__open_mem(bytes.data(), bytes.size(), &open));
    if (!object) return load_failure(errno, "Failed to read the compiled BPF object");
    Status status = load_object(object.get(), image, options, room);
    if (status.ok()) return object;
    const bool again = status.error().errnum == ENOSPC && status.error().message.empty();
    if (!again) return status.error();
    room.grow(options.verifier_debug);
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
  auto object = open_and_load(whole, image, options);
  current() = {};
  if (!object) return object.error();

  // Only the descriptors are kept; libbpf's copy of the object would be dead weight.
  LoadedObject loaded;
  for (const image::ProgramPlan& plan : image.programs) {
    if (!options.wanted(plan)) {
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
