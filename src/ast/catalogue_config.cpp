// E02: settings, unstable features, and the program's own parameters.
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E0251", Error, "2.3", "expected config key", R"(
Inside the block of settings each entry begins with the name of a setting.
Entries are separated by `;`.

    config = { 512 }
    begin { print(1); }

    config = { max_map_keys = 512 }
    begin { print(1); }
)"},
    {"E0252", Error, "2.3", "expected string, int, boolean, or ident", R"(
The value of a setting is a literal: a string, an integer that is not negative,
`true` or `false`, or one bare word. Expressions are not evaluated here.

    config = { max_map_keys = -1 }
    begin { print(1); }

    config = { max_map_keys = 512 }
    begin { print(1); }
)"},
    {"E0253", Error, "17.3", "{}: not a known configuration option", R"(
There is no setting of this name. Case does not matter, and the prefix
`bpftrace_` may be there or not.

    config = { max_map_key = 512 }
    begin { print(1); }

    config = { max_map_keys = 512 }
    begin { print(1); }
)"},
    {"E0254", Error, "17.3", "{}: expecting a number, got {}", R"(
The setting is a number, and the value given is not one. Numbers may also be
written in quotes, in decimal or hexadecimal.

    config = { max_map_keys = "many" }
    begin { print(1); }

    config = { max_map_keys = 512 }
    begin { print(1); }
)"},
    {"E0255", Error, "17.3", "Invalid bool value: valid values are true, false, 1 or 0.", R"(
The setting is switched on or off. It takes `true`, `on`, `yes` or 1 for on, and
`false`, `off`, `no` or 0 for off.

    config = { print_maps_on_exit = never }
    begin { print(1); }

    config = { print_maps_on_exit = false }
    begin { print(1); }
)"},
    {"E0256", Error, "17.3", "Invalid value for stack_mode: valid values are {}", R"(
The setting chooses how stacks are written: `bpftrace` and `perf` differ in
layout, `raw` gives addresses, `build_id` gives build ids with offsets for stacks
of user programs.

    config = { stack_mode = pretty }
    begin { print(kstack); }

    config = { stack_mode = perf }
    begin { print(kstack); }
)"},
    {"E0257", Error, "17.3", "Invalid value for license. Found: {}. Valid values: {}", R"(
The kernel reads the license of a BPF program: many helpers are only there for
licenses compatible with the GPL, and it compares the exact words.

    config = { license = "MIT" }
    begin { print(1); }

    config = { license = "Dual MIT/GPL" }
    begin { print(1); }
)"},
    {"E0258", Error, "17.3", "Invalid value for missing_probes: valid values are {}", R"(
The setting says what to do about attach points that do not exist: `error` ends
the run, `warn` goes on and says so, `ignore` goes on silently.

    config = { missing_probes = skip }
    begin { print(1); }

    config = { missing_probes = warn }
    begin { print(1); }
)"},
    {"E0259", Error, "17.3", "Invalid value for {}: valid values are {}", R"(
The setting takes one of a few words, which the message lists.

    config = { cache_user_symbols = SOMETIMES }
    begin { print(1); }

    config = { cache_user_symbols = PER_PID }
    begin { print(1); }
)"},
    {"E0260", Error, "17.3", "{}: can only be set as an environment variable", R"(
The setting tells where the system keeps its debug information and headers. That
is a property of the machine, not of a script which should run on any.

    config = { vmlinux = "/boot/vmlinux" }
    begin { print(1); }

Set it in the environment:

    $ BPFTRACE_VMLINUX=/boot/vmlinux gimlet script.bt
)"},
    {"E0261", Error, "17.3", "{}: must be at least {}", R"(
The setting has a least value: a string needs room for one character and the NUL
that ends it, a map for one entry.

    $ BPFTRACE_MAX_STRLEN=1 gimlet script.bt

    $ BPFTRACE_MAX_STRLEN=64 gimlet script.bt
)"},
    {"W0262", Warning, "17.3", "{} has been renamed, please use {}", R"(
The old name of the setting still works in the program's own block, but not as a
variable of the environment.

    config = { map_keys_max = 512 }
    begin { print(1); }

    config = { max_map_keys = 512 }
    begin { print(1); }
)"},
    {"W0263", Warning, "17.3", "{} is deprecated and has no effect", R"(
The setting belonged to a feature that is now always there, or is gone. Nothing
reads it any more.

    config = { unstable_macro = enable }
    begin { print(1); }

Remove it:

    begin { print(1); }
)"},
    {"W0264", Warning, "17.3",
     "Script is using an unstable feature: {}. To prevent this warning you must explicitly enable "
     "it in the config e.g. {}=enable",
     R"(
The feature works, but its form or its results may still change, so that scripts
which rely on it may need changes later. The warning comes once for each feature.

    begin { @a = tseries(1, 1s, 10); }

Say that you know:

    config = { unstable_tseries = enable }
    begin { @a = tseries(1, 1s, 10); }
)"},
    {"E0265", Error, "14.3",
     "{} feature is not enabled by default. To enable this unstable feature, set the config flag "
     "to enable. {}=enable",
     R"(
The feature's form or results may still change. Scripts have to say that they
accept this before they may use it.

    begin { print(typeinfo(1).full_type); }

    config = { unstable_typeinfo = enable }
    begin { print(typeinfo(1).full_type); }
)"},
    {"W0270", Warning, "17.1", "Positional parameter ${} is empty or not provided.", R"(
The script uses a parameter that was not given on the command line, or was given
as empty text. It stands for 0.

    begin { print($1); }

Give it a value, or ask with `$#` how many there are. `str($1)` is the empty
string if there is none, without a warning:

    begin { if ($# > 0) { print(str($1)); } }
)"},
    {"E0271", Error, "17.2", "First argument to 'getopt' must be a string literal", R"(
The names of a program's options have to be known before it runs, for the command
line is checked against them.

    begin { $name = "depth"; print(getopt($name, 5)); }

    begin { print(getopt("depth", 5)); }
)"},
    {"E0272", Error, "17.2",
     "Second argument to 'getopt' must be a string literal, integer literal, or a boolean literal.",
     R"(
The default of an option decides its type and is stored before the program
starts, so it cannot be computed by it.

    begin { print(getopt("depth", pid)); }

    begin { print(getopt("depth", 5)); }
)"},
    {"E0273", Error, "17.2", "Third argument to 'getopt' must be a string literal", R"(
The description is shown by `--help`, before the program runs.

    begin { print(getopt("depth", 5, 1)); }

    begin { print(getopt("depth", 5, "how many levels")); }
)"},
    {"E0274", Error, "17.2",
     "needs to have the same default value in all places it is used. Previous default value: {}",
     R"(
An option has one value for the whole program, so its default has to be the same
wherever it is asked for.

    begin { print(getopt("depth", 5)); print(getopt("depth", 6)); }

Ask once and keep the answer:

    begin { $depth = getopt("depth", 5); print($depth); print($depth); }
)"},
    {"E0275", Error, "17.2", "must have the same description in all places", R"(
`--help` can show one description of an option. Give it at one of its uses, or
the same text at each.

    begin { print(getopt("n", 1, "size")); print(getopt("n", 1, "length")); }

    begin { $n = getopt("n", 1, "size"); print($n); print($n); }
)"},
    {"E0276", Error, "17.2", "unexpected program command line options: {}", R"(
Words that begin with `--` behind the script are options of the script, and it
asks for none of that name. Options of gimlet itself stand before the script.

    $ gimlet script.bt -- --depht=5

    $ gimlet script.bt -- --depth=5

The hint lists the options that the program knows; so does `--help`.
)"},
    {"E0277", Error, "17.2", "program command line option --{} expects {} (value: {})", R"(
The default of an option tells its type, and the value given does not fit it. A
value without `=` counts as `true`.

    $ gimlet script.bt -- --depth

    $ gimlet script.bt -- --depth=5
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_config() { return kRows; }

}  // namespace gimlet::ast
