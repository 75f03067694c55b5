// Loading: an image's ELF object goes to the kernel through libbpf, on maps that exist already.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/owners.h"
#include "base/result.h"
#include "image/image.h"

namespace gimlet::runtime {

// Which descriptors the object's maps become, by name: "AT_x", "ringbuf", ".data.gimlet_ctl".
struct MapDescriptor {
  int fd = -1;
  uint32_t value_size = 0;
};

struct LoadOptions {
  const base::SourceSet& sources;
  std::map<std::string, MapDescriptor> maps;
  image::Constants constants;
  // Which programs are wanted; the others are not given to the kernel.
  std::function<bool(const image::ProgramPlan&)> wanted = [](const auto&) { return true; };
  bool verbose = false;         // append the verifier's log to a rejection
  bool verifier_debug = false;  // say the log of every program
  bool libbpf_debug = false;
  std::function<void(const std::string&)> log;
  std::function<void(const std::string&)> dump;  // takes what the two above are for
};

// The loaded programs of one image, in the image's order.
class LoadedObject {
 public:
  static base::Result<LoadedObject> load(const image::Image& image, const LoadOptions& options);

  // -1 if it was not wanted, or refused.
  int program(size_t index) const { return programs_[index].get(); }
  // Why the kernel takes no program of this kind, and `missing_probes` says to go on; else null.
  const base::Error* refusal(size_t index) const {
    auto found = refusals_.find(index);
    return found == refusals_.end() ? nullptr : &found->second;
  }
  size_t size() const { return programs_.size(); }
  // Runs that the kernel skipped because the program was already running on that CPU.
  uint64_t recursion_misses() const;

 private:
  static base::Result<LoadedObject> load_programs(const image::Image& image,
                                                  const LoadOptions& options);

  std::vector<base::UniqueFd> programs_;
  std::map<size_t, base::Error> refusals_;
};

}  // namespace gimlet::runtime
