// A cell: an entry that stays, because it has probes or declares something that later entries use.
// It has a number, by which commands name it, and may have a name.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/source.h"

namespace gimlet::interactive {

using Clock = std::chrono::steady_clock;

// One probe block of a cell, as it is listed.
struct ProbeLine {
  std::string attach_points;  // as written
  std::string mechanism;      // what it is attached by
  size_t targets = 0;
  std::vector<size_t> programs;  // of the image
};

struct Cell {
  uint32_t number = 0;
  std::string name;   // may be empty
  std::string text;   // as entered, with the name
  uint32_t body = 0;  // where the program begins in `text`
  bool declares = false;
  // While it is loaded: the image's number in the session, and what its messages refer to.
  std::optional<uint32_t> image{};
  std::shared_ptr<const base::SourceSet> sources{};
  bool enabled = false;
  std::vector<ProbeLine> probes{};
  Clock::time_point since{};  // when it was loaded

  // "cell 3", as messages show it.
  std::string label() const { return "cell " + std::to_string(number); }
};

}  // namespace gimlet::interactive
