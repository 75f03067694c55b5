// What the system offers, as one interface: types, tracepoints, symbols, user binaries, features.
//
// Sema and the listing ask the system through this class only. host_kernel() answers from the
// running machine, lazily: nothing is opened before the first question that needs it. FrozenKernel
// (frozen_kernel.h) answers from a folder of small files, so that all of sema runs in tests on any
// machine, without root.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ast/provider.h"
#include "ast/target.h"
#include "ast/type.h"
#include "base/result.h"
#include "kernel/bpf_functions.h"
#include "kernel/features.h"

namespace gimlet::kernel {

// An enumerator that can be named in a program.
struct EnumConstant {
  std::string enum_name;  // "enum x", or empty for an unnamed enum
  int64_t value = 0;
};

// The parameters of a raw tracepoint, in order; parameter n is the n-th 8-byte slot of the context.
struct RawTracepoint {
  std::string module;  // "vmlinux" or a module's name
  std::string event;
  uint32_t btf_id = 0;  // of the typedef btf_trace_EVENT, what the kernel wants as attach_btf_id
  struct Parameter {
    std::string name;
    ast::Type type;
    std::string c_type{};  // as C writes it: "struct task_struct *"
  };
  std::vector<Parameter> parameters;
};

// A function that the kernel's type information (BTF) describes.
struct KernelFunction {
  std::string module;  // "vmlinux" or a module's name
  std::string name;
  uint32_t btf_id = 0;  // in the BTF of that module
};

// How a function is called. Trampolines (fentry, fexit) hand over parameters and result in 8-byte
// words, in order: the result's follow those of all parameters.
struct KernelPrototype {
  struct Value {
    std::string name;
    std::string c_type;   // as C writes it: "struct file *"
    ast::Type type;       // kind None if the value fits no single word
    uint32_t offset = 0;  // bytes from the first word
  };
  std::vector<Value> parameters;  // without the dots of a variadic function
  std::optional<Value> result;    // unset for void
  bool is_variadic = false;
};

// A kind of objects that programs can be run for, one after the other (a BPF iterator).
struct KernelIterator {
  std::string name;     // "task"; its context is struct bpf_iter__task
  uint32_t btf_id = 0;  // of the function bpf_iter_task, what the kernel wants as attach_btf_id
  struct Member {
    std::string name;
    std::string c_type;  // as C writes it: "struct task_struct *"
  };
  std::vector<Member> members;  // of the context
};

// A struct, union or enum as C defines it.
struct CDefinition {
  std::string module;  // "vmlinux" or the first module that has it
  std::string text;    // lines, without a newline at the end
};

// A function symbol of an ELF file.
struct FunctionSymbol {
  std::string name;      // as in the symbol table, without @VERSION
  uint64_t address = 0;  // ELF virtual address
  uint64_t size = 0;     // bytes; 0 if the table does not say
  uint64_t file_offset = 0;
  bool is_ifunc = false;
};

// Any symbol of an ELF file: function or variable.
struct UserSymbol {
  uint64_t address = 0;  // ELF virtual address
  uint64_t size = 0;
};

// The parameters of a user function, and where its caller leaves each.
struct UserPrototype {
  struct Parameter {
    enum class Place : uint8_t {
      Registers,
      Stack,
      Elsewhere,  // floating point, or not known
    };
    std::string name;
    std::string c_type;  // "struct item*"
    ast::Type type;      // kind None if the language has none
    Place place = Place::Elsewhere;
    std::vector<ast::Piece> words{};  // Registers: as offsets in struct pt_regs
    uint32_t stack_offset = 0;        // Stack: from the stack pointer at the function's entry
  };
  std::vector<Parameter> parameters;
};

// Where probes on a function that Go's compiler made have to go (go_functions.h).
struct GoFunction {
  uint32_t entry = 0;               // bytes behind its start, past the look for room on the stack
  std::vector<uint64_t> returns{};  // file offsets of its return instructions
};

class Kernel {
 public:
  virtual ~Kernel() = default;

