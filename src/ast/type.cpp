#include "ast/type.h"

#include <fmt/format.h>

#include <algorithm>

namespace gimlet::ast {
namespace {

Type simple(TypeKind kind, uint32_t size) {
  Type t;
  t.kind = kind;
  t.size = size;
  return t;
}

uint32_t round_up(uint32_t value, uint32_t to) { return (value + to - 1) / to * to; }

std::string stack_name(const char* prefix, const Type& t) {
  return fmt::format("{}_{}_{}", prefix, stack_mode_name(t.stack_mode), t.stack_limit);
}

std::string fields_name(const Type& t) {
  std::string out;
  for (const TupleField& f : *t.fields) {
    if (!out.empty()) out += ",";
    if (!f.name.empty()) out += fmt::format(".{} = ", f.name);
    out += type_name(*f.type);
  }
  return out;
}

const char* unsigned_prefix(const Type& t) { return t.is_signed ? "" : "u"; }

}  // namespace

Type none_type() { return {}; }

Type unreadable_pointer(std::string_view tag) {
  Type type;
  type.name = tag;
  return type;
}
Type void_type() { return simple(TypeKind::Void, 0); }

Type integer_type(uint32_t bytes, bool is_signed) {
  Type t = simple(TypeKind::Integer, bytes);
  t.is_signed = is_signed;
  return t;
}

Type literal_integer_type(uint64_t value) {
  uint32_t bytes = value <= 0x7f ? 1 : value <= 0x7fff ? 2 : value <= 0x7fffffff ? 4 : 8;
  bool fits_signed = value <= 0x7fffffffffffffffULL;
  Type t = integer_type(bytes, fits_signed);
  t.flexible = fits_signed;
  return t;
}

Type negative_literal_type(int64_t value) {
  uint32_t bytes = value >= INT8_MIN ? 1 : value >= INT16_MIN ? 2 : value >= INT32_MIN ? 4 : 8;
  return integer_type(bytes, true);
}

Type bool_type() { return simple(TypeKind::Bool, 1); }
Type string_type(uint32_t bytes_with_nul) { return simple(TypeKind::String, bytes_with_nul); }
Type char_array(uint32_t bytes) {
  Type type = string_type(bytes);
  type.length = bytes;
  return type;
}
Type buffer_type(uint32_t capacity) { return simple(TypeKind::Buffer, capacity + 4); }

Type pointer_to(Type pointee, AddressSpace space) {
  Type t = simple(TypeKind::Pointer, 8);
  t.element = std::make_shared<const Type>(std::move(pointee));
  t.space = space;
  return t;
}

Type array_of(Type element, uint32_t length) {
  Type t = simple(TypeKind::Array, element.size * length);
  t.space = element.space;
  t.element = std::make_shared<const Type>(std::move(element));
  t.length = length;
  return t;
}

Type struct_type(std::string tagged_name, uint32_t size) {
  Type t = simple(TypeKind::Struct, size);
  t.name = std::move(tagged_name);
  return t;
}

Type enum_type(std::string tagged_name, uint32_t size, bool is_signed) {
  Type t = simple(TypeKind::Enum, size);
  t.name = std::move(tagged_name);
  t.is_signed = is_signed;
  return t;
}

Type tuple_type(const std::vector<Type>& elements) {
  std::vector<std::pair<std::string, Type>> fields;
  for (const Type& element : elements) fields.emplace_back("", element);
  Type t = record_type(fields);
  t.kind = TypeKind::Tuple;
  return t;
}

Type record_type(const std::vector<std::pair<std::string, Type>>& named) {
  Type t = simple(TypeKind::Record, 0);
  std::vector<TupleField> fields;
  uint32_t offset = 0;
  uint32_t largest = 1;
  for (const auto& [name, element] : named) {
    uint32_t align = alignment(element);
    offset = round_up(offset, align);
    fields.push_back({name, std::make_shared<const Type>(element), offset});
    offset += element.size;
    largest = std::max(largest, align);
  }
  t.size = round_up(offset, largest);
  t.fields = std::make_shared<const std::vector<TupleField>>(std::move(fields));
  return t;
}

Type stack_type(TypeKind kind, StackMode mode, uint32_t limit) {
  // Kernel stacks: number of frames, frames. User stacks carry the process id as well, so that the
  // same addresses in two processes are different values.
  Type t = simple(kind, 8 * limit + (kind == TypeKind::KernelStack ? 8 : 16));
  t.stack_mode = mode;
  t.stack_limit = limit;
  return t;
}

Type aggregate_type(TypeKind kind, bool is_signed) {
  Type t = simple(kind, 8);
  t.is_signed = is_signed;
  return t;
}

Type inet_type() { return simple(TypeKind::Inet, 24); }
Type mac_address_type() { return simple(TypeKind::MacAddress, 6); }
Type cgroup_path_type() { return simple(TypeKind::CgroupPath, 16); }

uint32_t alignment(const Type& type) {
  switch (type.kind) {
    case TypeKind::String:
    case TypeKind::Buffer:
    case TypeKind::UserSymbol:
    case TypeKind::Timestamp:
    case TypeKind::Inet:
    case TypeKind::MacAddress:
    case TypeKind::CgroupPath: return 1;
    case TypeKind::Array: return alignment(*type.element);
    case TypeKind::Tuple:
    case TypeKind::Record: {
      uint32_t largest = 1;
      for (const TupleField& f : *type.fields) largest = std::max(largest, alignment(*f.type));
      return largest;
    }
    default: return type.size == 2 ? 2 : type.size == 4 ? 4 : type.size >= 8 ? 8 : 1;
  }
}

bool same_type(const Type& a, const Type& b) {
  if (a.kind != b.kind) return false;
  // The name says it all; a structure that was only mentioned has no size yet.
  if (a.is(TypeKind::Struct) || a.is(TypeKind::Enum)) return a.name == b.name;
  if (a.size != b.size) return false;
  switch (a.kind) {
    case TypeKind::Integer: return a.is_signed == b.is_signed;
    case TypeKind::Pointer: return same_type(*a.element, *b.element);
    case TypeKind::Array: return a.length == b.length && same_type(*a.element, *b.element);
    case TypeKind::Tuple:
    case TypeKind::Record: {
      auto equal = [](const TupleField& x, const TupleField& y) {
        return x.name == y.name && same_type(*x.type, *y.type);
      };
      return std::equal(a.fields->begin(), a.fields->end(), b.fields->begin(), b.fields->end(),
                        equal);
    }
    case TypeKind::KernelStack:
    case TypeKind::UserStack: return a.stack_mode == b.stack_mode && a.stack_limit == b.stack_limit;
    case TypeKind::Hist:
    case TypeKind::LHist: return a.histogram == b.histogram;
    case TypeKind::TSeries: return a.series == b.series && a.is_signed == b.is_signed;
    case TypeKind::Sum:
    case TypeKind::Min:
    case TypeKind::Max:
    case TypeKind::Avg:
    case TypeKind::Stats: return a.is_signed == b.is_signed;
    default: return true;
  }
}

bool is_castable_aggregate(const Type& type) {
  return type.is(TypeKind::Count) || type.is(TypeKind::Sum) || type.is(TypeKind::Min) ||
         type.is(TypeKind::Max) || type.is(TypeKind::Avg);
}

bool is_aggregate(const Type& type) {
  return is_castable_aggregate(type) || type.is(TypeKind::Stats) || type.is(TypeKind::Hist) ||
         type.is(TypeKind::LHist) || type.is(TypeKind::TSeries);
}

bool is_integer_like(const Type& type) {
  return type.is(TypeKind::Integer) || type.is(TypeKind::Bool) || type.is(TypeKind::Enum) ||
         is_castable_aggregate(type);
}

bool is_scalar(const Type& type) { return is_integer_like(type) || type.is(TypeKind::Pointer); }

const char* stack_mode_name(StackMode mode) {
  switch (mode) {
    case StackMode::Bpftrace: return "bpftrace";
    case StackMode::Perf: return "perf";
    case StackMode::Raw: return "raw";
    case StackMode::BuildId: return "build_id";
  }
  return "";
}

std::string type_name(const Type& t) {
  switch (t.kind) {
    case TypeKind::None: return "none";
    case TypeKind::Void: return "void";
    case TypeKind::Integer: return fmt::format("{}int{}", unsigned_prefix(t), t.size * 8);
    case TypeKind::Bool: return "bool";
    case TypeKind::Enum: return t.name;
    // A program's structure is told from the kernel's by the file behind its name.
    case TypeKind::Struct: return t.name.substr(0, t.name.find(" @"));
    case TypeKind::String: return fmt::format("string[{}]", t.size);
    case TypeKind::Buffer: return fmt::format("buffer[{}]", t.size - 4);
    case TypeKind::Pointer: return type_name(*t.element) + " *";
    case TypeKind::Array: return fmt::format("{}[{}]", type_name(*t.element), t.length);
    case TypeKind::Tuple: return "(" + fields_name(t) + ")";
    case TypeKind::Record: return "record { " + fields_name(t) + " }";
    case TypeKind::KernelStack: return stack_name("kstack", t);
    case TypeKind::UserStack: return stack_name("ustack", t);
    case TypeKind::KernelSymbol: return "ksym_t";
    case TypeKind::UserSymbol: return "usym_t";
    case TypeKind::Username: return "username_t";
    case TypeKind::Timestamp: return "timestamp";
    case TypeKind::Inet: return fmt::format("inet[{}]", t.size);
    case TypeKind::MacAddress: return "mac_address";
    case TypeKind::CgroupPath: return "cgroup_path_t";
    case TypeKind::Count: return "count_t";
    case TypeKind::Sum: return fmt::format("{}sum_t", unsigned_prefix(t));
    case TypeKind::Min: return fmt::format("{}min_t", unsigned_prefix(t));
    case TypeKind::Max: return fmt::format("{}max_t", unsigned_prefix(t));
    case TypeKind::Avg: return fmt::format("{}avg_t", unsigned_prefix(t));
    case TypeKind::Stats: return fmt::format("{}stats_t", unsigned_prefix(t));
    case TypeKind::Hist: return "hist_t";
    case TypeKind::LHist: return "lhist_t";
    case TypeKind::TSeries: return "tseries_t";
  }
  return "";
}

std::string base_type_name(const Type& type) {
  switch (type.kind) {
    case TypeKind::Integer:
    case TypeKind::Enum: return "int";
    case TypeKind::String: return "string";
    case TypeKind::Buffer: return "buffer";
    case TypeKind::Pointer: return "pointer";
    case TypeKind::Array: return "array";
    case TypeKind::Struct: return "c_type";
    case TypeKind::Tuple: return "tuple";
    case TypeKind::Inet: return "inet";
    case TypeKind::Record: return "record";
    case TypeKind::KernelStack: return "kstack";
    case TypeKind::UserStack: return "ustack";
    default: return type_name(type);
  }
}

const Field* StructLayout::find(const std::string& field) const {
  auto it =
      std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.name == field; });
  return it == fields.end() ? nullptr : &*it;
}

}  // namespace gimlet::ast
