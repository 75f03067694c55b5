#include "cli/subject.h"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <variant>

#include "base/integer.h"
#include "runtime/target.h"

namespace gimlet::cli {
namespace {

constexpr uint64_t kLargestPid = 4194304;

base::Result<uint64_t> parse_pid(const std::string& text) {
  auto value = base::parse_integer(text, base::IntegerForms::CommandWord);
  if (auto* problem = std::get_if<std::string>(&value)) {
    return base::Error{fmt::format("Failed to parse pid: {}: {}", *problem, text), "", 0, 1};
  }
  uint64_t pid = std::get<uint64_t>(value);
  if (pid > kLargestPid) return base::Error{fmt::format("Pid out of range: {}", pid), "", 0, 1};
  return pid;
}

}  // namespace

base::Result<Subject> find_subject(const CommandLine& line) {
  Subject subject;
  for (const std::string& text : line.unwound_pids) {
    auto pid = parse_pid(text);
    if (!pid) return pid.error();
    subject.unwound_pids.push_back(*pid);
  }
  if (line.pid) {
    auto pid = parse_pid(*line.pid);
    if (!pid) return pid.error();
    auto fd = runtime::open_target(*pid);
    if (!fd) return fd.error();
    subject.target_pid = *pid;
    subject.unwound_pids.push_back(*pid);
    subject.target_fd = std::move(*fd);
  }
  if (!line.command.empty()) {
    auto child = runtime::Child::create(line.command);
    if (!child) return child.error();
    subject.child = std::move(*child);
    subject.unwound_pids.push_back(subject.child_pid());
  }
  return subject;
}

}  // namespace gimlet::cli
