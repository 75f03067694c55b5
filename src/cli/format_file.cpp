#include "cli/format_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>

#include "base/owners.h"
#include "frontend/format.h"

namespace gimlet::cli {
namespace {

base::Status write_all(int fd, const std::string& text, const std::string& path) {
  for (size_t done = 0; done < text.size();) {
    ssize_t n = ::write(fd, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return base::system_error(errno, "Failed to write " + path);
    done += static_cast<size_t>(n);
  }
  return base::Done{};
}

// Owner and permissions of the file that is replaced, or the permissions of a new file.
bool take_over(int fd, const struct stat* old) {
  if (old) return ::fchown(fd, old->st_uid, old->st_gid) == 0 && ::fchmod(fd, old->st_mode) == 0;
  mode_t mask = ::umask(0);
  ::umask(mask);
  return ::fchmod(fd, 0666 & ~mask) == 0;
}

base::Error write_error(int errnum, const std::string& path) {
  return base::system_error(errnum, "Failed to write " + path);
}

// A device, a pipe or a terminal takes the text as it comes.
base::Status write_into(const std::string& path, const std::string& text) {
  base::UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd) return write_error(errno, path);
  return write_all(fd.get(), text, path);
}

// Whoever reads the file sees all of the old text or all of the new one.
base::Status replace_file(const std::string& path, const std::string& text,
                          const struct stat* old) {
  std::string temporary = path + ".XXXXXX";
  base::UniqueFd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd) return base::system_error(errno, "Failed to create a file beside " + path);
  base::Status written = write_all(fd.get(), text, path);
  bool kept =
      written.ok() && take_over(fd.get(), old) && ::rename(temporary.c_str(), path.c_str()) == 0;
  if (kept) return base::Done{};
  int errnum = errno;
  ::unlink(temporary.c_str());
  return written.ok() ? write_error(errnum, path) : written;
}

base::Status write_file_at(const std::string& path, const std::string& text) {
  struct stat old {};
  if (::stat(path.c_str(), &old) != 0) {
    if (errno != ENOENT) return write_error(errno, path);
    return replace_file(path, text, nullptr);
  }
  if (!S_ISREG(old.st_mode)) return write_into(path, text);
  // A link stays a link.
  char resolved[PATH_MAX];
  if (!::realpath(path.c_str(), resolved)) return write_error(errno, path);
  return replace_file(resolved, text, &old);
}

}  // namespace

int format_program(const CommandLine& line, ProgramSource program, const Messages& messages) {
  base::SourceSet sources;
  base::FileId file = sources.add(program.name, std::move(program.text));
  base::Diagnostics diagnostics;
  std::string text = frontend::format(sources, file, diagnostics);
  if (diagnostics.has_errors()) {
    fputs(base::show(sources, diagnostics, {messages.warnings, messages.colour}).c_str(), stderr);
    return 1;
  }
  base::Status written = line.output_file.empty() ? write_all(1, text, "standard output")
                                                  : write_file_at(line.output_file, text);
  return written.ok() ? 0 : messages.error(written.error());
}

}  // namespace gimlet::cli
