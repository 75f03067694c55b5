// The child of -c: forked before compilation, so that its pid is known, and blocked until the
// probes are attached, so that they see it from its first instruction (cli-and-output C4.7).
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/owners.h"
#include "base/result.h"

namespace gimlet::runtime {

// Splits on single blanks, without quoting: two blanks give an empty argument between them.
std::vector<std::string> split_command(std::string_view command);

// The file that `word` names: itself, or without a slash what PATH has; wildcards allowed. ELF
// executables and #! scripts count.
base::Result<std::string> find_program(const std::string& word);

class Child {
 public:
  static base::Result<std::unique_ptr<Child>> create(const std::string& command);
  // Terminates a child that is still there.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }
  // Readable once the child has ended.
  int pidfd() const { return pidfd_.get(); }
  // Lets it run its program. An error if execve(2) failed.
  base::Status release();
  // Lets it run only to the entry point of its program, until release().
  base::Status run_to_entry();
  // Collects it without waiting; true once it is gone.
  bool reap();
  // SIGTERM, at most two seconds, SIGKILL. `hurry`, if not -1, ends the patience when it can be
  // read.
  void terminate(int hurry = -1);
  // Wait status once reaped, as of waitpid(2).
  std::optional<int> wait_status() const { return status_; }

 private:
  Child(pid_t pid, base::UniqueFd pidfd, base::UniqueFd start, base::UniqueFd failure);
  base::Status execute();

  pid_t pid_;
  base::UniqueFd pidfd_;
  base::UniqueFd start_;    // written to release the child
  base::UniqueFd failure_;  // gives errno if execve failed, end of file if it succeeded
  std::optional<int> status_;
  bool stopped_ = false;  // at its entry point
};

}  // namespace gimlet::runtime
