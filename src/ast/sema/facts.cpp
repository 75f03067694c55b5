#include "ast/sema/facts.h"

#include <fmt/format.h>

#include "ast/promote.h"

namespace gimlet::ast::sema {

base::Diagnostic& Reporter::report(base::Severity severity, SourceRange range,
                                   std::string message) {
  if (!sink_ ||
      !seen_.emplace(range.file, range.begin, range.end, range.expansion, message).second) {
    ignored_ = {};
    return ignored_;
  }
  return sink_->add({severity, range, std::move(message), {}, {}});
}

base::Diagnostic& Reporter::error(SourceRange range, std::string message) {
  return report(base::Severity::Error, range, std::move(message));
}

base::Diagnostic& Reporter::warning(SourceRange range, std::string message) {
  return report(base::Severity::Warning, range, std::move(message));
}

bool ProgramFacts::widen(Type& place, const Type& arriving) {
  if (!arriving.known()) return true;
  std::optional<Type> wider = promote(place, arriving);
  if (!wider) return false;
  bool same = same_type(place, *wider) && place.flexible == wider->flexible;
  if (!same) {
    place = *wider;
    changed = true;
  }
  return true;
}

void ProgramFacts::point_at_origin(base::Diagnostic& diagnostic, const MapFacts& map) const {
  if (!map.inherited) return;
  const KnownMap& known = environment.maps.at(map.name);
  if (known.origin)
    diagnostic.note(*known.origin, fmt::format("{} has its type from here", map.name));
}

uint32_t ProgramFacts::map_number(const std::string& name, SourceRange range) {
  auto [it, added] = map_index.emplace(name, static_cast<uint32_t>(maps.size()));
  if (added) {
    MapFacts facts;
    facts.name = name;
    facts.first_use = range;
    for (const MapDeclaration& declaration : program.maps) {
      if (declaration.name == name) facts.declaration = &declaration;
    }
    if (auto known = environment.maps.find(name); known != environment.maps.end()) {
      facts.inherited = true;
      facts.shape_known = true;
      facts.keyed = known->second.plan.is_keyed();
      facts.key = known->second.plan.key;
      facts.value = known->second.plan.value;
    }
    maps.push_back(std::move(facts));
  }
  return it->second;
}

}  // namespace gimlet::ast::sema
