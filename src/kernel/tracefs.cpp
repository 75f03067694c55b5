// Names of events become parts of paths; those that would lead elsewhere name no event.
#include "kernel/tracefs.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/owners.h"
#include "kernel/lockdown.h"
#include "kernel/tracefs_mount.h"

namespace gimlet::kernel {
namespace {

bool is_file_name(const std::string& text) {
  return !text.empty() && text != "." && text != ".." && text.find('/') == std::string::npos;
}

// What the user can do about a file of tracefs that could not be read.
std::string remedy(const base::Error& error, const std::string& root) {
  if (error.errnum == EACCES || error.errnum == EPERM) {
    return lockdown() == Lockdown::Confidentiality ? lockdown_hint() : "run as root";
  }
  if (::access((root + "/events").c_str(), F_OK) == 0) return {};
  if (errno == EACCES) return "run as root";
  return fmt::format("mount the tracing file system: mount -t tracefs tracefs {}", root);
}

base::Result<std::string> read(const std::string& path, const std::string& root) {
  auto text = base::read_file(path);
  if (!text.ok()) text.error().hint = remedy(text.error(), root);
  return text;
}

}  // namespace

const std::string& Tracefs::root() const { return root_.empty() ? host_tracefs() : root_; }

std::string Tracefs::format_path(const std::string& category, const std::string& event) {
  return fmt::format("{}/events/{}/{}/format", root(), category, event);
}

bool Tracefs::exists(const std::string& category, const std::string& event) {
  if (!is_file_name(category) || !is_file_name(event)) return false;
  return ::access(format_path(category, event).c_str(), F_OK) == 0;
}

base::Result<std::vector<std::string>> Tracefs::events() {
  auto text = read(root() + "/available_events", root());
  if (!text.ok()) return text.error();
  std::vector<std::string> names;
  for (std::string_view rest = *text; !rest.empty();) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    if (end > 0) names.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

base::Result<std::vector<FormatField>> Tracefs::fields(const std::string& category,
                                                       const std::string& event) {
  if (!is_file_name(category) || !is_file_name(event)) {
    return base::Error{fmt::format("No such tracepoint: {}:{}", category, event), {}, ENOENT};
  }
  const std::string path = format_path(category, event);
  auto text = read(path, root());
  if (!text.ok()) return text.error();
  return parse_format(*text, path);
}

base::Result<std::string> Tracefs::traceable_functions() {
  return read(traceable_functions_path(), root());
}

base::Result<ast::StructLayout> Tracefs::layout(const std::string& category,
                                                const std::string& event,
                                                const TypeLookup& lookup) {
  auto parsed = fields(category, event);
  if (!parsed.ok()) return parsed.error();
  // The arguments of system calls that are pointers come from user space.
  const auto space = category == "syscalls" ? ast::AddressSpace::User : ast::AddressSpace::Kernel;
  ast::StructLayout layout;
  layout.name = fmt::format("{}:{}", category, event);
  for (const FormatField& field : *parsed) {
    layout.fields.push_back(typed_field(field, space, lookup));
    layout.size = std::max(layout.size, field.offset + field.size);
  }
  return layout;
}

}  // namespace gimlet::kernel
