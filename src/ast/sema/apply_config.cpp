#include "ast/sema/apply_config.h"

#include <fmt/format.h>

#include <vector>

#include "base/suggest.h"

namespace gimlet::ast::sema {
namespace {

std::string suggestion(const std::string& name) {
  std::vector<std::string> names;
  for (const ConfigKey& key : config_keys()) {
    if (key.status == ConfigStatus::Normal) names.push_back(key.name);
  }
  auto near = base::nearest(name, names);
  return near ? fmt::format("Did you mean '{}'?", *near) : std::string();
}

// The key that an entry sets; null if it sets nothing, for a reason that has been reported.
const ConfigKey* key_to_set(const ConfigEntry& entry, base::Diagnostics& diagnostics) {
  std::string name = normal_config_name(entry.key);
  const ConfigKey* key = find_config_key(name);
  if (!key) {
    diagnostics.error(entry.key_range, fmt::format("{}: not a known configuration option", name))
        .hint(suggestion(name));
    return nullptr;
  }
  switch (key->status) {
    case ConfigStatus::Normal: return key;
    case ConfigStatus::Renamed:
      diagnostics.warning(entry.key_range, fmt::format("{} has been renamed, please use {}",
                                                       key->name, key->renamed_to));
      return find_config_key(key->renamed_to);
    case ConfigStatus::Deprecated:
      diagnostics.warning(entry.key_range,
                          fmt::format("{} is deprecated and has no effect", key->name));
      return nullptr;
    case ConfigStatus::EnvironmentOnly:
      diagnostics.error(entry.key_range,
                        fmt::format("{}: can only be set as an environment variable", key->name));
      return nullptr;
  }
  return nullptr;
}

}  // namespace

void apply_config(const Program& program, const std::set<std::string>& fixed_by_environment,
                  Config& config, base::Diagnostics& diagnostics) {
  Config unused;
  for (const ConfigEntry& entry : program.config) {
    const ConfigKey* key = key_to_set(entry, diagnostics);
    if (!key) continue;
    // A value that the environment overrides must be right all the same.
    Config& target = fixed_by_environment.contains(key->name) ? unused : config;
    if (auto problem = set_config(target, *key, entry.value)) {
      diagnostics.error(entry.value_range, std::move(*problem));
    }
  }
}

}  // namespace gimlet::ast::sema
