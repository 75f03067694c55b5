#include "runtime/program_logs.h"

#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstring>

namespace gimlet::runtime {
namespace {

constexpr size_t kLeast = 128;  // the kernel takes no less
constexpr size_t kMost = size_t{256} << 20;
constexpr size_t kGrowth = 16;
constexpr uint32_t kEverything = 15;  // log level: instructions, statistics, from the beginning

}  // namespace

LogRoom::LogRoom(size_t wanted) : bytes_(std::clamp(wanted, kLeast, kMost)) {}

bool LogRoom::grow(bool can_do_without) {
  if (bytes_ == 0) return false;
  if (bytes_ == kMost && !can_do_without) return false;
  bytes_ = bytes_ == kMost ? 0 : std::min(bytes_ * kGrowth, kMost);
  return true;
}

void ProgramLogs::Unmap::operator()(char* memory) const { ::munmap(memory, bytes); }

void ProgramLogs::provide(bpf_program* program) {
  const size_t bytes = room_.bytes();
  if (bytes == 0) return;
  if (buffers_.empty() || each_) {
    void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return;
    buffers_.emplace_back(static_cast<char*>(memory), Unmap{bytes});
  }
  bpf_program__set_log_buf(program, buffers_.back().get(), bytes);
  if (each_) bpf_program__set_log_level(program, kEverything);
}

std::string_view ProgramLogs::of(const bpf_program* program) {
  size_t bytes = 0;
  const char* log = program ? bpf_program__log_buf(program, &bytes) : nullptr;
  return log ? std::string_view(log, strnlen(log, bytes)) : std::string_view{};
}

void ProgramLogs::show(bpf_object* object,
                       const std::function<void(const std::string&)>& say) const {
  bpf_program* program = nullptr;
  bpf_object__for_each_program(program, object) {
    std::string log(of(program));
    if (room_.bytes() == 0) {
      log = fmt::format("The log is longer than {} bytes, and was left out.", kMost);
    }
    say(fmt::format("BPF verifier log for {}:\n{}\n{}\n", bpf_program__name(program),
                    std::string(38, '-'), log));
  }
}

}  // namespace gimlet::runtime
