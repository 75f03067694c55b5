// Unit tests of the config block: keys, their old names, precedence, and the gate it steers.
#include "ast/sema/apply_config.h"

#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>

#include "ast/sema/unstable.h"
#include "unit/parser/parsed.h"

using namespace gimlet;
using namespace gimlet::ast;
using ast::sema::apply_config;

namespace {

struct Applied {
  Config config;
  std::string said;  // each diagnostic as "PLACE: SEVERITY: message | hint\n"
};

Applied apply(const std::string& block, const std::set<std::string>& fixed = {},
              Config config = {}) {
  parser::test::Parsed parsed = parser::test::parse_text("config = { " + block + " }\nbegin {}\n");
  REQUIRE_FALSE(parsed.diagnostics.has_errors());
  base::Diagnostics diagnostics;
  Applied result{std::move(config), ""};
  apply_config(parsed.program, fixed, result.config, diagnostics);
  for (const base::Diagnostic& d : diagnostics.all()) {
    result.said += fmt::format("{}: {}: {}{}\n", base::show_place(parsed.sources, d.range.value()),
                               d.severity == base::Severity::Error ? "ERROR" : "WARNING", d.message,
                               d.hints.empty() ? "" : " | " + d.hints.front());
  }
  return result;
}

std::string said(const std::string& block) { return apply(block).said; }

}  // namespace

TEST_CASE("a config block sets keys of every kind") {
  Applied a = apply(
      "max_strlen = 64; print_maps_on_exit = false; str_trunc_trailer = \"~\"; stack_mode = perf; "
      "unstable_typeinfo = enable; license = \"GPL v2\"; max_map_keys = \"10\"; cpp_demangle = 0");
  CHECK(a.said == "");
  CHECK(a.config.max_strlen == 64);
  CHECK_FALSE(a.config.print_maps_on_exit);
  CHECK(a.config.str_trunc_trailer == "~");
  CHECK(a.config.stack_mode == StackMode::Perf);
  CHECK(a.config.unstable_typeinfo == Unstable::Enable);
  CHECK(a.config.license == "GPL v2");
  CHECK(a.config.max_map_keys == 10);
  CHECK_FALSE(a.config.cpp_demangle);
}

TEST_CASE("keys may be written in any case and with the prefix") {
  for (const char* key :
       {"max_strlen", "MAX_STRLEN", "BPFTRACE_MAX_STRLEN", "bpftrace_max_strlen"}) {
    Applied a = apply(std::string(key) + " = 64");
    CHECK(a.said == "");
    CHECK(a.config.max_strlen == 64);
  }
}

TEST_CASE("the environment beats the block, which beats the default") {
  Config from_environment;
  from_environment.max_strlen = 200;
  Applied a = apply("max_strlen = 64; max_map_keys = 5", {"max_strlen"}, from_environment);
  CHECK(a.said == "");
  CHECK(a.config.max_strlen == 200);
  CHECK(a.config.max_map_keys == 5);
  CHECK(a.config.max_probes == 1024);
}

TEST_CASE("a value that the environment overrides must be right all the same") {
  Applied a = apply("strlen = foo", {"max_strlen"});
  CHECK(a.said ==
        "stdin:1:12-18: WARNING: strlen has been renamed, please use max_strlen\n"
        "stdin:1:21-24: ERROR: max_strlen: expecting a number, got foo\n");
}

TEST_CASE("of two entries for one key the last wins") {
  CHECK(apply("max_strlen = 64; BPFTRACE_MAX_STRLEN = 32").config.max_strlen == 32);
  CHECK(apply("max_strlen = 64; strlen = 32").config.max_strlen == 32);
}

