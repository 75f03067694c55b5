// Runs the tool under test on one script, within a time limit in seconds.
#pragma once

#include <string>

namespace gimlet::random_tests {

struct Run {
  bool timed_out = false;
  int status = 0;
  int signal = 0;  // that ended it, if any
  std::string out;
  std::string err;
};

// `folder` is for the script and what the tool prints; `worker` keeps parallel runs apart.
Run run_tool(const std::string& tool, const std::string& script, const std::string& folder,
             int worker, int limit);

}  // namespace gimlet::random_tests
