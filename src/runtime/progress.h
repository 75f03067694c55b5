// Progress: how far work is that may take long. Whoever runs a session decides whether and when
// that is worth showing.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>

namespace gimlet::runtime {

struct Work {
  const char* what = nullptr;  // "Attaching probes"; null: nothing is being done
  uint64_t done = 0;
  uint64_t total = 0;  // 0: nobody knows
};

// Called with every step; may be empty.
using Progress = std::function<void(const Work&)>;

// Something that takes as long as this object lives.
class Working {
 public:
  Working(const Progress& progress, const char* what, uint64_t total = 0)
      : progress_(progress), work_{what, 0, total} {
    if (progress_) progress_(work_);
  }
  ~Working() {
    if (progress_) progress_({});
  }
  Working(const Working&) = delete;
  Working& operator=(const Working&) = delete;

  void reach(uint64_t done) {
    work_.done = done;
    if (progress_) progress_(work_);
  }

 private:
  const Progress& progress_;
  Work work_;
};

}  // namespace gimlet::runtime