  // --- types (BTF) ---
  virtual bool has_btf() = 0;
  // By tagged name ("struct task_struct", "union x"). Members of anonymous members are lifted.
  // Anonymous types that are reachable by name get a made-up tagged name that can be looked up
  // again. Null if unknown or without BTF. The pointer stays valid as long as the Kernel.
  virtual const ast::StructLayout* find_struct(std::string_view tagged_name) = 0;
  virtual const ast::EnumLayout* find_enum(std::string_view tagged_name) = 0;
  // A typedef, base type or (untagged) struct name: "u32", "pid_t", "size_t", "task_struct".
  virtual std::optional<ast::Type> find_type(std::string_view name) = 0;
  virtual std::optional<EnumConstant> find_enum_constant(std::string_view name) = 0;
  // Tagged names of all structs and unions, for suggestions and listing.
  virtual std::vector<std::string> struct_names() = 0;
  // Tagged names of the structs, unions and enums that match ("struct task_*"), sorted.
  virtual std::vector<std::string> type_names(const std::string& pattern) = 0;
  // Their definitions, in the order of the names.
  virtual std::vector<CDefinition> type_definitions(const std::string& pattern) = 0;

  // --- tracepoints (tracefs) ---
  virtual bool tracepoint_exists(const std::string& category, const std::string& event) = 0;
  // Every "CATEGORY:EVENT", sorted. An Error names the file and the remedy (mount tracefs, rights).
  virtual base::Result<std::vector<std::string>> tracepoints() = 0;
  // Fields of the event's format file at their offsets in the BPF context, common_* included
  // (they are marked by offset < 8). Typed as probes-and-stdlib B2.7 says.
  virtual base::Result<ast::StructLayout> tracepoint_format(const std::string& category,
                                                            const std::string& event) = 0;
  // The field lines of the format file after the common ones, between "field:" and ";", for -lv.
  virtual base::Result<std::vector<std::string>> tracepoint_field_lines(
      const std::string& category, const std::string& event) = 0;

  // --- raw tracepoints (BTF) ---
  virtual std::vector<std::string> raw_tracepoints() = 0;  // every "MODULE:EVENT", sorted
  virtual std::optional<RawTracepoint> raw_tracepoint(const std::string& event) = 0;

  // --- kernel functions (BTF) ---
  // The functions of that name, in every module or in the one named; several modules may have one.
  virtual std::vector<KernelFunction> kernel_functions(const std::string& module,
                                                       const std::string& name) = 0;
  // Those whose "MODULE:FUNCTION" matches, sorted, that a trampoline can hold: few enough
  // parameters, and traceable as far as the kernel lets us know.
  virtual std::vector<KernelFunction> match_kernel_functions(const std::string& pattern) = 0;
  virtual KernelPrototype kernel_prototype(const KernelFunction& function) = 0;
  // Whether the function tracer can instrument the function, in any module if none is named. True
  // if the kernel does not let us know.
  virtual bool is_traceable(const std::string& module, const std::string& name) = 0;
  // The functions that the function tracer can instrument and whose name matches the pattern,
  // sorted, without ids. A module may be a pattern, too; with none each name comes once, without
  // its module. If the kernel does not let us know: what kallsyms has.
  virtual std::vector<KernelFunction> match_traceable(const std::string& module,
                                                      const std::string& pattern) = 0;
  // Why what can be traced is not known, as a warning; empty if it is, or if nobody has asked yet.
  virtual std::string traceable_problem() = 0;
  virtual bool module_loaded(const std::string& module) = 0;
  // Bytes of code, from an uncompressed vmlinux with symbols; 0 without one.
  virtual uint64_t function_size(const std::string& name) = 0;

  // --- functions of BPF programs ---
  virtual std::vector<BpfFunction> bpf_functions() = 0;

