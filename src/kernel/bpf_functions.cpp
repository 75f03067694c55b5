#include "kernel/bpf_functions.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>

#include <memory>

#include "base/owners.h"

namespace gimlet::kernel {
namespace {

using OwnedBtf = std::unique_ptr<btf, decltype(&btf__free)>;

// The kernel fills a bpf_func_info for each function of the program.
void add_functions(uint32_t id, std::vector<BpfFunction>& found) {
  base::UniqueFd program(bpf_prog_get_fd_by_id(id));
  if (!program) return;
  bpf_prog_info info{};
  uint32_t size = sizeof(info);
  if (bpf_obj_get_info_by_fd(program.get(), &info, &size) != 0) return;
  const uint32_t count = info.nr_func_info;
  const uint32_t btf_of_program = info.btf_id;
  if (count == 0 || btf_of_program == 0) return;
  std::vector<bpf_func_info> functions(count);
  info = {};
  info.nr_func_info = count;
  info.func_info_rec_size = sizeof(bpf_func_info);
  info.func_info = reinterpret_cast<uintptr_t>(functions.data());
  size = sizeof(info);
  if (bpf_obj_get_info_by_fd(program.get(), &info, &size) != 0) return;
  OwnedBtf types(btf__load_from_kernel_by_id(btf_of_program), btf__free);
  if (!types) return;
  for (const bpf_func_info& function : functions) {
    const btf_type* type = btf__type_by_id(types.get(), function.type_id);
    const char* name = type ? btf__name_by_offset(types.get(), type->name_off) : nullptr;
    if (name && *name) found.push_back({id, name, function.type_id});
  }
}

}  // namespace

std::vector<BpfFunction> loaded_bpf_functions() {
  std::vector<BpfFunction> found;
  for (uint32_t id = 0; bpf_prog_get_next_id(id, &id) == 0;) add_functions(id, found);
  return found;
}

}  // namespace gimlet::kernel
