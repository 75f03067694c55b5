#include "list/listing.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>

#include "base/glob.h"
#include "base/suggest.h"
#include "list/lister.h"

namespace gimlet::list {
namespace {

using ast::Provider;

void write(Listing& listing, Entry entry) {
  listing.lines.push_back(std::move(entry.line));
  for (const std::string& argument : entry.arguments) listing.lines.push_back("    " + argument);
}

// Moves what a lister has found to the listing: a sorted set.
void take_found(Search& search, Listing& listing) {
  auto& found = search.found;
  std::sort(found.begin(), found.end(),
            [](const Entry& a, const Entry& b) { return a.line < b.line; });
  auto end = std::unique(found.begin(), found.end(),
                         [](const Entry& a, const Entry& b) { return a.line == b.line; });
  for (auto entry = found.begin(); entry != end; ++entry) write(listing, std::move(*entry));
  found.clear();
}

bool takes_part(const Lister& lister, const Pattern& pattern, const System& system) {
  if (!base::glob_matches(pattern.provider, ast::provider(lister.provider).name)) return false;
  if (lister.taken_by != TakenBy::UserFile) return lister.taken_by == TakenBy::Wildcard;
  return system.pid != 0 || ::access(pattern.parts.front().c_str(), F_OK) == 0;
}

void list_wildcard(Search& search, const Pattern& pattern, Listing& listing) {
  for (const Lister& lister : listers()) {
    if (!takes_part(lister, pattern, search.system)) continue;
    base::Status status = lister.find(search, pattern);
    take_found(search, listing);
    // One provider that cannot be asked does not hide what the others have.
    if (!status.ok()) search.warnings.push_back(status.error().message);
  }
}

std::string unknown_provider(const std::string& name) {
  std::vector<std::string> names;
  for (const Provider& provider : ast::providers()) names.push_back(provider.name);
  std::string text = fmt::format("Invalid probe type: {}", name);
  if (auto near = base::nearest(name, names)) text += fmt::format(". Did you mean '{}'?", *near);
  return text;
}

base::Status list_probes(Search& search, const Pattern& pattern, Listing& listing) {
  const Provider* provider = ast::find_provider(pattern.provider);
  if (!provider) {
    if (base::has_wildcard(pattern.provider)) {
      list_wildcard(search, pattern, listing);
    } else {
      search.warnings.push_back(unknown_provider(pattern.provider));
    }
    return base::Done{};
  }
  for (const Lister& lister : listers()) {
    if (lister.provider != provider->id) continue;
    base::Status status = lister.find(search, pattern);
    take_found(search, listing);
    return status;
  }
  return base::Done{};  // nothing of this provider can be listed
}

void list_types(const System& system, const Pattern& pattern, Listing& listing) {
  if (!system.verbose) {
    for (std::string& name : system.kernel.type_names(pattern.text)) {
      listing.lines.push_back(std::move(name));
    }
    return;
  }
  for (const kernel::CDefinition& definition : system.kernel.type_definitions(pattern.text)) {
    listing.lines.push_back(fmt::format("{}: {}", definition.module, definition.text));
    listing.lines.emplace_back();
  }
}

// Neither counts nor frequencies are shown: "interval:s:".
std::string shown_name(const ast::Target& target) {
  if (std::holds_alternative<ast::TimerTarget>(target.place)) {
    return target.name.substr(0, target.name.rfind(':') + 1);
  }
  if (std::holds_alternative<ast::PerfEventTarget>(target.place)) {
    const size_t event = target.name.find(':') + 1;
    return target.name.substr(0, target.name.find(':', event)) + ":";
  }
  const auto* user = std::get_if<ast::UserTarget>(&target.place);
  const char* provider = ast::provider(target.provider).name;
  if (user && target.name == fmt::format("{}:{}:cpp:{}", provider, user->path, user->symbol)) {
    return cpp_line(provider, user->path, user->symbol);
  }
  return target.name;
}

std::string way_in_note(const ast::TypedProbe& probe) {
  const size_t others = probe.targets.size() - 1;
  const char* way = ast::way_in(probe.provider, probe.mechanism);
  if (ast::is_one_link(probe.mechanism)) {
    const std::string who = others == 0 ? " comes" : fmt::format(" and {} more come", others);
    return fmt::format("{}{} in by one {}", probe.targets[0].name, who, way);
  }
  if (others == 0) return fmt::format("{} comes in as a {}", probe.targets[0].name, way);
  return fmt::format("{} and {} more come in as a {} each", probe.targets[0].name, others, way);
}

void finish(Search& search, Listing& listing) {
  if (std::string problem = search.kernel().traceable_problem(); !problem.empty()) {
    search.warnings.push_back(std::move(problem));
  }
  listing.warnings = std::move(search.warnings);
}

}  // namespace

base::Result<Listing> list_patterns(std::string_view patterns, const System& system) {
  Listing listing;
  Search search{system};
  for (const Pattern& pattern : split_patterns(patterns)) {
    if (pattern.names_type()) {
      list_types(system, pattern, listing);
      continue;
    }
    base::Status status = list_probes(search, pattern, listing);
    if (!status.ok()) return status.error();
  }
  finish(search, listing);
  return listing;
}

Listing list_program(const ast::TypedProgram& program, const System& system) {
  Listing listing;
  Search search{system};
  for (const ast::TypedProbe& probe : program.probes) {
    for (const ast::Target& target : probe.targets) {
      if (std::holds_alternative<ast::SpecialTarget>(target.place)) continue;
      Entry entry{shown_name(target), {}};
      if (system.verbose) entry.arguments = describe(search, target);
      write(listing, std::move(entry));
    }
    const bool own =
        ast::is_run_by_session(probe.provider) || ast::is_run_on_request(probe.provider);
    if (system.verbose && !own) listing.notes.push_back(way_in_note(probe));
  }
  finish(search, listing);
  return listing;
}

}  // namespace gimlet::list
