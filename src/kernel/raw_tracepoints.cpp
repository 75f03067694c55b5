// The first parameter of every prototype is the kernel's own `void *__data` and is dropped.
#include "kernel/raw_tracepoints.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "kernel/c_text.h"

namespace gimlet::kernel {
namespace {

constexpr std::string_view kStubs[] = {"__probestub_", "__traceiter_"};
constexpr uint32_t kFunctions = kind_bit(BTF_KIND_FUNC);

std::span<const btf_param> prototype_parameters(const Btf& btf, uint32_t id) {
  const btf_type* prototype = btf.resolve(id);
  if (!prototype || btf_kind(*prototype) != BTF_KIND_FUNC_PROTO) return {};
  return btf_parameters(*prototype);
}

// Of the typedef's prototype: unnamed, but the kernel's own word on the types.
std::span<const btf_param> typedef_parameters(const Btf& btf, uint32_t typedef_id) {
  const btf_type* pointer = btf.resolve(typedef_id);
  if (!pointer || btf_kind(*pointer) != BTF_KIND_PTR) return {};
  return prototype_parameters(btf, pointer->type);
}

std::span<const btf_param> stub_parameters(const Btf& btf, const std::string& event) {
  for (std::string_view stub : kStubs) {
    const uint32_t id = btf.find(fmt::format("{}{}", stub, event), kFunctions);
    if (id == 0) continue;
    return prototype_parameters(btf, btf.type(id)->type);
  }
  return {};
}

}  // namespace

std::vector<std::string> list_raw_tracepoints(const BtfTypes& types) {
  const Btf& btf = types.btf();
  std::vector<std::string> names;
  for (uint32_t id : btf.function_ids()) {
    const std::string_view name = btf.name(*btf.type(id));
    for (std::string_view stub : kStubs) {
      if (name.size() <= stub.size() || !name.starts_with(stub)) continue;
      names.push_back(fmt::format("{}:{}", types.module(), name.substr(stub.size())));
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::optional<RawTracepoint> find_raw_tracepoint(const BtfTypes& types, const std::string& event) {
  const Btf& btf = types.btf();
  const auto named = stub_parameters(btf, event);
  if (named.empty()) return std::nullopt;
  RawTracepoint found;
  found.module = types.module();
  found.event = event;
  found.btf_id = btf.find("btf_trace_" + event, kind_bit(BTF_KIND_TYPEDEF));
  const auto typed = found.btf_id ? typedef_parameters(btf, found.btf_id) : named;
  // A compiler may have dropped unused parameters of the stub: then its names cannot be trusted.
  const auto& types_from = typed.empty() ? named : typed;
  const bool has_names = types_from.size() == named.size();
  for (size_t i = 1; i < types_from.size(); ++i) {
    RawTracepoint::Parameter parameter;
    if (has_names) parameter.name = std::string(btf.string(named[i].name_off));
    if (parameter.name.empty()) parameter.name = fmt::format("arg{}", i - 1);
    parameter.type = types.type(types_from[i].type);
    parameter.c_type = c_type_name(btf, types_from[i].type);
    found.parameters.push_back(std::move(parameter));
  }
  return found;
}

}  // namespace gimlet::kernel
