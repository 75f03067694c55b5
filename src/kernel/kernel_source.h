// Where an address of the running kernel stands in its source.
//
// The kernel does not run where its image says: it was moved as a whole (KASLR), and modules were
// put together section by section. /proc/kallsyms and /sys/module tell where everything went.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "kernel/kernel_files.h"
#include "kernel/source_places.h"

namespace gimlet::kernel {

class KernelSource {
 public:
  explicit KernelSource(KernelFiles files) : files_(std::move(files)) {}

  // As SourcePlaces::find. `module`: the one with the address; empty for the image. Debug
  // information is looked for when it is first needed.
  std::vector<SourcePlace> find(uint64_t address, const std::string& module);

 private:
  // What of the running kernel lies in one file.
  struct Part {
    uint64_t begin = 0, end = 0;  // in the kernel
    uint64_t in_file = 0;         // where `begin` is in the file
  };
  struct Object {
    std::unique_ptr<SourcePlaces> places;  // null: no debug information
    std::vector<Part> parts;
  };

  Object open_image() const;
  Object open_module(const std::string& module) const;
  std::vector<Part> loaded_parts(const std::string& module, const SourcePlaces& places) const;

  KernelFiles files_;
  std::map<std::string, Object> objects_;  // by module
};

}  // namespace gimlet::kernel
