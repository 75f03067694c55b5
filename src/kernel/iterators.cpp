#include "kernel/iterators.h"

#include <bpf/bpf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "base/owners.h"
#include "kernel/c_text.h"
#include "kernel/kernel_functions.h"

namespace gimlet::kernel {
namespace {

constexpr std::string_view kContext = "bpf_iter__";
// Marks the copies of contexts that only tell the verifier which pointers it may trust.
constexpr std::string_view kVerifierOnly = "__safe_trusted";

// The kernel wraps each pointer into a union without a name, to give it 64 bits everywhere.
void add_members(const Btf& btf, const btf_type& parent, bool outermost,
                 std::vector<KernelIterator::Member>& members) {
  for (const btf_member& member : btf_members(parent)) {
    const std::string_view name = btf.string(member.name_off);
    if (!name.empty()) {
      members.push_back({std::string(name), c_type_name(btf, member.type)});
      continue;
    }
    uint32_t id = member.type;
    const btf_type* inner = btf.resolve(id);
    if (outermost && inner && btf_kind(*inner) == BTF_KIND_UNION) {
      add_members(btf, *inner, false, members);
    }
  }
}

}  // namespace

std::optional<KernelIterator> find_iterator(const Btf& btf, const std::string& name) {
  const uint32_t context = btf.find(fmt::format("{}{}", kContext, name), kind_bit(BTF_KIND_STRUCT));
  const uint32_t function = btf.find("bpf_iter_" + name, kind_bit(BTF_KIND_FUNC));
  if (context == 0 || function == 0 || name.ends_with(kVerifierOnly)) return std::nullopt;
  KernelIterator found;
  found.name = name;
  found.btf_id = function;
  add_members(btf, *btf.type(context), true, found.members);
  return found;
}

std::vector<KernelIterator> list_iterators(const Btf& btf) {
  std::vector<KernelIterator> found;
  for (uint32_t id : btf.type_ids()) {
    const btf_type& type = *btf.type(id);
    const std::string_view name = btf.name(type);
    if (btf_kind(type) != BTF_KIND_STRUCT || !name.starts_with(kContext)) continue;
    auto iterator = find_iterator(btf, std::string(name.substr(kContext.size())));
    if (iterator) found.push_back(std::move(*iterator));
  }
  auto by_name = [](const KernelIterator& a, const KernelIterator& b) { return a.name < b.name; };
  auto same_name = [](const KernelIterator& a, const KernelIterator& b) {
    return a.name == b.name;
  };
  std::sort(found.begin(), found.end(), by_name);
  found.erase(std::unique(found.begin(), found.end(), same_name), found.end());
  return found;
}

bool kernel_takes(const KernelIterator& iterator) {
  const bpf_insn instructions[] = {
      {BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 0},
      {BPF_JMP | BPF_EXIT, 0, 0, 0, 0},
  };
  LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = BPF_TRACE_ITER);
  options.attach_btf_id = iterator.btf_id;
  base::UniqueFd program(
      bpf_prog_load(BPF_PROG_TYPE_TRACING, nullptr, "GPL", instructions, 2, &options));
  return program || errno == EPERM;
}

}  // namespace gimlet::kernel
