// Structs, unions and enums of BTF written out as C definitions, for people to read.
//
// The text is libbpf's: padding, bitfields, attributes and nested types are its business. libbpf's
// own reader of BTF is slow to start, so it is used for nothing else.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "kernel/btf_types.h"

namespace gimlet::kernel {

// Ids by tagged name ("struct x"), each name once.
using MatchingTypes = std::map<std::string, uint32_t>;

// The file's own named structs, unions and enums whose tagged name matches.
MatchingTypes matching_types(const BtfTypes& types, const std::string& pattern);

class DefinitionWriter {
 public:
  // `vmlinux`: the file of the kernel's BTF. It is read at the first call of write().
  explicit DefinitionWriter(std::string vmlinux);
  ~DefinitionWriter();

  // Texts by tagged name. `module_file`: the BTF of the module that has the types, or empty for
  // those of vmlinux. A type that libbpf cannot write is left out.
  std::map<std::string, std::string> write(const std::string& module_file,
                                           const MatchingTypes& types);

 private:
  struct Reader;
  std::string vmlinux_file_;
  std::unique_ptr<Reader> vmlinux_;
};

}  // namespace gimlet::kernel
