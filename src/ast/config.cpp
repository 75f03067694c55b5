#include "ast/config.h"

#include <fmt/format.h>

#include <cctype>
#include <limits>

#include "base/integer.h"

namespace gimlet::ast {
namespace {

using Problem = std::optional<std::string>;

constexpr const char* kLicenses[] = {"GPL",          "GPL v2",       "GPL and additional rights",
                                     "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL"};

constexpr ConfigKey kKeys[] = {
    {.name = "cpp_demangle",
     .place = &Config::cpp_demangle,
     .summary = "show names of C++ as they were written"},
    {.name = "lazy_symbolication",
     .place = &Config::lazy_symbolication,
     .summary = "look up user symbols when they are shown, not before"},
    {.name = "print_maps_on_exit",
     .place = &Config::print_maps_on_exit,
     .summary = "print maps at the end",
     .in_help = true},
    {.name = "use_blazesym",
     .place = &Config::use_blazesym,
     .summary = "look up symbols in debug information"},
    {.name = "show_debug_info",
     .place = &Config::show_debug_info,
     .summary = "show files, lines and inlined functions in stacks"},
    {.name = "log_size", .place = &Config::log_size, .summary = "bytes of the verifier's log"},
    {.name = "max_bpf_progs",
     .place = &Config::max_bpf_progs,
     .summary = "BPF programs generated",
     .in_help = true},
    {.name = "max_cat_bytes", .place = &Config::max_cat_bytes, .summary = "bytes that cat() shows"},
    {.name = "max_map_keys",
     .place = &Config::max_map_keys,
     .summary = "entries of a map",
     .in_help = true,
     .minimum = 1},
    {.name = "max_probes",
     .place = &Config::max_probes,
     .summary = "probes attached at once",
     .in_help = true},
    {.name = "max_strlen",
     .place = &Config::max_strlen,
     .summary = "bytes of str() and string literals",
     .in_help = true,
     .minimum = 2},
    {.name = "on_stack_limit",
     .place = &Config::on_stack_limit,
     .summary = "bytes from which objects leave the BPF stack"},
    {.name = "perf_rb_pages",
     .place = &Config::perf_rb_pages,
     .summary = "pages of the ring buffer",
     .shown_default = "auto",
     .in_help = true},
    {.name = "str_trunc_trailer",
     .place = &Config::str_trunc_trailer,
     .summary = "what follows a string that was cut"},
    {.name = "unstable_import_statement",
     .place = &Config::unstable_import_statement,
     .summary = "import inside a block: enable, warn or error"},
    {.name = "unstable_tseries",
     .place = &Config::unstable_tseries,
     .summary = "tseries(): enable, warn or error"},
    {.name = "unstable_typeinfo",
     .place = &Config::unstable_typeinfo,
     .summary = "typeinfo(): enable, warn or error"},
    {.name = "unstable_dw_ustack",
     .place = &Config::unstable_dw_ustack,
     .summary = "dw_ustack: enable, warn or error"},
    {.name = "missing_probes",
     .place = &Config::missing_probes,
     .summary = "error, warn or ignore",
     .in_help = true},
    {.name = "stack_mode",
     .place = &Config::stack_mode,
     .summary = "bpftrace, perf, raw or build_id",
     .in_help = true},
    {.name = "license",
     .place = &Config::license,
     .summary = "licence that the kernel is told",
     .allowed = kLicenses},
    {.name = "cache_user_symbols",
     .place = &Config::cache_user_symbols,
     .summary = "PER_PID, PER_PROGRAM or NONE",
     .shown_default = "auto",
     .in_record = false},

    {.name = "strlen", .status = ConfigStatus::Renamed, .renamed_to = "max_strlen"},
    {.name = "no_cpp_demangle", .status = ConfigStatus::Renamed, .renamed_to = "cpp_demangle"},
    {.name = "cat_bytes_max", .status = ConfigStatus::Renamed, .renamed_to = "max_cat_bytes"},
    {.name = "map_keys_max", .status = ConfigStatus::Renamed, .renamed_to = "max_map_keys"},

    {.name = "symbol_source", .status = ConfigStatus::Deprecated},
    {.name = "max_type_res_iterations", .status = ConfigStatus::Deprecated},
    {.name = "unstable_addr", .status = ConfigStatus::Deprecated},
    {.name = "unstable_import", .status = ConfigStatus::Deprecated},
    {.name = "unstable_macro", .status = ConfigStatus::Deprecated},
    {.name = "unstable_map_decl", .status = ConfigStatus::Deprecated},

    {.name = "btf", .status = ConfigStatus::EnvironmentOnly},
    {.name = "kernel_build", .status = ConfigStatus::EnvironmentOnly},
    {.name = "kernel_source", .status = ConfigStatus::EnvironmentOnly},
    {.name = "vmlinux", .status = ConfigStatus::EnvironmentOnly},
};

// The words of a choice. `valid` is how a message lists them.
template <typename Choice>
struct Word {
  const char* text;
  Choice value;
};
template <typename Choice>
struct Words;
template <>
struct Words<StackMode> {
  static constexpr Word<StackMode> kAll[] = {{"bpftrace", StackMode::Bpftrace},
                                             {"raw", StackMode::Raw},
                                             {"perf", StackMode::Perf},
                                             {"build_id", StackMode::BuildId}};
  static constexpr const char* kValid = "bpftrace, raw, perf, and build_id";
};
template <>
struct Words<MissingProbes> {
  static constexpr Word<MissingProbes> kAll[] = {{"ignore", MissingProbes::Ignore},
                                                 {"warn", MissingProbes::Warn},
                                                 {"error", MissingProbes::Error}};
  static constexpr const char* kValid = "\"ignore\", \"warn\", and \"error\"";
};
template <>
struct Words<Unstable> {
  static constexpr Word<Unstable> kAll[] = {
      {"enable", Unstable::Enable}, {"warn", Unstable::Warn}, {"error", Unstable::Error}};
  static constexpr const char* kValid = "enable, warn, and error";
};
template <>
struct Words<SymbolCache> {
  static constexpr Word<SymbolCache> kAll[] = {{"PER_PID", SymbolCache::PerPid},
                                               {"PER_PROGRAM", SymbolCache::PerProgram},
                                               {"NONE", SymbolCache::None},
                                               {"0", SymbolCache::None},
                                               {"1", SymbolCache::Default}};
  static constexpr const char* kValid = "PER_PID, PER_PROGRAM, and NONE";
};

std::string with_case(std::string_view text, int (*change)(int)) {
  std::string out;
  for (char c : text) out += static_cast<char>(change(static_cast<unsigned char>(c)));
  return out;
}

std::string as_text(const ConfigValue& value) {
  if (auto* number = std::get_if<uint64_t>(&value)) return fmt::format("{}", *number);
  if (auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  return std::get<std::string>(value);
}

// Numbers count as their truth: only a script has them.
std::optional<bool> as_bool(const ConfigValue& value) {
  if (auto* number = std::get_if<uint64_t>(&value)) return *number != 0;
  if (auto* truth = std::get_if<bool>(&value)) return *truth;
  return parse_bool_word(std::get<std::string>(value));
}

std::optional<uint64_t> as_number(const ConfigValue& value) {
  if (auto* number = std::get_if<uint64_t>(&value)) return *number;
  auto* text = std::get_if<std::string>(&value);
  if (!text) return std::nullopt;
  auto parsed = base::parse_integer(*text, base::IntegerForms::CommandWord);
  auto* number = std::get_if<uint64_t>(&parsed);
  return number ? std::optional(*number) : std::nullopt;
}

// One function for each kind of key. They set `target`, or say what is wrong.

Problem assign(const ConfigKey&, const ConfigValue& value, bool& target) {
  auto truth = as_bool(value);
  if (!truth) return "Invalid bool value: valid values are true, false, 1 or 0.";
  target = *truth;
  return std::nullopt;
}

template <typename Number>
Problem assign_number(const ConfigKey& key, const ConfigValue& value, Number& target) {
  auto number = as_number(value);
  if (!number) return fmt::format("{}: expecting a number, got {}", key.name, as_text(value));
  if (*number > std::numeric_limits<Number>::max()) {
    return fmt::format("{}: {} is too large", key.name, as_text(value));
  }
  if (*number < key.minimum) return fmt::format("{}: must be at least {}", key.name, key.minimum);
  target = static_cast<Number>(*number);
  return std::nullopt;
}
Problem assign(const ConfigKey& key, const ConfigValue& value, uint32_t& target) {
  return assign_number(key, value, target);
}
Problem assign(const ConfigKey& key, const ConfigValue& value, uint64_t& target) {
  return assign_number(key, value, target);
}

Problem assign(const ConfigKey& key, const ConfigValue& value, std::string& target) {
  std::string text = as_text(value);
  if (key.allowed.empty()) {
    if (!std::holds_alternative<std::string>(value)) {
      return fmt::format("{}: expecting a string, got {}", key.name, text);
    }
    target = std::move(text);
    return std::nullopt;
  }
  for (const char* word : key.allowed) {
    if (text != word) continue;
    target = std::move(text);
    return std::nullopt;
  }
  return fmt::format("Invalid value for {}. Found: {}. Valid values: {}", key.name, text,
                     fmt::join(key.allowed, ", "));
}

template <typename Choice>
Problem assign(const ConfigKey& key, const ConfigValue& value, Choice& target) {
  constexpr bool kAnyCase = std::is_same_v<Choice, SymbolCache>;
  std::string text = std::holds_alternative<bool>(value) ? std::string() : as_text(value);
  if (kAnyCase) text = with_case(text, std::toupper);
  for (const auto& word : Words<Choice>::kAll) {
    if (text != word.text) continue;
    target = word.value;
    return std::nullopt;
  }
  if constexpr (std::is_same_v<Choice, Unstable>) {
    if (auto truth = as_bool(value)) {
      target = *truth ? Unstable::Enable : Unstable::Error;
      return std::nullopt;
    }
  }
  return fmt::format("Invalid value for {}: valid values are {}.", key.name, Words<Choice>::kValid);
}

ConfigValue value_of(bool truth) { return truth; }
ConfigValue value_of(uint32_t number) { return uint64_t{number}; }
ConfigValue value_of(uint64_t number) { return number; }
ConfigValue value_of(const std::string& text) { return text; }
template <typename Choice>
ConfigValue value_of(Choice choice) {
  for (const auto& word : Words<Choice>::kAll) {
    if (word.value == choice) return std::string(word.text);
  }
  return std::string();
}

}  // namespace

std::optional<bool> parse_bool_word(std::string_view text) {
  std::string word = with_case(text, std::tolower);
  for (const char* yes : {"1", "true", "on", "yes"}) {
    if (word == yes) return true;
  }
  for (const char* no : {"0", "false", "off", "no"}) {
    if (word == no) return false;
  }
  return std::nullopt;
}

std::span<const ConfigKey> config_keys() { return kKeys; }

const ConfigKey* find_config_key(std::string_view name) {
  for (const ConfigKey& key : kKeys) {
    if (name == key.name) return &key;
  }
  return nullptr;
}

std::string normal_config_name(std::string_view written) {
  constexpr std::string_view kPrefix = "bpftrace_";
  std::string name = with_case(written, std::tolower);
  if (name.starts_with(kPrefix)) name.erase(0, kPrefix.size());
  return name;
}

std::string environment_name(const ConfigKey& key) {
  return "BPFTRACE_" + with_case(key.name, std::toupper);
}

std::optional<std::string> set_config(Config& config, const ConfigKey& key,
                                      const ConfigValue& value) {
  return std::visit(
      [&](auto place) -> Problem {
        if constexpr (std::is_same_v<decltype(place), std::monostate>) {
          return fmt::format("{}: cannot be set", key.name);
        } else {
          return assign(key, value, config.*place);
        }
      },
      key.place);
}

ConfigValue config_value(const Config& config, const ConfigKey& key) {
  return std::visit(
      [&](auto place) -> ConfigValue {
        if constexpr (std::is_same_v<decltype(place), std::monostate>) {
          return std::string();
        } else {
          return value_of(config.*place);
        }
      },
      key.place);
}

std::string shown_default(const ConfigKey& key) {
  return key.shown_default ? key.shown_default : as_text(config_value(Config(), key));
}

base::Result<Config> read_environment(const EnvironmentLookup& lookup) {
  Config config;
  for (const ConfigKey& key : kKeys) {
    if (key.status != ConfigStatus::Normal) continue;
    const char* text = lookup(environment_name(key).c_str());
    if (!text) continue;
    if (Problem problem = set_config(config, key, std::string(text))) {
      return base::Error{std::move(*problem), "", 0, 2};
    }
  }
  return config;
}

std::set<std::string> keys_in_environment(const EnvironmentLookup& lookup) {
  std::set<std::string> names;
  for (const ConfigKey& key : kKeys) {
    if (key.status != ConfigStatus::Normal) continue;
    if (lookup(environment_name(key).c_str())) names.insert(key.name);
  }
  return names;
}

std::string unstable_message(const UnstableFeature& feature, Unstable setting) {
  switch (setting) {
    case Unstable::Enable: return "";
    case Unstable::Warn:
      return fmt::format(
          "Script is using an unstable feature: {}. To prevent this warning you must explicitly "
          "enable it in the config e.g. {}=enable",
          feature.name, feature.key);
    case Unstable::Error:
      if (feature.refusal) return feature.refusal;
      return fmt::format(
          "{} feature is not enabled by default. To enable this unstable feature, set the config "
          "flag to enable. {}=enable",
          feature.name, feature.key);
  }
  return "";
}

}  // namespace gimlet::ast
