// One program: expected lines against actual lines. Result lines start with `#` and a number; all
// other output (maps at the end, the banner) is passed over.
#include "check.h"

#include <sstream>

#include "evaluate.h"
#include "run.h"

namespace gimlet::random_tests {
namespace {

constexpr int time_limit = 10;

std::vector<std::string> result_lines_of(const std::string& out) {
  std::vector<std::string> lines;
  std::istringstream stream(out);
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with('#')) lines.push_back(line);
  }
  return lines;
}

// The errors, each with the two lines that show where; warnings are left out.
std::string errors_of(const std::string& err) {
  std::istringstream stream(err);
  std::string text;
  int more = 0;
  for (std::string line; std::getline(stream, line);) {
    if (line.find("WARNING") != std::string::npos) more = 0;
    if (line.find("ERROR") != std::string::npos) more = 3;
    if (more-- > 0) text += line + "\n";
  }
  return text.substr(0, 1500);
}

// 512 bytes of stack and a million instructions walked by the verifier.
bool beyond_limits(const std::string& err) {
  return err.find("BPF stack limit") != std::string::npos ||
         err.find("BPF program is too large. Processed 1000001 insn") != std::string::npos ||
         // The same, where the end of the verifier's log is not what says so.
         err.find("Error code: -28 (No space left on device)") != std::string::npos;
}

std::string first_error(const std::string& err) {
  std::istringstream stream(err);
  for (std::string line; std::getline(stream, line);) {
    const auto at = line.find("ERROR");
    if (at != std::string::npos) return line.substr(at);
  }
  return "status without a message";
}

Failure compare(const std::vector<std::string>& expected, const std::vector<std::string>& actual) {
  for (std::size_t i = 0; i < expected.size() || i < actual.size(); ++i) {
    const std::string want = i < expected.size() ? expected[i] : "(no more lines)";
    const std::string have = i < actual.size() ? actual[i] : "(no more lines)";
    if (want != have) {
      return {"value", "expected: " + want + "\nactual:   " + have + "\n", "value"};
    }
  }
  return {};
}

}  // namespace

Failure check(const Program& program, const Tool& tool) {
  const auto typing = infer(program);
  if (!typing) return {};
  const auto expected = evaluate(program, *typing);
  if (expected.too_long) return {};
  auto run = run_tool(tool.path, print(program), tool.folder, tool.worker, time_limit);
  if (run.timed_out) {
    // The kernel's verifier can take this long to find that a program is beyond its limit.
    run = run_tool(tool.path, print(program), tool.folder, tool.worker, 6 * time_limit);
    if (run.timed_out || !beyond_limits(run.err)) {
      return {"hang", "still running after the time limit\n", "hang"};
    }
  }
  if (run.signal != 0) {
    return {"crash", "ended by signal " + std::to_string(run.signal) + "\n" + run.err, "crash"};
  }
  if (run.status != 0 && beyond_limits(run.err)) return {"limit", "", "limit"};
  if (run.status != 0) {
    return {"compile", errors_of(run.err), "compile " + first_error(run.err)};
  }
  if (auto failure = compare(expected.lines, result_lines_of(run.out))) {
    failure.detail += run.err.substr(0, 500);
    return failure;
  }
  const bool warned =
      run.err.find("Divide or modulo by 0 detected. This can lead") != std::string::npos;
  if (warned != expected.divided_by_zero) {
    return {"warning",
            std::string(warned ? "an unexpected" : "no") +
                " run-time warning about division by zero\n" + run.err.substr(0, 500),
            "warning"};
  }
  for (const auto* unexpected : {"out of bounds", "Map full", "Lost "}) {
    if (run.err.find(unexpected) != std::string::npos) {
      return {"warning", run.err.substr(0, 1000), std::string("warning ") + unexpected};
    }
  }
  return {};
}

}  // namespace gimlet::random_tests
