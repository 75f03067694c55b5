// Attach points of usdt (probes-and-stdlib B2.10): FILE:NAME, FILE:PROVIDER:NAME, and with -p also
// NAME and :PROVIDER:NAME, which mean every file that the process has mapped.

#include <fmt/format.h>

#include "ast/sema/expand.h"
#include "base/glob.h"
#include "base/suggest.h"

namespace gimlet::ast::sema {
namespace {

using Part = AttachPoint::Part;

// The attach point taken apart; `provider` is null where it is left out.
struct Wanted {
  std::string file;
  SourceRange file_range;
  const Part* provider = nullptr;
  const Part* name = nullptr;
};

std::optional<Wanted> take_apart(ExpandContext& context) {
  const auto& parts = context.parts;
  const bool has_pid = context.facts.options.target_pid != 0;
  // One part is enough with -p; without, there is a better message than the number of parts.
  if (parts.size() != 1 && !context.check_part_count(2, 3)) return std::nullopt;
  Wanted wanted;
  wanted.file_range = context.point.range;
  wanted.name = &parts.back();
  if (parts.size() > 1) {
    wanted.file = parts[0].text;
    wanted.file_range = parts[0].range;
  }
  if (parts.size() == 3 && (!parts[1].text.empty() || parts[1].quoted)) wanted.provider = &parts[1];
  if (wanted.name->text.empty()) {
    context.error(context.point.range, "usdt probe must have a target function or wildcard");
    return std::nullopt;
  }
  if (wanted.file.empty() && !has_pid) {
    context.error(context.point.range,
                  "usdt probe must specify at least path or pid to probe. To target all paths/pids "
                  "set the path to '*'.");
    return std::nullopt;
  }
  if (wanted.file.empty()) wanted.file = "*";
  return wanted;
}

bool part_matches(const Part* pattern, const std::string& text) {
  if (!pattern) return true;
  if (pattern->quoted) return pattern->text == text;
  return base::glob_matches(pattern->text, text);
}

std::optional<std::vector<std::string>> find_files(ExpandContext& context, const Wanted& wanted) {
  auto paths = context.facts.kernel.resolve_binary(wanted.file, context.facts.options.target_pid);
  if (!paths) {
    context
        .missing(
            wanted.file_range,
            fmt::format("usdt target file '{}' does not exist or is not executable", wanted.file))
        .hint(paths.error().hint);
    return std::nullopt;
  }
  if (paths->size() > 1 && !base::has_wildcard(wanted.file)) {
    context.facts.reporter.warning(
        wanted.file_range, fmt::format("attaching to usdt target file '{}' but matched {} binaries",
                                       paths->front(), paths->size()));
    paths->resize(1);
  }
  return std::move(*paths);
}

void report_no_match(ExpandContext& context, const Wanted& wanted,
                     const std::vector<std::string>& known) {
  const auto is_wild = [](const Part* part) {
    return part && !part->quoted && base::has_wildcard(part->text);
  };
  // A pattern may match nothing; then the probe as a whole is looked at.
  if (base::has_wildcard(wanted.file) || is_wild(wanted.provider) || is_wild(wanted.name)) return;
  std::string text = wanted.file + ":";
  if (wanted.provider) text += wanted.provider->text + ":";
  text += wanted.name->text;
  auto& report = context.missing(wanted.name->range, fmt::format("No matches for usdt {}.", text));
  if (auto near = base::nearest(wanted.name->text, known)) {
    report.hint(fmt::format("Did you mean '{}'?", *near));
  }
}

}  // namespace

void expand_usdt(ExpandContext& context, Expansion& expansion) {
  auto wanted = take_apart(context);
  if (!wanted) return;
  auto paths = find_files(context, *wanted);
  if (!paths) return;
  std::vector<std::string> known;
  for (const std::string& path : *paths) {
    auto markers = context.facts.kernel.usdt_markers(path);
    // Among the many files of a wildcard some may have gone, or be no readable ELF.
    if (!markers) {
      if (paths->size() == 1) context.missing(wanted->file_range, markers.error().message);
      if (paths->size() == 1) return;
      continue;
    }
    for (UsdtMarker& marker : *markers) {
      known.push_back(marker.name);
      if (!part_matches(wanted->provider, marker.provider)) continue;
      if (!part_matches(wanted->name, marker.name)) continue;
      Match match;
      match.target = {context.provider.id,
                      fmt::format("usdt:{}:{}:{}", path, marker.provider, marker.name),
                      UsdtTarget{path, std::move(marker)}};
      expansion.matches.push_back(std::move(match));
    }
  }
  if (expansion.matches.empty()) report_no_match(context, *wanted, known);
}

}  // namespace gimlet::ast::sema
