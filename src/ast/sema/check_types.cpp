// Types as they are written, and the expressions that ask for types: sizeof, offsetof, typeinfo
// (language §5.2, §14).

#include <fmt/format.h>

#include <algorithm>

#include "ast/promote.h"
#include "ast/sema/checker.h"
#include "ast/sema/unstable.h"
#include "base/suggest.h"

namespace gimlet::ast::sema {
namespace {

struct PlainName {
  const char* name;
  uint32_t bytes;
  bool is_signed;
};

// Integer types that need no look-up: the language's own names and the usual C spellings.
constexpr PlainName kPlainNames[] = {
    {"int8", 1, true},      {"int16", 2, true},     {"int32", 4, true},     {"int64", 8, true},
    {"uint8", 1, false},    {"uint16", 2, false},   {"uint32", 4, false},   {"uint64", 8, false},
    {"u8", 1, false},       {"u16", 2, false},      {"u32", 4, false},      {"u64", 8, false},
    {"s8", 1, true},        {"s16", 2, true},       {"s32", 4, true},       {"s64", 8, true},
    {"uint8_t", 1, false},  {"uint16_t", 2, false}, {"uint32_t", 4, false}, {"uint64_t", 8, false},
    {"int8_t", 1, true},    {"int16_t", 2, true},   {"int32_t", 4, true},   {"int64_t", 8, true},
    {"char", 1, true},      {"short", 2, true},     {"int", 4, true},       {"long", 8, true},
    {"size_t", 8, false},   {"ssize_t", 8, true},   {"pid_t", 4, true},     {"uintptr_t", 8, false},
    {"unsigned", 4, false},
};

// Types of the language that have a size of their own.
struct SpecialName {
  const char* name;
  TypeKind kind;
  uint32_t size;
  bool is_signed;
};

constexpr SpecialName kSpecialNames[] = {
    {"bool", TypeKind::Bool, 1, false},
    {"void", TypeKind::Void, 0, false},
    {"username_t", TypeKind::Username, 8, false},
    {"timestamp", TypeKind::Timestamp, 16, false},
    {"ksym_t", TypeKind::KernelSymbol, 8, false},
    {"usym_t", TypeKind::UserSymbol, 16, false},
    {"count_t", TypeKind::Count, 8, false},
    {"sum_t", TypeKind::Sum, 8, true},
    {"usum_t", TypeKind::Sum, 8, false},
    {"min_t", TypeKind::Min, 8, true},
    {"umin_t", TypeKind::Min, 8, false},
    {"max_t", TypeKind::Max, 8, true},
    {"umax_t", TypeKind::Max, 8, false},
    {"avg_t", TypeKind::Avg, 8, true},
    {"uavg_t", TypeKind::Avg, 8, false},
    {"stats_t", TypeKind::Stats, 8, true},
    {"ustats_t", TypeKind::Stats, 8, false},
    {"macaddr_t", TypeKind::MacAddress, 6, false},
    {"cgroup_path_t", TypeKind::CgroupPath, 16, false},
};

Type special_type(const SpecialName& name) {
  Type type = integer_type(name.size, name.is_signed);
  type.kind = name.kind;
  return type;
}

// As many as C definitions may have (script_types.cpp).
constexpr uint64_t kMostBytes = INT32_MAX;

// The unsized name, or the type with a size taken from a following `[N]`.
std::optional<Type> sized_name(const TypeSpec& spec, size_t& used_suffixes) {
  bool is_string = spec.name == "string", is_buffer = spec.name == "buffer";
  bool is_inet = spec.name == "inet";
  if (!is_string && !is_buffer && !is_inet) return std::nullopt;
  uint32_t size = 0;
  if (!spec.suffixes.empty() && !spec.suffixes[0].pointer && spec.suffixes[0].length) {
    size = static_cast<uint32_t>(std::min(*spec.suffixes[0].length, kMostBytes + 1));
    used_suffixes = 1;
  }
  // There is one size of address that ntop() makes, whatever is written.
  if (is_inet) return inet_type();
  return is_string ? string_type(size) : buffer_type(size);
}

}  // namespace

void Checker::unknown_struct(SourceRange range, const std::string& tagged) {
  if (!facts_.reporter.active()) return;
  auto& report = error(range, fmt::format("Unknown struct/union: '{}'", tagged));
  if (!facts_.types.has_btf()) {
    report.hint(
        "Include headers with missing type definitions or install BTF information to your "
        "system.");
  } else if (auto near = base::nearest(tagged, facts_.types.struct_names())) {
    report.hint(fmt::format("Did you mean '{}'?", *near));
  }
}

Type Checker::resolve_name(const TypeSpec& spec) {
  if (spec.tag == TypeSpec::Tag::Struct || spec.tag == TypeSpec::Tag::Union) {
    std::string tagged = (spec.tag == TypeSpec::Tag::Struct ? "struct " : "union ") + spec.name;
    // What the traced program calls so comes before what the kernel calls so.
    std::string program = facts_.types.defines(tagged) ? "" : traced_program();
    if (!program.empty()) {
      tagged = facts_.kernel.user_struct(program, tagged).value_or(tagged);
    }
    if (const StructLayout* layout = facts_.types.find_struct(tagged)) {
      return struct_type(tagged, layout->size);
    }
    unknown_struct(spec.range, tagged);
    return {};
  }
  if (spec.tag == TypeSpec::Tag::Enum) {
    if (const EnumLayout* layout = facts_.types.find_enum("enum " + spec.name)) {
      return enum_type(layout->name, layout->size, layout->is_signed);
    }
    error(spec.range, fmt::format("Unknown enum: {}", spec.name));
    return {};
  }
  for (const PlainName& plain : kPlainNames) {
    if (spec.name == plain.name) return integer_type(plain.bytes, plain.is_signed);
  }
  for (const SpecialName& special : kSpecialNames) {
    if (spec.name == special.name) return special_type(special);
  }
  if (auto type = facts_.types.find_type(spec.name)) return *type;
  error(spec.range, fmt::format("Cannot resolve unknown type \"{}\"", spec.name));
  return {};
}

Type Checker::resolve(const TypeSpec& spec) {
  size_t next = 0;
  std::optional<Type> sized = spec.of ? std::nullopt : sized_name(spec, next);
  Type type = sized ? *sized : spec.of ? type_of(*spec.of) : resolve_name(spec);
  if (!type.known()) return type;
  if (sized && type.size > kMostBytes) {
    error(spec.range, fmt::format("this {} is too large", spec.name));
    return {};
  }
  for (; next < spec.suffixes.size(); next++) {
    const TypeSpec::Suffix& suffix = spec.suffixes[next];
    type = suffix.pointer ? pointer_to(std::move(type))
                          : array_type(spec, std::move(type), suffix.length.value_or(0));
    if (!type.known()) return type;
  }
  return type;
}

Type Checker::array_type(const TypeSpec& spec, Type element, uint64_t length) {
  const uint64_t most = element.size == 0 ? kMostBytes : kMostBytes / element.size;
  if (length <= most) return array_of(std::move(element), static_cast<uint32_t>(length));
  error(spec.range, "this array is too large");
  return {};
}

Type Checker::type_of(const TypeOrExpr& operand) {
  if (operand.type) return resolve(*operand.type);
  const Expr& expr = *operand.expr;
  unevaluated_++;
  Type type;
  auto* access = std::get_if<MapAccess>(&expr.node);
  if (access && access->keys.empty()) {
    // Alone, a keyed map stands for its key.
    uint32_t map = facts_.map_number(access->name, access->name_range);
    MapFacts& facts = facts_.maps[map];
    type = facts.keyed ? facts.key : facts.value;
    facts.locked = facts.locked || (locking_ && type.known());
    probe_.expressions.set(expr.id, {type, {}, MapUse{map}});
  } else {
    type = check(expr);
  }
  unevaluated_--;
  return type;
}

void Checker::check_unevaluated_store(const Expr& target) {
  if (unevaluated_ == 0 || !std::holds_alternative<MapAccess>(target.node)) return;
  error(target.range, "Map assignments not allowed inside of sizeof");
}

namespace {

ExprInfo number_info(uint64_t value) {
  return {literal_integer_type(value), IntegerConstant{value, false}, {}};
}

}  // namespace

bool Checker::check_unstable(const UnstableFeature& feature, SourceRange use) {
  const Config& config = facts_.options.config;
  Unstable setting = config.*feature.setting;
  if (setting == Unstable::Error) error(use, unstable_message(feature, setting));
  if (setting == Unstable::Error || !facts_.reporter.active()) return setting != Unstable::Error;
  return admit_unstable(feature, config, use, *facts_.reporter.sink());
}

namespace {

// What is asked for in the end; null for a type that is written out.
const Expr* asked(const TypeOrExpr& operand) {
  if (operand.expr) return operand.expr.get();
  return operand.type->of ? asked(*operand.type->of) : nullptr;
}

}  // namespace

Type Checker::known_type_of(const TypeOrExpr& operand) {
  Type type = type_of(operand);
  const Expr* expr = asked(operand);
  // A map without a type is reported as undefined, with its first use.
  bool missing = !type.known() && expr && !std::holds_alternative<MapAccess>(expr->node);
  if (missing && last_round() && facts_.error_count() == 0) {
    error(expr->range, "An expression without a value is used as one");
  }
  return type;
}

ExprInfo Checker::visit(const Expr&, const SizeOf& node) {
  Type type = known_type_of(node.operand);
  if (!type.known()) return {};
  if (const StructLayout* layout = layout_of(type)) type.size = layout->size;
  return number_info(type.size);
}

ExprInfo Checker::visit(const Expr& expr, const OffsetOf& node) {
  Type type = known_type_of(node.operand);
  if (!type.known()) return {};
  uint64_t offset = 0;
  for (const std::string& name : node.path) {
    const StructLayout* layout = layout_of(type);
    if (!layout) {
      error(expr.range, fmt::format("'{}' is not a C type.", type_name(type)));
      return {};
    }
    const Field* field = layout->find(name);
    if (!field) {
      error(node.path_range, fmt::format("'{}' has no field named '{}'", type_name(type), name));
      return {};
    }
    offset += field->offset;
    type = field->type;
  }
  return number_info(offset);
}

ExprInfo Checker::visit(const Expr& expr, const TypeInfo& node) {
  // Macros of the library may ask.
  if (expr.range.expansion == 0 && !check_unstable(kUnstableTypeinfo, expr.range)) return {};
  Type type = known_type_of(node.operand);
  if (!type.known()) {
    // Where the answer is missed may be inside the library; what is wrong is the question.
    auto* access = node.operand.expr ? std::get_if<MapAccess>(&node.operand.expr->node) : nullptr;
    if (access && last_round() && facts_.error_count() == 0) {
      error(access->name_range, fmt::format("Undefined map: {}", access->name));
    }
    return {};
  }
  std::string base = base_type_name(type), full = type_name(type);
  auto text = [](const std::string& t) { return string_type(static_cast<uint32_t>(t.size() + 1)); };
  return {record_type({{"btf_id", literal_integer_type(0)},
                       {"base_type", text(base)},
                       {"full_type", text(full)}}),
          {},
          TypeInfoUse{{IntegerConstant{0, false}, base, full}}};
}

ExprInfo Checker::visit(const Expr& expr, const TypeArgument&) {
  error(expr.range,
        "When used as a call argument, `typeof` builtin only valid for macro calls that are "
        "expecting a type parameter");
  return {};
}

}  // namespace gimlet::ast::sema
