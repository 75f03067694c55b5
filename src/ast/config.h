// Settings of a run, and the one table of the keys that set them (language §17.3, C10).
//
// A key is set by an environment variable (BPFTRACE_ and the key in capitals) or by the script's
// `config = { ... }` block; the environment wins. Both ways read values with set_config(). What a
// bad value is answered with is text without a place: the block adds the place, the environment
// shows it as it is.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "ast/type.h"
#include "base/result.h"

namespace gimlet::ast {

// What to do about a probe that cannot be found or attached.
enum class MissingProbes : uint8_t { Error, Warn, Ignore };

// What the use of an unstable feature leads to.
enum class Unstable : uint8_t { Enable, Warn, Error };

// What symbols of user programs are remembered by. Default: PerProgram if a child is started or
// addresses are not randomised, else PerPid.
enum class SymbolCache : uint8_t { Default, PerPid, PerProgram, None };

struct Config {
  uint32_t max_strlen = 1024;
  uint32_t max_map_keys = 4096;
  uint32_t max_cat_bytes = 10240;
  uint32_t on_stack_limit = 32;
  uint32_t max_probes = 1024;
  uint32_t max_bpf_progs = 1024;
  uint64_t perf_rb_pages = 0;   // 0 = sized from memory
  uint64_t log_size = 1000000;  // verifier log bytes
  StackMode stack_mode = StackMode::Bpftrace;
  SymbolCache cache_user_symbols = SymbolCache::Default;
  MissingProbes missing_probes = MissingProbes::Error;
  std::string license = "GPL";
  std::string str_trunc_trailer = "..";
  bool print_maps_on_exit = true;
  bool cpp_demangle = true;
  bool lazy_symbolication = true;
  bool use_blazesym = false;         // true only where a debug-info symboliser is built in
  bool show_debug_info = false;      // the same
  bool report_failed_reads = false;  // -k; no key
  Unstable unstable_tseries = Unstable::Warn;
  Unstable unstable_dw_ustack = Unstable::Warn;
  Unstable unstable_typeinfo = Unstable::Error;
  Unstable unstable_import_statement = Unstable::Error;
};

// A value as written; text of the environment is always a string.
using ConfigValue = std::variant<uint64_t, bool, std::string>;

enum class ConfigStatus : uint8_t {
  Normal,
  Renamed,          // in the block only: sets the key `renamed_to`
  Deprecated,       // without effect
  EnvironmentOnly,  // a variable that is no part of Config
};

struct ConfigKey {
  // Where the value goes. The member's type is the kind of the key: bool, number, text or choice.
  using Place = std::variant<std::monostate, bool Config::*, uint32_t Config::*, uint64_t Config::*,
                             std::string Config::*, StackMode Config::*, MissingProbes Config::*,
                             SymbolCache Config::*, Unstable Config::*>;

  const char* name;
  Place place = {};
  const char* summary = "";
  const char* shown_default = nullptr;        // null: the value in a default Config
  bool in_help = false;                       // important enough for --help
  bool in_record = true;                      // a field of the builtin `config`
  uint32_t minimum = 0;                       // of numbers
  std::span<const char* const> allowed = {};  // of texts; empty: any
  ConfigStatus status = ConfigStatus::Normal;
  const char* renamed_to = nullptr;
};

// Every known key. Those with in_record come first, in the order of the builtin's fields.
std::span<const ConfigKey> config_keys();

// The key of a normalised name; null if there is none.
const ConfigKey* find_config_key(std::string_view name);
// "BPFTRACE_Max_StrLen" -> "max_strlen"
std::string normal_config_name(std::string_view written);
// "max_strlen" -> "BPFTRACE_MAX_STRLEN"
std::string environment_name(const ConfigKey& key);

// `1 true on yes` and `0 false off no`, in any case.
std::optional<bool> parse_bool_word(std::string_view text);

// Sets a Normal key, or gives the reason why the value cannot be (and changes nothing).
std::optional<std::string> set_config(Config& config, const ConfigKey& key,
                                      const ConfigValue& value);
// The value of a Normal key; choices by their names.
ConfigValue config_value(const Config& config, const ConfigKey& key);
// The default as help texts show it.
std::string shown_default(const ConfigKey& key);

// getenv() or a stand-in for it: the value of a variable, null if it is not set.
using EnvironmentLookup = std::function<const char*(const char*)>;

// Defaults, changed by the variables that are set. Unknown variables and those of renamed and
// deprecated keys are ignored. The Error of a bad value is the message alone, with exit status 2.
base::Result<Config> read_environment(const EnvironmentLookup& lookup);
// Names of the keys that read_environment() sets.
std::set<std::string> keys_in_environment(const EnvironmentLookup& lookup);

// A feature that may change, and the key that allows it.
struct UnstableFeature {
  const char* name;
  const char* key;
  Unstable Config::*setting;
  const char* refusal = nullptr;  // error text, if it is not the usual one
};
inline constexpr UnstableFeature kUnstableTseries = {"tseries", "unstable_tseries",
                                                     &Config::unstable_tseries};
inline constexpr UnstableFeature kUnstableDwUstack = {"dw_ustack", "unstable_dw_ustack",
                                                      &Config::unstable_dw_ustack};
inline constexpr UnstableFeature kUnstableTypeinfo = {"typeinfo", "unstable_typeinfo",
                                                      &Config::unstable_typeinfo};
inline constexpr UnstableFeature kUnstableImportStatement = {
    "import_statement", "unstable_import_statement", &Config::unstable_import_statement,
    "Import statements that are not at the top level"};

// What a use of the feature is answered with under this setting; empty for Enable. The warning is
// shown once a feature and without a place, the error at the use.
std::string unstable_message(const UnstableFeature& feature, Unstable setting);

}  // namespace gimlet::ast
