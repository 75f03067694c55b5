// Prototypes come from files that may be damaged: ids are looked up through Btf.
#include "kernel/kernel_functions.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "ast/arch.h"
#include "base/glob.h"
#include "kernel/c_text.h"

namespace gimlet::kernel {
namespace {

constexpr uint32_t kFunctions = kind_bit(BTF_KIND_FUNC);
// What one word of a trampoline's context can be for the language.
constexpr uint32_t kWords = kind_bit(BTF_KIND_INT) | kind_bit(BTF_KIND_PTR) |
                            kind_bit(BTF_KIND_ENUM) | kind_bit(BTF_KIND_ENUM64);

// A trampoline would call these itself: the kernel refuses them, or better had.
constexpr std::string_view kTrampolineInternals[] = {
    "migrate_disable",   "migrate_enable",  "preempt_count_add",
    "preempt_count_sub", "__rcu_read_lock", "__rcu_read_unlock",
};

bool is_trampoline_internal(std::string_view name) {
  return std::find(std::begin(kTrampolineInternals), std::end(kTrampolineInternals), name) !=
         std::end(kTrampolineInternals);
}

const btf_type* prototype_of(const Btf& btf, uint32_t function_id) {
  const btf_type* function = btf.type(function_id);
  if (!function || btf_kind(*function) != BTF_KIND_FUNC) return nullptr;
  const btf_type* prototype = btf.type(function->type);
  return prototype && btf_kind(*prototype) == BTF_KIND_FUNC_PROTO ? prototype : nullptr;
}

// The dots of a variadic function are a last parameter without a type.
bool is_variadic(const btf_type& prototype) {
  const auto parameters = btf_parameters(prototype);
  return !parameters.empty() && parameters.back().type == 0;
}

bool fits_trampoline(const Btf& btf, uint32_t function_id) {
  const btf_type* prototype = prototype_of(btf, function_id);
  if (!prototype || is_variadic(*prototype)) return false;
  if (btf_parameters(*prototype).size() > ast::kArgumentRegisters) return false;
  uint32_t id = prototype->type;
  const btf_type* result = btf.resolve(id);
  return !result || (kWords & kind_bit(btf_kind(*result)));
}

// How many bytes a value takes among the words of the context.
uint32_t room_of(const Btf& btf, uint32_t id) {
  const btf_type* type = btf.resolve(id);
  if (!type || btf_kind(*type) == BTF_KIND_PTR) return 8;
  const uint64_t size = std::min<uint64_t>(type->size, 1U << 20);
  return static_cast<uint32_t>(std::max<uint64_t>(8, (size + 7) / 8 * 8));
}

KernelPrototype::Value value_of(const BtfTypes& types, uint32_t id, std::string name,
                                uint32_t offset) {
  KernelPrototype::Value value;
  value.name = std::move(name);
  value.c_type = c_type_name(types.btf(), id);
  value.offset = offset;
  uint32_t inner = id;
  const btf_type* resolved = types.btf().resolve(inner);
  const bool is_word = resolved && (kWords & kind_bit(btf_kind(*resolved)));
  value.type = is_word ? types.type(id) : ast::none_type();
  return value;
}

}  // namespace

std::optional<KernelFunction> find_kernel_function(const BtfTypes& types, const std::string& name) {
  const uint32_t id = types.btf().find(name, kFunctions);
  if (id == 0) return std::nullopt;
  return KernelFunction{types.module(), name, id};
}

void add_matching_functions(const BtfTypes& types, const std::string& pattern,
                            const TraceableFunctions& traceable,
                            std::vector<KernelFunction>& found) {
  const Btf& btf = types.btf();
  std::unordered_set<std::string_view> seen;
  std::string full = types.module() + ":";
  const size_t prefix = full.size();
  for (uint32_t id : btf.function_ids()) {
    const std::string_view name = btf.name(*btf.type(id));
    full.replace(prefix, std::string::npos, name);
    if (!base::glob_matches(pattern, full)) continue;
    if (is_trampoline_internal(name) || !fits_trampoline(btf, id)) continue;
    if (!traceable.has(types.module(), name)) continue;
    if (seen.insert(name).second) found.push_back({types.module(), std::string(name), id});
  }
}

KernelPrototype read_prototype(const BtfTypes& types, uint32_t function_id) {
  const Btf& btf = types.btf();
  KernelPrototype read;
  const btf_type* prototype = prototype_of(btf, function_id);
  if (!prototype) return read;
  read.is_variadic = is_variadic(*prototype);
  auto parameters = btf_parameters(*prototype);
  if (read.is_variadic) parameters = parameters.first(parameters.size() - 1);
  uint32_t offset = 0;
  for (const btf_param& parameter : parameters) {
    std::string name(btf.string(parameter.name_off));
    if (name.empty()) name = fmt::format("arg{}", read.parameters.size());
    read.parameters.push_back(value_of(types, parameter.type, std::move(name), offset));
    offset += room_of(btf, parameter.type);
  }
  uint32_t result = prototype->type;
  if (btf.resolve(result)) read.result = value_of(types, prototype->type, "retval", offset);
  return read;
}

}  // namespace gimlet::kernel