TEST_CASE("mistakes in a config block") {
  CHECK(said("nosuch = 1") == "stdin:1:12-18: ERROR: nosuch: not a known configuration option\n");
  CHECK(said("max_strln = 1") ==
        "stdin:1:12-21: ERROR: max_strln: not a known configuration option | Did you mean "
        "'max_strlen'?\n");
  CHECK(said("BPFTRACE_STACKMODE = perf") ==
        "stdin:1:12-30: ERROR: stackmode: not a known configuration option | Did you mean "
        "'stack_mode'?\n");
  CHECK(said("max_strlen = foo") ==
        "stdin:1:25-28: ERROR: max_strlen: expecting a number, got foo\n");
  CHECK(said("cpp_demangle = maybe") ==
        "stdin:1:27-32: ERROR: Invalid bool value: valid values are true, false, 1 or 0.\n");
  CHECK(said("stack_mode = cobweb") ==
        "stdin:1:25-31: ERROR: Invalid value for stack_mode: valid values are bpftrace, raw, perf, "
        "and build_id.\n");
  CHECK(said("license = \"MIT\"") ==
        "stdin:1:22-27: ERROR: Invalid value for license. Found: MIT. Valid values: GPL, GPL v2, "
        "GPL and additional rights, Dual BSD/GPL, Dual MIT/GPL, Dual MPL/GPL\n");
}

TEST_CASE("keys that only the environment has") {
  for (const std::string key : {"btf", "kernel_build", "kernel_source", "vmlinux"}) {
    CHECK(said(key + " = \"x\"") ==
          fmt::format("stdin:1:12-{}: ERROR: {}: can only be set as an environment variable\n",
                      12 + key.size(), key));
  }
}

TEST_CASE("renamed keys set the new ones and warn") {
  Applied a = apply("strlen = 64; no_cpp_demangle = false; cat_bytes_max = 5; map_keys_max = 6");
  CHECK(a.said ==
        "stdin:1:12-18: WARNING: strlen has been renamed, please use max_strlen\n"
        "stdin:1:25-40: WARNING: no_cpp_demangle has been renamed, please use cpp_demangle\n"
        "stdin:1:50-63: WARNING: cat_bytes_max has been renamed, please use max_cat_bytes\n"
        "stdin:1:69-81: WARNING: map_keys_max has been renamed, please use max_map_keys\n");
  CHECK(a.config.max_strlen == 64);
  CHECK_FALSE(a.config.cpp_demangle);  // not inverted
  CHECK(a.config.max_cat_bytes == 5);
  CHECK(a.config.max_map_keys == 6);
}

TEST_CASE("deprecated keys warn, whatever their value") {
  for (const std::string key : {"symbol_source", "max_type_res_iterations", "unstable_addr",
                                "unstable_import", "unstable_macro", "unstable_map_decl"}) {
    CHECK(said(key + " = nonsense") ==
          fmt::format("stdin:1:12-{}: WARNING: {} is deprecated and has no effect\n",
                      12 + key.size(), key));
  }
}

TEST_CASE("the gate of unstable features") {
  Config config;
  base::SourceRange use{0, 3, 9};
  base::Diagnostics diagnostics;

  config.unstable_tseries = Unstable::Enable;
  CHECK(sema::admit_unstable(kUnstableTseries, config, use, diagnostics));
  CHECK(diagnostics.all().empty());

  config.unstable_tseries = Unstable::Warn;
  CHECK(sema::admit_unstable(kUnstableTseries, config, use, diagnostics));
  CHECK(sema::admit_unstable(kUnstableTseries, config, use, diagnostics));
  CHECK(sema::admit_unstable(kUnstableDwUstack, config, use, diagnostics));
  REQUIRE(diagnostics.all().size() == 2);
  CHECK(diagnostics.all()[0].severity == base::Severity::Warning);
  CHECK_FALSE(diagnostics.all()[0].range);
  CHECK(diagnostics.all()[0].message == unstable_message(kUnstableTseries, Unstable::Warn));

  config.unstable_tseries = Unstable::Error;
  CHECK_FALSE(sema::admit_unstable(kUnstableTseries, config, use, diagnostics));
  REQUIRE(diagnostics.error_count() == 1);
  CHECK(diagnostics.all()[2].range == use);
  CHECK(diagnostics.all()[2].message == unstable_message(kUnstableTseries, Unstable::Error));
}
