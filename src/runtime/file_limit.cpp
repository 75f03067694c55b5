#include "runtime/file_limit.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>

namespace gimlet::runtime {
namespace {

constexpr rlim_t kOtherFiles = 50;

rlim_t most_files(const image::Image& image) {
  rlim_t files = image.maps.size() + kOtherFiles;
  for (const image::ProgramPlan& plan : image.programs) files += 3 * plan.targets.size();
  return files;
}

// With fewer than these it must fail. One link may lead to many targets.
rlim_t least_files(const image::Image& image) {
  rlim_t files = image.maps.size();
  for (const image::ProgramPlan& plan : image.programs) {
    files += ast::is_one_link(plan.mechanism) ? 2 : 1 + plan.targets.size();
  }
  return files;
}

rlim_t raise_limit(rlim_t files) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= files) return files;
  const rlimit wanted{files, std::max(limit.rlim_max, files)};
  if (setrlimit(RLIMIT_NOFILE, &wanted) == 0) return files;
  const rlimit possible{limit.rlim_max, limit.rlim_max};
  return setrlimit(RLIMIT_NOFILE, &possible) == 0 ? limit.rlim_max : limit.rlim_cur;
}

}  // namespace

std::string raise_file_limit(const image::Image& image) {
  const rlim_t files = raise_limit(most_files(image));
  if (files >= least_files(image)) return {};
  return fmt::format(
      "couldn't raise RLIMIT_NOFILE beyond {}: this program takes about {} open files", files,
      least_files(image) + kOtherFiles);
}

}  // namespace gimlet::runtime
