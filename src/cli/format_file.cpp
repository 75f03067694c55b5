#include "cli/format_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

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

// The permissions of the file that is replaced, or those of a new file.
mode_t permissions(const std::string& path) {
  struct stat st {};
  if (::stat(path.c_str(), &st) == 0) return st.st_mode & 07777;
  mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

base::Status replace_file(const std::string& path, const std::string& text) {
  std::string temporary = path + ".XXXXXX";
  base::UniqueFd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd) return base::system_error(errno, "Failed to create a file beside " + path);
  base::Status written = write_all(fd.get(), text, temporary);
  bool kept = written.ok() && ::fchmod(fd.get(), permissions(path)) == 0 &&
              ::rename(temporary.c_str(), path.c_str()) == 0;
  if (kept) return base::Done{};
  int errnum = errno;
  ::unlink(temporary.c_str());
  if (!written.ok()) return written;
  return base::system_error(errnum, "Failed to write " + path);
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
                                                  : replace_file(line.output_file, text);
  return written.ok() ? 0 : messages.error(written.error());
}

}  // namespace gimlet::cli
