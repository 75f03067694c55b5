// The types of the language (language §5) and the layouts of C structures.
//
// A Type is a value: copy it freely. C structures and enums are known by name only; their layouts
// are looked up when a field is wanted, so that mentioning `struct task_struct` costs nothing.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gimlet::ast {

enum class TypeKind : uint8_t {
  None,  // nothing known or no value
  Void,
  Integer,
  Bool,
  Enum,
  String,  // size counts the NUL
  Buffer,  // size = 4 (uint32 length) + capacity
  Pointer,
  Array,
  Struct,  // C struct or union, by name
  Tuple,
  Record,
  KernelStack,
  UserStack,
  KernelSymbol,  // ksym_t: one address
  UserSymbol,    // usym_t: address, pid
  Username,
  Timestamp,
  Inet,  // int64 address family, up to 16 bytes of address
  MacAddress,
  CgroupPath,  // cgroup id, event that holds the pattern
  // aggregations: only as map values
  Count,
  Sum,
  Min,
  Max,
  Avg,
  Stats,
  Hist,
  LHist,
  TSeries,
};

// Where a pointer-ish value points (language §7.2).
enum class AddressSpace : uint8_t { None, Kernel, User };

enum class StackMode : uint8_t { Bpftrace, Perf, Raw, BuildId };

// The clock of an nsecs() value; decides what strftime() adds (probes-and-stdlib B5.5).
enum class Clock : uint8_t { Boot, Monotonic, Tai, SoftwareTai };

struct Type;

struct TupleField {
  std::string name;  // empty in tuples
  std::shared_ptr<const Type> type;
  uint32_t offset = 0;  // bytes from the start of the tuple
};

// Bucket geometry of hist() and lhist() (probes-and-stdlib B7).
struct HistogramShape {
  uint32_t bits = 0;                    // hist: 0..5
  uint64_t min = 0, max = 0, step = 1;  // lhist
  bool operator==(const HistogramShape&) const = default;
};

// What tseries() does with several values of one interval: the latest stays, or they are combined.
enum class SeriesFunction : uint8_t { Latest, Avg, Max, Min, Sum };

// The intervals of tseries() (probes-and-stdlib B7): time is cut into pieces of `interval`
// nanoseconds, of which the newest `count` are kept.
struct TimeSeriesShape {
  uint64_t interval = 1;
  uint32_t count = 1;
  SeriesFunction function = SeriesFunction::Latest;
  bool operator==(const TimeSeriesShape&) const = default;
};

struct Type {
  TypeKind kind = TypeKind::None;
  uint32_t size = 0;       // bytes
  bool is_signed = false;  // integers; aggregations: signedness of their argument
  bool flexible = false;   // integers: a literal that takes on the sign it meets (language §6.1)
  AddressSpace space = AddressSpace::None;
  Clock clock = Clock::Boot;  // integers that came from nsecs(), and timestamps
  // Struct: "struct x" / "union x", of a user program "struct x @/bin/app"; Enum: "enum x"
  std::string name;
  std::shared_ptr<const Type> element;  // Pointer: pointee; Array: element
  uint32_t length = 0;  // Array: number of elements, 0 = unsized; String: see char_array()
  std::shared_ptr<const std::vector<TupleField>> fields;  // Tuple, Record
  StackMode stack_mode = StackMode::Bpftrace;             // stacks
  uint32_t stack_limit = 0;                               // stacks: number of frames
  HistogramShape histogram;                               // Hist, LHist
  TimeSeriesShape series;                                 // TSeries

  bool is(TypeKind k) const { return kind == k; }
  bool known() const { return kind != TypeKind::None; }
};

// Constructors.
Type none_type();
// A pointer with a BTF type tag that says to follow it in a way of its own ("percpu"): there is no
// type for what it leads to. Not known(); `name` is the tag.
Type unreadable_pointer(std::string_view tag);
Type void_type();
Type integer_type(uint32_t bytes, bool is_signed);
Type literal_integer_type(uint64_t value);  // smallest flexible type (language §6.1)
Type negative_literal_type(int64_t value);
Type bool_type();
Type string_type(uint32_t bytes_with_nul);
// The text in a C array of characters, which need not end in a NUL: all of its bytes are the text
// then, and nothing was cut. Its `length` is its size; that of other strings is 0.
Type char_array(uint32_t bytes);
Type buffer_type(uint32_t capacity);
Type pointer_to(Type pointee, AddressSpace space = AddressSpace::None);
Type array_of(Type element, uint32_t length);
Type struct_type(std::string tagged_name, uint32_t size);
Type enum_type(std::string tagged_name, uint32_t size, bool is_signed = false);
// Elements at natural alignment, padding zeroed, size rounded to the largest alignment (§5.4).
Type tuple_type(const std::vector<Type>& elements);
// The same with names, in the order in which they are stored.
Type record_type(const std::vector<std::pair<std::string, Type>>& fields);
Type stack_type(TypeKind kind, StackMode mode, uint32_t limit);
Type aggregate_type(TypeKind kind, bool is_signed);
Type inet_type();
Type mac_address_type();
Type cgroup_path_type();

// Alignment inside tuples (§5.4).
uint32_t alignment(const Type& type);

// Same type as far as the language can tell; address space, clock and flexibility do not count.
bool same_type(const Type& a, const Type& b);

// Integer, Bool, Enum or castable aggregate: what operators take (language §4).
bool is_integer_like(const Type& type);
// Count, Sum, Min, Max, Avg: read as an integer in expressions.
bool is_castable_aggregate(const Type& type);
// Any aggregation, Hist, LHist, TSeries and Stats included.
bool is_aggregate(const Type& type);
// Fits into one register: integers, bool, enum, pointers, castable aggregates (as their integer).
bool is_scalar(const Type& type);

// The name used in messages: "int64", "string[16]", "struct task_struct *", "(int64,string[3])",
// "ustack_perf_10", "count_t", "usum_t", ...
std::string type_name(const Type& type);
// What typeinfo() calls the kind of a type: "int", "string", "c_type", ... (language §14.3).
std::string base_type_name(const Type& type);
// "bpftrace", "perf", "raw", "build_id"
const char* stack_mode_name(StackMode mode);

// A part of a value that does not lie in one piece in its context.
struct Piece {
  uint32_t offset = 0;  // in the context
  uint32_t at = 0;      // in the value
  uint32_t size = 0;    // 1, 2, 4 or 8
};

// One member of a C structure or one field of a context.
struct Field {
  std::string name;
  Type type;                   // kind None: a member of a type the language cannot show
  uint32_t offset = 0;         // bytes from the start of the structure
  uint32_t bit_offset = 0;     // bitfields: first bit, counted from `offset` in memory order
  uint32_t bit_width = 0;      // 0 = not a bitfield
  bool on_stack = false;       // contexts of registers: `offset` counts from the stack pointer
  bool data_location = false;  // tracepoint `__data_loc`: holds (length << 16 | offset into record)
  std::vector<Piece> pieces{};  // contexts: where its parts lie, if there are several
};

struct StructLayout {
  std::string name;  // tagged, as in Type::name
  uint32_t size = 0;
  bool is_union = false;
  std::vector<Field> fields;  // members of anonymous members are lifted into this list

  const Field* find(const std::string& field) const;
};

struct EnumLayout {
  std::string name;
  uint32_t size = 4;
  bool is_signed = false;
  std::vector<std::pair<std::string, int64_t>> values;
};

}  // namespace gimlet::ast
