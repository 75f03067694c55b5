// Attach points of kprobe and kretprobe.
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E1041", Error, "20.2", "kprobes should be attached to a function or an address", R"(
Nothing stands after the last colon. The name of a kernel function belongs there, or
a pattern.

    kprobe: { print(func); }

    kprobe:vfs_read { print(func); }
)"},
    {"E1042", Error, "20.2", "Probing by address requires --unsafe", R"(
A breakpoint goes to whatever lies at that address, and the kernel can check little
about it. Name the function, or say with `--unsafe` that you know.

    kprobe:0xffffffff81000000 { print(func); }

    kprobe:vfs_read { print(func); }
)"},
    {"E1043", Error, "20.2", "specified module {} in probe {} is not loaded.", R"(
The functions of a module are there only while it is loaded. `vmlinux` as the module
means the kernel itself, and without a module all are searched.

    kprobe:no_such_module:vfs_read { print(func); }

    kprobe:vmlinux:vfs_read { print(func); }
)"},
    {"W1044", Warning, "20.2",
     "{} is not traceable (either non-existing, inlined, or marked as \"notrace\"); {}", R"(
The kernel's list of functions that can be probed (`available_filter_functions` in
tracefs) does not have it: the compiler may have copied it into its callers, or the
kernel may forbid it. `gimlet -l 'kprobe:NAME*'` shows what there is. With
`--unsafe` the kernel is asked all the same.

    kprobe:vfs_raed { print(func); }

    kprobe:vfs_read { print(func); }
)"},
    {"E1045", Error, "20.2", "This kernel has no {}s", R"(
The kernel was built without this kind of probe. A kernel function can also be
reached by `fentry` and `fexit`, if the kernel has those.

    kprobe:vfs_read { print(func); }

    fentry:vfs_read { print(func); }
)"},
    {"E1046", Error, "20.2",
     "Possible attachment attempt in the middle of an instruction, try a different offset.", R"(
A probe replaces the first byte of an instruction. The offset must be where one
starts; a disassembly of the function shows that.

    kprobe:vfs_read+6 { print(func); }

    kprobe:vfs_read+5 { print(func); }
)"},
    {"E1048", Error, "20.2",
     "the 'bpf' variant of this probe requires a bpf program name and optional bpf program id", R"(
After `fentry:bpf` and `fexit:bpf` comes the name of a loaded BPF program or of a
function of one, and in front of it, if wanted, the program's id.

    fentry:bpf: { @ = count(); }

    begin { printf("gimlet -l 'fentry:bpf:*' lists them\n"); }
)"},
    {"E1049", Error, "20.2", "bpf program id must be a number or '*'", R"(
The part between `bpf` and the name is the id that the kernel gave the program, as
`bpftool prog` shows it, or `*` for all programs of that name.

    fentry:bpf:first:handler { @ = count(); }

    begin { printf("gimlet -l 'fentry:bpf:*' lists them\n"); }
)"},
    {"E1050", Error, "20.2", "No valid BPF program found with name: {} and id: {}.", R"(
No loaded BPF program has a function of that name and BTF that describes it. The
program may have ended, or its loader gave the kernel no BTF.

    fentry:bpf:no_such_program { @ = count(); }

    begin { printf("gimlet -l 'fentry:bpf:*' lists them\n"); }
)"},
    {"E1039", Error, "20.2", "The args builtin cannot be used for 'fentry/fexit:bpf' probes", R"(
What a BPF program is given depends on its kind, and nothing describes it by name.

    fentry:bpf:handler { print(args.ctx); }

    fentry:vfs_read { print(args.count); }
)"},
    {"E1040", Error, "20.2",
     "fentry and fexit of BPF programs need trampolines, and those are switched off", R"(
`--no-feature=fentry` keeps gimlet from using trampolines, and there is no other way
to trace a BPF program.

    fentry:bpf:handler { @ = count(); }

    fentry:vfs_read { @ = count(); }
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_kernel_functions() { return kRows; }

}  // namespace gimlet::ast
