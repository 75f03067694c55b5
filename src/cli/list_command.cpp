#include "cli/list_command.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>

#include "list/listing.h"

namespace gimlet::cli {
namespace {

int show(const list::Listing& listing, const Messages& messages) {
  bool written = true;
  for (const std::string& text : listing.lines) written = written && puts(text.c_str()) != EOF;
  if (!written || fflush(stdout) != 0) {
    return messages.error(base::system_error(errno, "write to OUT failed"));
  }
  for (const std::string& note : listing.notes) fprintf(stderr, "%s\n", note.c_str());
  for (const std::string& warning : listing.warnings) messages.warning(warning);
  return 0;
}

}  // namespace

bool lists_program(const CommandLine& line) {
  if (line.program_text) return true;
  struct stat st {};
  return !line.operands.empty() && ::stat(line.operands[0].c_str(), &st) == 0;
}

int list_system(const CommandLine& line, uint64_t pid, kernel::Kernel& kernel,
                const Messages& messages) {
  const std::string patterns = line.operands.empty() ? "*" : line.operands[0];
  const bool like_file =
      patterns.find('.') != std::string::npos && patterns.find_first_of(":*") == std::string::npos;
  if (like_file) {
    messages.warning(
        fmt::format("It appears that '{0}' is a filename but the file does not exist. "
                    "Treating '{0}' as a search pattern.",
                    patterns));
  }
  auto listing = list::list_patterns(patterns, {kernel, pid, line.verbose});
  if (!listing) return messages.error(listing.error());
  return show(*listing, messages);
}

int list_probes(const CommandLine& line, const ast::TypedProgram& program, uint64_t pid,
                kernel::Kernel& kernel, const Messages& messages) {
  return show(list::list_program(program, {kernel, pid, line.verbose}), messages);
}

}  // namespace gimlet::cli
