// Attach points of uprobe and uretprobe (probes-and-stdlib B2.9): which files, and which kind of
// place in them. expand_user_places.cpp finds the places.

#include "ast/sema/expand_user.h"

#include <fmt/format.h>

#include <cerrno>

#include "ast/sema/expand.h"
#include "base/integer.h"

namespace gimlet::ast::sema {
namespace {

using Part = AttachPoint::Part;

// FILE@SRC:LINE[:COL]
bool read_source_line(ExpandContext& context, UserPoint& point) {
  const auto& parts = context.parts;
  if (context.provider.id == ProviderId::Uretprobe) {
    context.error(context.point.range, "Source code location not allowed");
    return false;
  }
  bool form = (parts.size() == 4 || parts.size() == 5) && parts[1].text == "@";
  if (!form || parts[2].text.empty()) {
    context.error(context.point.range,
                  "Invalid uprobe arguments, expected format: uprobe:TARGET@FILE:LINE[:COL]");
    return false;
  }
  point.source = parts[2].text;
  point.place = &parts[2];
  auto line = context.number(parts[3], "Invalid line number");
  if (!line) return false;
  point.line = *line;
  if (parts.size() == 4) return true;
  auto column = context.number(parts[4], "Invalid column number");
  if (!column) return false;
  point.column = *column;
  return true;
}

// FILE:PLACE, FILE:cpp:NAME and, with -p, both without the file.
bool read_function(ExpandContext& context, UserPoint& point) {
  const auto& parts = context.parts;
  const bool has_pid = context.facts.options.target_pid != 0;
  const auto is_cpp = [](const Part& part) { return part.text == "cpp" && !part.quoted; };
  const bool language_alone = has_pid && parts.size() == 2 && is_cpp(parts[0]);
  const bool no_file = has_pid && (parts.size() == 1 || language_alone);
  if (!no_file && !context.check_part_count(2, 3)) return false;
  point.place = &parts.back();
  if (parts.size() == 3 || language_alone) {
    const Part& language = parts[parts.size() - 2];
    if (!is_cpp(language)) {
      context.error(language.range, fmt::format("unsupported language type: {}", language.text));
      return false;
    }
    point.is_cpp = true;
  }
  point.has_file = !no_file;
  return true;
}

std::optional<UserPoint> take_apart(ExpandContext& context) {
  UserPoint point;
  point.file_range = context.point.range;
  bool by_line = false;
  for (const Part& part : context.parts) by_line |= part.text == "@" && !part.quoted;
  if (by_line ? !read_source_line(context, point) : !read_function(context, point)) {
    return std::nullopt;
  }
  if (point.has_file) {
    point.file = context.parts[0].text;
    point.file_range = context.parts[0].range;
    // With -p an empty file is the process's own program.
    if (point.file.empty() && context.facts.options.target_pid == 0) {
      context.error(context.point.range,
                    fmt::format("{} should have a target", context.provider.name));
      return std::nullopt;
    }
  }
  if (point.place->text.empty()) {
    context.error(
        context.point.range,
        fmt::format("{} should be attached to a function, address, or source file and line "
                    "(using DWARF)",
                    context.provider.name));
    return std::nullopt;
  }
  return point;
}

}  // namespace

void expand_user(ExpandContext& context, Expansion& expansion) {
  auto point = take_apart(context);
  if (!point) return;
  auto number = base::parse_integer(point->place->text, base::IntegerForms::CommandWord);
  auto paths = context.facts.kernel.resolve_binary(point->file, context.facts.options.target_pid);
  const auto* offset = point->place->quoted ? nullptr : std::get_if<uint64_t>(&number);
  if (!paths && paths.error().errnum == ENOEXEC && context.facts.options.unsafe && offset) {
    UserPlaces{context, expansion, *point->place, false}.add_unchecked(point->file, *offset);
    return;
  }
  if (!paths) {
    context.missing(point->file_range, paths.error().message).hint(paths.error().hint);
    return;
  }
  const bool file_pattern = point->has_file && context.is_pattern(0);
  if (paths->size() > 1 && !file_pattern) {
    context.facts.reporter.warning(
        context.point.range,
        fmt::format("attaching to uprobe target file '{}' but matched {} binaries", paths->front(),
                    paths->size()));
    paths->resize(1);
  }
  const Part& place = *point->place;
  const bool pattern = context.is_pattern(context.parts.size() - 1);
  if (file_pattern && !point->source.empty()) {
    context.error(context.parts[0].range, "Cannot use wildcards with a source code location");
    return;
  }
  if (offset && file_pattern && !point->is_cpp) {
    context.error(place.range, "Cannot use wildcards with absolute address");
    return;
  }
  UserPlaces places{context, expansion, place, file_pattern};
  for (const std::string& path : *paths) {
    if (!point->source.empty()) {
      places.add_source_line(path, *point);
    } else if (point->is_cpp) {
      places.add_cpp(path);
    } else if (pattern) {
      places.add_pattern(path);
    } else if (offset) {
      places.add_address(path, *offset);
    } else {
      places.add_function(path);
    }
  }
}

}  // namespace gimlet::ast::sema
