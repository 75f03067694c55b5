#include "ast/sema/plan_maps.h"

#include <fmt/format.h>

#include <algorithm>

namespace gimlet::ast::sema {
namespace {

constexpr uint32_t kCacheLine = 64;
constexpr size_t kKernelNameLength = 15;

// The kernel keeps 15 bytes of a name; two maps must not end up with the same one.
std::string kernel_name(const std::string& name, const std::vector<MapPlan>& others) {
  std::string base = "AT_" + name.substr(1);
  std::string cut = base.substr(0, kKernelNameLength);
  for (int number = 2;; number++) {
    bool taken = std::any_of(others.begin(), others.end(),
                             [&](const MapPlan& m) { return m.kernel_name == cut; });
    if (!taken) return cut;
    std::string suffix = fmt::format("_{}", number);
    cut = base.substr(0, kKernelNameLength - suffix.size()) + suffix;
  }
}

// Whether two updates of one per-CPU slot can overlap, so that they must be atomic. Programs of
// Guarded providers never overlap each other; begin, end, tests and benchmarks run while nothing is
// attached.
bool updates_overlap(const ProgramFacts& facts, const MapFacts& map) {
  size_t guarded = 0, single = 0;
  for (size_t number : map.updated_by) {
    const TypedProbe& probe = facts.result.probes[number];
    if (probe.provider == ProviderId::Begin || probe.provider == ProviderId::End) continue;
    if (is_run_on_request(probe.provider)) continue;
    Overlap overlap = overlap_of(probe.provider, probe.mechanism);
    if (overlap == Overlap::Preemptible) return true;
    (overlap == Overlap::Guarded ? guarded : single)++;
  }
  return single > 1 || (single == 1 && guarded > 0);
}

void choose_aggregate_storage(MapPlan& plan) {
  uint32_t slot = aggregate_slot_size(plan.value);
  plan.value_size = slot;
  plan.slot_stride = (slot + kCacheLine - 1) / kCacheLine * kCacheLine;
  bool hash = plan.is_keyed() || plan.is_series();
  plan.storage = hash ? MapStorage::PerCpuHash : MapStorage::PerCpuScalar;
  if (plan.is_series()) {
    if (plan.atomic) plan.value_size *= kOverlappingSeriesSlots;
  } else if (plan.has_buckets()) {
    plan.value_size = 8;
  }
}

void choose_storage(MapPlan& plan) {
  if (is_aggregate(plan.value)) {
    choose_aggregate_storage(plan);
  } else if (!plan.is_keyed() && is_scalar(plan.value)) {
    plan.storage = MapStorage::Scalar;
    plan.value_size = sizeof(ScalarSlot);
  } else {
    plan.storage = MapStorage::Hash;
    plan.value_size = plan.value.size;
  }
  plan.key_size = plan.is_keyed() ? plan.key.size : 4;
  if (plan.has_buckets()) plan.key_size = bucket_offset(plan) + 8;
}

// A series needs room for its intervals even where it has no keys.
uint32_t default_entries(const MapPlan& plan, uint32_t max_map_keys) {
  if (plan.is_keyed()) return max_map_keys;
  return plan.is_series() ? std::min(plan.value.series.count, max_map_keys) : 1;
}

void check_inherited(ProgramFacts& facts, const MapFacts& map) {
  if (!map.inherited) return;
  const MapPlan& known = facts.environment.maps.at(map.name).plan;
  if (!same_type(known.value, map.value)) {
    auto& report = facts.reporter.error(
        map.first_use, fmt::format("Type mismatch for {}: it holds values of type '{}' already and "
                                   "would need '{}'",
                                   map.name, type_name(known.value), type_name(map.value)));
    facts.point_at_origin(report, map);
  } else if (map.keyed && !same_type(known.key, map.key)) {
    auto& report = facts.reporter.error(
        map.first_use,
        fmt::format("Type mismatch for {}: it has keys of type '{}' already and would need '{}'",
                    map.name, type_name(known.key), type_name(map.key)));
    facts.point_at_origin(report, map);
  }
}

// A map that exists keeps its size unless the program declares it.
void take_over_size(const ProgramFacts& facts, const MapFacts& map, MapPlan& plan) {
  if (!map.inherited || map.declaration) return;
  const MapPlan& known = facts.environment.maps.at(map.name).plan;
  plan.max_entries = known.max_entries;
  plan.lru = known.lru;
}

}  // namespace

namespace {

// Later programs may bring larger numbers, and could not change the type any more.
bool make_room(const ProgramFacts& facts, const MapFacts& map, Type& type) {
  bool narrow = type.is(TypeKind::Integer) && type.size < 8;
  if (!facts.environment.shared || map.inherited || map.locked || !narrow) return false;
  bool flexible = type.flexible;
  type = integer_type(8, type.is_signed);
  type.flexible = flexible;
  return true;
}

}  // namespace

bool settle_open_maps(ProgramFacts& facts) {
  bool settled = false;
  for (MapFacts& map : facts.maps) {
    settled |= make_room(facts, map, map.value);
    settled |= make_room(facts, map, map.key);
  }
  for (MapFacts& map : facts.maps) {
    if (map.value.known() || !map.read) continue;
    map.value = literal_integer_type(0);
    settled = true;
  }
  return settled;
}

namespace {

struct DeclaredKind {
  const char* name;
  bool per_cpu;
  bool lru;
};

constexpr DeclaredKind kDeclaredKinds[] = {
    {"hash", false, false},
    {"lruhash", false, true},
    {"percpuhash", true, false},
    {"percpulruhash", true, true},
};

void apply_declaration(ProgramFacts& facts, const MapFacts& map, MapPlan& plan) {
  const MapDeclaration& declaration = *map.declaration;
  plan.max_entries = static_cast<uint32_t>(std::min<uint64_t>(declaration.entries, UINT32_MAX));
  for (const DeclaredKind& kind : kDeclaredKinds) {
    if (declaration.type != kind.name) continue;
    plan.lru = kind.lru;
    bool per_cpu = is_aggregate(map.value);
    if (kind.per_cpu == per_cpu || !map.value.known()) return;
    facts.reporter.error(declaration.type_range,
                         fmt::format("Incompatible map types. Type from declaration: {}. Type from "
                                     "value/key type: {}",
                                     declaration.type, per_cpu ? "percpuhash" : "hash"));
  }
}

// What is wrong with a declaration whatever the map is used for.
void check_declarations(ProgramFacts& facts) {
  std::map<std::string, const MapDeclaration*> seen;
  for (const MapDeclaration& declaration : facts.program.maps) {
    auto [earlier, first] = seen.emplace(declaration.name, &declaration);
    if (!first) {
      facts.reporter
          .error(declaration.name_range,
                 fmt::format("Redeclaration of existing map: {}", declaration.name))
          .note(earlier->second->name_range, "The first declaration is here");
    }
    auto valid = std::ranges::find(kDeclaredKinds, std::string_view(declaration.type),
                                   [](const DeclaredKind& k) { return std::string_view(k.name); });
    if (valid == std::end(kDeclaredKinds)) {
      facts.reporter
          .error(declaration.type_range, fmt::format("Invalid bpf map type: {}", declaration.type))
          .hint("Valid map types: hash, lruhash, percpuhash, percpulruhash");
    }
    if (declaration.entries == 0) {
      facts.reporter.error(declaration.range,
                           "expected positive integer for map declaration max entries");
    } else if (declaration.entries > UINT32_MAX) {
      facts.reporter.error(declaration.range,
                           fmt::format("{} is too large: a map has at most {} entries",
                                       declaration.entries, UINT32_MAX));
    }
    // In a session it may be for programs to come.
    if (!facts.environment.shared && !facts.map_index.contains(declaration.name)) {
      facts.reporter.warning(declaration.range, fmt::format("Unused map: {}", declaration.name));
    }
  }
}

// The map that tests put in the place of the clock, if the program has it.
void choose_clock(ProgramFacts& facts) {
  auto found = facts.map_index.find(facts.options.clock_map);
  if (found == facts.map_index.end()) return;
  const MapPlan& plan = facts.result.maps[found->second];
  if (plan.storage == MapStorage::Scalar && plan.value.is(TypeKind::Integer)) {
    facts.result.clock_map = static_cast<int32_t>(found->second);
    return;
  }
  facts.reporter.error(
      facts.maps[found->second].first_use,
      fmt::format("{} cannot stand for the clock: it is no integer without a key", plan.name));
}

}  // namespace

void plan_maps(ProgramFacts& facts) {
  check_declarations(facts);
  for (const MapFacts& map : facts.maps) {
    bool undefined = !map.value.known() || (map.keyed && !map.key.known());
    if (undefined && facts.error_count() == 0) {
      facts.reporter.error(map.first_use, fmt::format("Undefined map: {}", map.name));
    }
    check_inherited(facts, map);
    MapPlan plan;
    plan.name = map.name;
    plan.kernel_name = kernel_name(map.name, facts.result.maps);
    plan.key = map.keyed ? map.key : none_type();
    plan.value = map.value;
    plan.max_entries = default_entries(plan, facts.options.config.max_map_keys);
    plan.atomic = facts.environment.shared || updates_overlap(facts, map);
    take_over_size(facts, map, plan);
    if (map.declaration) apply_declaration(facts, map, plan);
    choose_storage(plan);
    facts.result.maps.push_back(std::move(plan));
  }
  choose_clock(facts);
}

}  // namespace gimlet::ast::sema
