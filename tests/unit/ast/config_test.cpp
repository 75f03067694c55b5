// Unit tests of the table of configuration keys: values, their mistakes, and the environment.
#include "ast/config.h"

#include <catch2/catch_test_macros.hpp>
#include <map>

using namespace gimlet::ast;

namespace {

// What is wrong with the value; empty if it was set.
std::string set(Config& config, const char* key, ConfigValue value) {
  return set_config(config, *find_config_key(key), value).value_or("");
}
std::string problem(const char* key, ConfigValue value) {
  Config config;
  return set(config, key, std::move(value));
}
ConfigValue text(const char* t) { return std::string(t); }

using Variables = std::map<std::string, std::string>;

EnvironmentLookup lookup_in(const Variables& variables) {
  return [&variables](const char* name) {
    auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
}
Config environment(const Variables& variables) {
  auto config = read_environment(lookup_in(variables));
  REQUIRE(config);
  return *config;
}
std::string environment_error(const Variables& variables) {
  auto config = read_environment(lookup_in(variables));
  if (config) return "";
  CHECK(config.error().exit_status == 2);
  CHECK(config.error().hint.empty());
  return config.error().message;
}

}  // namespace

TEST_CASE("every key of the specification has its default") {
  const std::map<std::string, ConfigValue> expected = {
      {"cpp_demangle", true},
      {"lazy_symbolication", true},
      {"print_maps_on_exit", true},
      {"use_blazesym", false},
      {"show_debug_info", false},
      {"log_size", uint64_t{1000000}},
      {"max_bpf_progs", uint64_t{1024}},
      {"max_cat_bytes", uint64_t{10240}},
      {"max_map_keys", uint64_t{4096}},
      {"max_probes", uint64_t{1024}},
      {"max_strlen", uint64_t{1024}},
      {"on_stack_limit", uint64_t{32}},
      {"perf_rb_pages", uint64_t{0}},
      {"str_trunc_trailer", text("..")},
      {"unstable_import_statement", text("error")},
      {"unstable_tseries", text("warn")},
      {"unstable_typeinfo", text("error")},
      {"unstable_dw_ustack", text("warn")},
      {"missing_probes", text("error")},
      {"stack_mode", text("bpftrace")},
      {"license", text("GPL")},
      {"cache_user_symbols", text("1")},
  };
  std::map<std::string, ConfigValue> found;
  for (const ConfigKey& key : config_keys()) {
    if (key.status == ConfigStatus::Normal) found[key.name] = config_value(Config(), key);
  }
  CHECK(found == expected);
}

TEST_CASE("the builtin's record has its fields in order") {
  std::string fields;
  for (const ConfigKey& key : config_keys()) {
    if (key.status == ConfigStatus::Normal && key.in_record) fields += std::string(key.name) + " ";
  }
  CHECK(fields ==
        "cpp_demangle lazy_symbolication print_maps_on_exit use_blazesym show_debug_info log_size "
        "max_bpf_progs max_cat_bytes max_map_keys max_probes max_strlen on_stack_limit "
        "perf_rb_pages str_trunc_trailer unstable_import_statement unstable_tseries "
        "unstable_typeinfo unstable_dw_ustack missing_probes stack_mode license ");
}

TEST_CASE("renamed keys lead to keys that can be set, and names are unique") {
  std::set<std::string> names;
  for (const ConfigKey& key : config_keys()) {
    INFO(key.name);
    CHECK(names.insert(key.name).second);
    bool settable = !std::holds_alternative<std::monostate>(key.place);
    CHECK(settable == (key.status == ConfigStatus::Normal));
    CHECK((key.renamed_to != nullptr) == (key.status == ConfigStatus::Renamed));
    if (!key.renamed_to) continue;
    REQUIRE(find_config_key(key.renamed_to));
    CHECK(find_config_key(key.renamed_to)->status == ConfigStatus::Normal);
  }
}

TEST_CASE("names of keys") {
  CHECK(normal_config_name("max_strlen") == "max_strlen");
  CHECK(normal_config_name("MAX_STRLEN") == "max_strlen");
  CHECK(normal_config_name("BPFTRACE_Max_StrLen") == "max_strlen");
  CHECK(environment_name(*find_config_key("max_strlen")) == "BPFTRACE_MAX_STRLEN");
  CHECK(find_config_key("nosuch") == nullptr);
  CHECK(shown_default(*find_config_key("max_strlen")) == "1024");
  CHECK(shown_default(*find_config_key("print_maps_on_exit")) == "true");
  CHECK(shown_default(*find_config_key("perf_rb_pages")) == "auto");
}

TEST_CASE("numbers") {
  Config config;
  CHECK(set(config, "max_strlen", uint64_t{64}) == "");
  CHECK(config.max_strlen == 64);
  CHECK(set(config, "max_strlen", text("0x20")) == "");
  CHECK(config.max_strlen == 32);
  CHECK(set(config, "log_size", text("1e9")) == "");
  CHECK(config.log_size == 1000000000);

  CHECK(set(config, "max_strlen", text("foo")) == "max_strlen: expecting a number, got foo");
  CHECK(set(config, "max_strlen", text("")) == "max_strlen: expecting a number, got ");
  CHECK(set(config, "max_strlen", text("-1")) == "max_strlen: expecting a number, got -1");
  CHECK(set(config, "max_strlen", true) == "max_strlen: expecting a number, got true");
  CHECK(set(config, "max_strlen", uint64_t{1}) == "max_strlen: must be at least 2");
  CHECK(set(config, "max_strlen", uint64_t{1} << 32) == "max_strlen: 4294967296 is too large");
  CHECK(config.max_strlen == 32);
  CHECK(problem("log_size", uint64_t{1} << 32) == "");
}

TEST_CASE("booleans") {
  for (const char* yes : {"true", "TRUE", "on", "On", "yes", "1"}) {
    Config config;
    config.cpp_demangle = false;
    CHECK(set(config, "cpp_demangle", text(yes)) == "");
    CHECK(config.cpp_demangle);
  }
  for (const char* no : {"false", "False", "off", "OFF", "no", "0"}) {
    Config config;
    CHECK(set(config, "cpp_demangle", text(no)) == "");
    CHECK_FALSE(config.cpp_demangle);
  }
  Config config;
  CHECK(set(config, "print_maps_on_exit", uint64_t{0}) == "");
  CHECK_FALSE(config.print_maps_on_exit);
  CHECK(set(config, "print_maps_on_exit", uint64_t{7}) == "");
  CHECK(config.print_maps_on_exit);
  CHECK(set(config, "print_maps_on_exit", false) == "");
  CHECK_FALSE(config.print_maps_on_exit);
  const char* message = "Invalid bool value: valid values are true, false, 1 or 0.";
  CHECK(problem("print_maps_on_exit", text("maybe")) == message);
  CHECK(problem("print_maps_on_exit", text("2")) == message);
  CHECK(problem("print_maps_on_exit", text("")) == message);
}

TEST_CASE("texts") {
  Config config;
  CHECK(set(config, "str_trunc_trailer", text("")) == "");
  CHECK(config.str_trunc_trailer == "");
  CHECK(set(config, "license", text("Dual BSD/GPL")) == "");
  CHECK(config.license == "Dual BSD/GPL");
  CHECK(set(config, "license", text("MIT")) ==
        "Invalid value for license. Found: MIT. Valid values: GPL, GPL v2, GPL and additional "
        "rights, Dual BSD/GPL, Dual MIT/GPL, Dual MPL/GPL");
  CHECK(config.license == "Dual BSD/GPL");
  CHECK(problem("str_trunc_trailer", uint64_t{5}) ==
        "str_trunc_trailer: expecting a string, got 5");
}

TEST_CASE("choices") {
  Config config;
  CHECK(set(config, "stack_mode", text("build_id")) == "");
  CHECK(config.stack_mode == StackMode::BuildId);
  CHECK(set(config, "missing_probes", text("ignore")) == "");
  CHECK(config.missing_probes == MissingProbes::Ignore);
  CHECK(problem("stack_mode", text("Perf")) ==
        "Invalid value for stack_mode: valid values are bpftrace, raw, perf, and build_id.");
  CHECK(problem("stack_mode", true) ==
        "Invalid value for stack_mode: valid values are bpftrace, raw, perf, and build_id.");
  CHECK(problem("missing_probes", uint64_t{1}) ==
        "Invalid value for missing_probes: valid values are \"ignore\", \"warn\", and \"error\".");
}

TEST_CASE("the symbol cache has words in any case and two numbers") {
  auto set_to = [](ConfigValue value) {
    Config config;
    config.cache_user_symbols = SymbolCache::PerPid;
    CHECK(set(config, "cache_user_symbols", std::move(value)) == "");
    return config.cache_user_symbols;
  };
  CHECK(set_to(text("per_program")) == SymbolCache::PerProgram);
  CHECK(set_to(text("Per_Pid")) == SymbolCache::PerPid);
  CHECK(set_to(text("none")) == SymbolCache::None);
  CHECK(set_to(uint64_t{0}) == SymbolCache::None);
  CHECK(set_to(uint64_t{1}) == SymbolCache::Default);
  CHECK(set_to(text("1")) == SymbolCache::Default);
  CHECK(problem("cache_user_symbols", uint64_t{2}) ==
        "Invalid value for cache_user_symbols: valid values are PER_PID, PER_PROGRAM, and NONE.");
}

TEST_CASE("gates of unstable features take words and truths") {
  auto set_to = [](ConfigValue value) {
    Config config;
    CHECK(set(config, "unstable_tseries", std::move(value)) == "");
    return config.unstable_tseries;
  };
  CHECK(set_to(text("enable")) == Unstable::Enable);
  CHECK(set_to(text("warn")) == Unstable::Warn);
  CHECK(set_to(text("error")) == Unstable::Error);
  CHECK(set_to(text("ON")) == Unstable::Enable);
  CHECK(set_to(text("0")) == Unstable::Error);
  CHECK(set_to(true) == Unstable::Enable);
  CHECK(set_to(uint64_t{0}) == Unstable::Error);
  CHECK(problem("unstable_tseries", text("perhaps")) ==
        "Invalid value for unstable_tseries: valid values are enable, warn, and error.");
}

TEST_CASE("messages of unstable features") {
  CHECK(unstable_message(kUnstableTseries, Unstable::Enable) == "");
  CHECK(unstable_message(kUnstableTseries, Unstable::Warn) ==
        "Script is using an unstable feature: tseries. To prevent this warning you must explicitly "
        "enable it in the config e.g. unstable_tseries=enable");
  CHECK(unstable_message(kUnstableTypeinfo, Unstable::Error) ==
        "typeinfo feature is not enabled by default. To enable this unstable feature, set the "
        "config flag to enable. unstable_typeinfo=enable");
  CHECK(unstable_message(kUnstableImportStatement, Unstable::Error) ==
        "Import statements that are not at the top level");
}

TEST_CASE("the environment sets every key, and nothing else") {
  Variables variables = {{"BPFTRACE_MAX_STRLEN", "200"},     {"BPFTRACE_CPP_DEMANGLE", "off"},
                         {"BPFTRACE_STR_TRUNC_TRAILER", ""}, {"BPFTRACE_STACK_MODE", "perf"},
                         {"BPFTRACE_NOSUCH", "1"},           {"BPFTRACE_STRLEN", "7"},
                         {"BPFTRACE_MAP_KEYS_MAX", "7"},     {"BPFTRACE_SYMBOL_SOURCE", "x"},
                         {"BPFTRACE_BTF", "/file"}};
  Config config = environment(variables);
  CHECK(config.max_strlen == 200);
  CHECK_FALSE(config.cpp_demangle);
  CHECK(config.str_trunc_trailer == "");
  CHECK(config.stack_mode == StackMode::Perf);
  CHECK(config.max_map_keys == 4096);
  CHECK(keys_in_environment(lookup_in(variables)) ==
        std::set<std::string>{"cpp_demangle", "max_strlen", "stack_mode", "str_trunc_trailer"});
  CHECK(keys_in_environment(lookup_in({})).empty());
}

TEST_CASE("a bad value in the environment is answered with the message alone") {
  CHECK(environment_error({{"BPFTRACE_MAX_STRLEN", "foo"}}) ==
        "max_strlen: expecting a number, got foo");
  CHECK(environment_error({{"BPFTRACE_MAX_STRLEN", "1"}}) == "max_strlen: must be at least 2");
  CHECK(environment_error({{"BPFTRACE_PRINT_MAPS_ON_EXIT", "2"}}) ==
        "Invalid bool value: valid values are true, false, 1 or 0.");
  CHECK(environment_error({{"BPFTRACE_UNSTABLE_TSERIES", "2"}}) ==
        "Invalid value for unstable_tseries: valid values are enable, warn, and error.");
}
