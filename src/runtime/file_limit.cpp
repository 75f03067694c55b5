#include "runtime/file_limit.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

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

// While an image is being loaded libbpf has a descriptor of its own for each map and program, for
// types and for constants, and some for a short time.
constexpr rlim_t kFilesOfLoader = 12;

rlim_t files_of_loading(const image::Image& image) {
  return image.maps.size() + 2 * image.programs.size() + kFilesOfLoader;
}

// As many as the limit allows if they cannot be counted: that takes one more.
rlim_t open_files(rlim_t limit) {
  std::error_code error;
  rlim_t count = 0;
  for (std::filesystem::directory_iterator file("/proc/self/fd", error), end; !error && file != end;
       file.increment(error)) {
    count++;
  }
  return error ? limit : count;
}

rlim_t current_limit() {
  rlimit limit{};
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : RLIM_INFINITY;
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

bool is_file_limit(int error) { return error == EMFILE || error == ENFILE; }

bool lacks_files(const image::Image& image, const base::Error& failure) {
  if (is_file_limit(failure.errnum)) return true;
  const rlim_t limit = current_limit();
  return limit != RLIM_INFINITY && open_files(limit) + files_of_loading(image) > limit;
}

base::Error too_few_files(const image::Image& image) {
  const rlim_t needed = least_files(image) + kOtherFiles;
  return {fmt::format("Too many open files: this program takes about {}, and the limit is {}",
                      needed, current_limit()),
          fmt::format("Raise RLIMIT_NOFILE: ulimit -n {}", needed), EMFILE, 255};
}

}  // namespace gimlet::runtime
