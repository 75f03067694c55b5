// What the tests of this folder share: the frozen system, files of one test's own, and the choice
// to leave a test out where the machine lacks what it needs.
#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

#include "kernel/frozen_kernel.h"
#include "kernel/kernel.h"

#ifndef GIMLET_TEST_DIR
#error "GIMLET_TEST_DIR is the folder tests/ of the source tree"
#endif

inline std::string frozen_folder() { return std::string(GIMLET_TEST_DIR) + "/data/frozen"; }

inline std::unique_ptr<gimlet::kernel::Kernel> frozen() {
  return gimlet::kernel::frozen_kernel(frozen_folder());
}

// Leaves the test, saying why, unless the file can be read.
inline void need_file(const std::string& path) {
  if (::access(path.c_str(), R_OK) != 0) SKIP(path + " cannot be read here");
}

// A file that is gone when the test ends.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content, mode_t mode = 0644) {
    char name[] = "/tmp/gimlet-test-XXXXXX";
    const int fd = ::mkstemp(name);
    REQUIRE(fd >= 0);
    REQUIRE(::write(fd, content.data(), content.size()) == static_cast<ssize_t>(content.size()));
    REQUIRE(::fchmod(fd, mode) == 0);
    ::close(fd);
    path_ = name;
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { ::unlink(path_.c_str()); }

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}
