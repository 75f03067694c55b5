// What a BPF object file offers to programs that import it: its global functions, with the types
// that its BTF gives them.
//
// Only functions of .text can be called; a function in a section of its own is a program that the
// kernel would run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ast/external_code.h"
#include "base/result.h"

namespace gimlet::kernel {

struct ExternalInterface {
  std::vector<ast::ExternalFunction> functions;  // their `object` is left at 0
  bool has_license = false;
};

// `name` is the file that messages speak of. An Error if this is no BPF object, or one without
// types.
base::Result<ExternalInterface> read_external_object(const std::vector<uint8_t>& bytes,
                                                     const std::string& name);

}  // namespace gimlet::kernel
