// TypedProgram: the read-only result of semantic analysis, and all that codegen reads.
//
// One TypedProbe becomes one BPF program. Where a probe's meaning depends on what it is attached to
// (its args, the `probe` builtin), sema makes one TypedProbe for each target; otherwise several
// targets share one. Expressions are found by the id of their tree node.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "ast/builtin.h"
#include "ast/config.h"
#include "ast/event_plan.h"
#include "ast/external_code.h"
#include "ast/map_plan.h"
#include "ast/mechanism.h"
#include "ast/named_parameter.h"
#include "ast/node.h"
#include "ast/target.h"
#include "ast/type.h"

namespace gimlet::ast {

// Values by node id.
template <typename T>
class NodeTable {
 public:
  const T* find(NodeId id) const {
    auto it = values_.find(id);
    return it == values_.end() ? nullptr : &it->second;
  }
  const T& at(NodeId id) const { return values_.at(id); }
  T& operator[](NodeId id) { return values_[id]; }
  void set(NodeId id, T value) { values_[id] = std::move(value); }

 private:
  std::unordered_map<NodeId, T> values_;
};

// A value known at compile time. Integers keep two's complement bits; `negative` tells -1 from
// 2^64-1.
struct IntegerConstant {
  uint64_t bits = 0;
  bool negative = false;
};
using Constant = std::variant<IntegerConstant, std::string, bool>;

// What a node stands for, beyond its type.
struct BuiltinUse {
  BuiltinId id{};
  uint32_t index = 0;  // N of argN; register number in pt_regs for reg() (byte offset)
};
struct VariableUse {
  uint32_t variable = 0;  // index into TypedProbe::variables
};
struct MapUse {
  uint32_t map = 0;  // index into TypedProgram::maps
};
struct FieldUse {
  Field field;
  // The base is the probe's own context: the field is loaded from ctx at field.offset.
  bool in_context = false;
};
struct EventUse {
  BuiltinId id{};
  uint32_t event = 0;  // index into TypedProgram::events
};
// A value that is known before the program starts, but is no literal: a named parameter.
struct ParameterUse {
  Constant value;
};
// `if comptime`: only one of the branches is part of the program.
struct BranchUse {
  bool then = false;
};
// typeinfo(): the values of its record's fields.
struct TypeInfoUse {
  std::vector<Constant> values;
};
// A call of an imported function.
struct ExternalUse {
  uint32_t function = 0;  // index into TypedProgram::external.functions
};
using Use = std::variant<std::monostate, BuiltinUse, VariableUse, MapUse, FieldUse, EventUse,
                         ParameterUse, BranchUse, TypeInfoUse, ExternalUse>;

struct ExprInfo {
  Type type;                         // of the expression's value
  std::optional<Constant> constant;  // set: emit this, do not look at the children
  Use use;
};

struct VariableInfo {
  std::string name;  // with `$`
  Type type;
  uint32_t loop = 0;      // how many `for` bodies it is declared in
  bool captured = false;  // used in the body of a `for` that it is declared outside of
  bool locked = false;    // a compile-time decision rests on its type
};

struct TypedProbe {
  const Probe* source = nullptr;
  ProviderId provider{};
  Mechanism mechanism = Mechanism::Native;
  std::vector<Target> targets;  // at least one
  std::string name;             // unique program name, e.g. "interval_us_100000_1" (spec C15)
  NodeTable<ExprInfo> expressions;
  std::vector<VariableInfo> variables;
  std::optional<StructLayout> context;  // fields of `args`, at their offsets in the BPF context
  std::optional<Field> result;          // fexit: `retval`, at its offset in the BPF context
  bool uses_btf_context = false;        // the verifier knows the types of the context's words
  // Mechanism::Session, the kprobe of the pair: the number of the kretprobe, which has no program
  // of its own.
  std::optional<size_t> session_return{};
};

// fentry and fexit of a BPF program.
bool traces_bpf_function(const TypedProbe& probe);

struct TypedProgram {
  const Program* program = nullptr;
  Config config;
  std::vector<TypedProbe> probes;
  std::vector<MapPlan> maps;
  std::vector<EventPlan> events;
  std::map<std::string, uint32_t> kernel_functions;  // that programs call: their ids in BTF
  NamedParameters parameters;                        // that getopt() calls declare
  // Layouts of structs and enums whose values reach user space, by tagged name.
  std::map<std::string, StructLayout> structs;
  std::map<std::string, EnumLayout> enums;
  ExternalCode external;
  // For tests: the map whose number stands for the time of day; -1 = the real clocks.
  int32_t clock_map = -1;
  // Some probe traces locks that programs take themselves: one program at a time runs on a CPU.
  bool recursion_guard = false;
  uint64_t child_pid = 0;   // `cpid`; 0 without a child
  uint64_t target_pid = 0;  // -p: tracepoint-like programs return at once for other processes
  // The PID namespace that `pid` and `tid` are seen from; both 0: the initial one.
  uint64_t pid_namespace_device = 0;
  uint64_t pid_namespace_inode = 0;
};

// How many programs there are by the specification's count: one for each target, also where targets
// share code, and one for each link to many functions. max_bpf_progs and max_probes limit it.
size_t program_count(const TypedProgram& program);

}  // namespace gimlet::ast