  // --- iterators (BTF) ---
  // Those that the kernel lets programs be attached to, sorted by name.
  virtual std::vector<KernelIterator> iterators() = 0;
  virtual std::optional<KernelIterator> iterator(const std::string& name) = 0;

  // --- user binaries ---
  // The files a FILE part stands for (probes-and-stdlib B2.9 "File resolution"): library short
  // names, PATH, wildcards. `pid` (0 = none) is the -p process. Never empty on success.
  virtual base::Result<std::vector<std::string>> resolve_binary(const std::string& text,
                                                                uint64_t pid) = 0;
  // Function symbols of .symtab and .dynsym, sorted by name, each name once.
  virtual base::Result<std::vector<FunctionSymbol>> functions(const std::string& path) = 0;
  // One function by exact name.
  virtual base::Result<FunctionSymbol> function(const std::string& path,
                                                const std::string& name) = 0;
  // File offset of an ELF virtual address.
  virtual base::Result<uint64_t> file_offset(const std::string& path, uint64_t address) = 0;

  // The USDT markers of a file, by provider and name.
  virtual base::Result<std::vector<ast::UsdtMarker>> usdt_markers(const std::string& path) = 0;

  // The ELF address of the first statement of a source line; column 0: any.
  virtual base::Result<uint64_t> source_line(const std::string& path, const std::string& file,
                                             uint64_t line, uint64_t column);
  // Of the function that starts at an ELF address. The Error's errnum is ENOENT if the file has no
  // debug information, ENOTDIR if a part of it, in a file of its own, was not found.
  virtual base::Result<UserPrototype> user_prototype(const std::string& path, uint64_t address);
  // The name by which find_struct() knows a structure of the program: "struct item @/usr/bin/app".
  virtual std::optional<std::string> user_struct(const std::string& path,
                                                 const std::string& tagged_name);
  virtual std::optional<UserSymbol> user_symbol(const std::string& path, const std::string& name);
  // Whether an instruction starts at an ELF address within the function.
  virtual base::Result<bool> instruction_starts(const std::string& path,
                                                const FunctionSymbol& function, uint64_t address);
  // The implementation that an indirect function stands for, if that is known.
  virtual std::optional<FunctionSymbol> implementation(const std::string& path,
                                                       const FunctionSymbol& function);
  // Nothing if another compiler made the function.
  virtual base::Result<std::optional<GoFunction>> go_function(const std::string& path,
                                                              const FunctionSymbol& function);
  // --- features ---
  // Asks the kernel once.
  virtual bool supports(Feature feature) = 0;
  // From now on the kernel shall count as one without that feature.
  void withhold(Feature feature) { withheld_ |= bit(feature); }

  // Whether the kernel lets programs of that provider call the function. Programs are loaded to
  // find out.
  virtual bool may_call(const std::string& function, ast::ProviderId provider) = 0;

  // --- kernel symbols ---
  virtual std::optional<uint64_t> kernel_symbol(const std::string& name) = 0;
  // The id in BTF of a variable that each CPU has its own of.
  virtual std::optional<uint32_t> percpu_variable(const std::string& name) = 0;

  // --- cgroups ---
  virtual base::Result<uint64_t> cgroup_id(const std::string& path) = 0;

 protected:
  static uint32_t bit(Feature feature) { return 1U << static_cast<uint32_t>(feature); }
  bool is_withheld(Feature feature) const { return withheld_ & bit(feature); }

 private:
  uint32_t withheld_ = 0;
};

// The running machine. `btf_file`: a raw BTF file to use instead of the kernel's own, or empty.
// `debug_folders`: where debug files of programs are looked for first. `traceable_functions`: a file
// to read instead of available_filter_functions, or empty.
std::unique_ptr<Kernel> host_kernel(const std::string& btf_file = {},
                                    std::vector<std::string> debug_folders = {},
                                    const std::string& traceable_functions = {});

}  // namespace gimlet::kernel
