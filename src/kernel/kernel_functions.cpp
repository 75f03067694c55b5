// Prototypes come from files that may be damaged: ids are looked up through Btf, chains of types
// are followed to a limited depth.
#include "kernel/kernel_functions.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "ast/arch.h"
#include "base/glob.h"

namespace gimlet::kernel {
namespace {

constexpr int kMaxDepth = 32;
constexpr uint32_t kFunctions = kind_bit(BTF_KIND_FUNC);
// What one word of a trampoline's context can be for the language.
constexpr uint32_t kWords = kind_bit(BTF_KIND_INT) | kind_bit(BTF_KIND_PTR) |
                            kind_bit(BTF_KIND_ENUM) | kind_bit(BTF_KIND_ENUM64);

// A trampoline would call these itself, or its program would: the kernel refuses them, or better
// had. No pattern matches them.
constexpr std::string_view kNeverMatched[] = {
    "arch_cpu_idle",     "bpf_dispatcher_xdp_func", "default_idle",
    "migrate_disable",   "migrate_enable",          "preempt_count_add",
    "preempt_count_sub", "__rcu_read_lock",         "__rcu_read_unlock",
};
constexpr std::string_view kNeverMatchedPrefixes[] = {"rcu_", "__ftrace_invalid_address__"};

bool never_matched(std::string_view name) {
  if (name.find(".part.") != std::string_view::npos) return true;
  for (std::string_view prefix : kNeverMatchedPrefixes) {
    if (name.starts_with(prefix)) return true;
  }
  return std::find(std::begin(kNeverMatched), std::end(kNeverMatched), name) !=
         std::end(kNeverMatched);
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

std::string c_type_at(const Btf& btf, uint32_t id, int depth) {
  const btf_type* type = btf.type(id);
  if (!type) return id == 0 ? "void" : "?";
  if (depth > kMaxDepth) return "?";
  const std::string_view name = btf.name(*type);
  auto tagged = [&](const char* tag) {
    return name.empty() ? fmt::format("{} {{...}}", tag) : fmt::format("{} {}", tag, name);
  };
  auto inner = [&] { return c_type_at(btf, type->type, depth + 1); };
  switch (btf_kind(*type)) {
    case BTF_KIND_PTR: {
      const btf_type* target = btf.type(type->type);
      if (target && btf_kind(*target) == BTF_KIND_FUNC_PROTO) {
        return c_type_at(btf, target->type, depth + 1) + " (*)()";
      }
      std::string text = inner();
      return text + (text.ends_with('*') ? "*" : " *");
    }
    case BTF_KIND_CONST: {
      const btf_type* target = btf.type(type->type);
      const bool of_pointer = target && btf_kind(*target) == BTF_KIND_PTR;
      return of_pointer ? inner() + " const" : "const " + inner();
    }
    case BTF_KIND_VOLATILE: return "volatile " + inner();
    case BTF_KIND_RESTRICT:
    case BTF_KIND_TYPE_TAG: return inner();
    case BTF_KIND_STRUCT: return tagged("struct");
    case BTF_KIND_UNION: return tagged("union");
    case BTF_KIND_FWD: return tagged(btf_kind_flag(*type) ? "union" : "struct");
    case BTF_KIND_ENUM:
    case BTF_KIND_ENUM64: return tagged("enum");
    case BTF_KIND_ARRAY: {
      const btf_array& shape = btf_array_of(*type);
      return fmt::format("{}[{}]", c_type_at(btf, shape.type, depth + 1), shape.nelems);
    }
    default: return name.empty() ? "?" : std::string(name);
  }
}

}  // namespace

TraceableFunctions::TraceableFunctions(base::Result<std::string> list) : known_(list.ok()) {
  if (!known_) return;
  text_ = std::move(*list);
  for (std::string_view rest = text_; !rest.empty();) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const size_t blank = std::min(line.find(' '), line.size());
    const std::string_view name = line.substr(0, blank);
    const size_t open = line.find('[', blank);
    const size_t close = line.find(']', blank);
    if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
      kernel_.insert(name);
    } else {
      modules_.insert(fmt::format("{}:{}", line.substr(open + 1, close - open - 1), name));
      module_functions_.insert(name);
    }
  }
}

bool TraceableFunctions::has(const std::string& module, std::string_view name) const {
  if (never_matched(name)) return false;
  if (!known_) return true;
  if (module.empty()) return kernel_.contains(name) || module_functions_.contains(name);
  return module == "vmlinux" ? kernel_.contains(name)
                             : modules_.contains(fmt::format("{}:{}", module, name));
}

std::vector<KernelFunction> TraceableFunctions::match(const std::string& module,
                                                      const std::string& pattern) const {
  std::vector<KernelFunction> found;
  auto consider = [&](std::string_view in, std::string_view name) {
    if (base::glob_matches(pattern, name) && !never_matched(name)) {
      found.push_back({std::string(in), std::string(name), 0});
    }
  };
  const bool in_kernel = module.empty() || base::glob_matches(module, "vmlinux");
  if (in_kernel) {
    for (std::string_view name : kernel_) consider("vmlinux", name);
  }
  if (module.empty()) {
    for (std::string_view name : module_functions_) {
      if (!kernel_.contains(name)) consider("", name);
    }
  } else {
    for (std::string_view full : modules_) {
      const size_t colon = full.find(':');
      if (base::glob_matches(module, full.substr(0, colon))) {
        consider(full.substr(0, colon), full.substr(colon + 1));
      }
    }
  }
  std::sort(found.begin(), found.end(), [](const KernelFunction& a, const KernelFunction& b) {
    return std::tie(a.module, a.name) < std::tie(b.module, b.name);
  });
  return found;
}

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
    if (!traceable.has(types.module(), name) || !fits_trampoline(btf, id)) continue;
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

std::string c_type_name(const Btf& btf, uint32_t id) { return c_type_at(btf, id, 0); }

}  // namespace gimlet::kernel
