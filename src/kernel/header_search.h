// Whether the headers that a program includes are there, told by looking for the files alone.
//
// Headers are read only when a name is found nowhere else (header_types.h). One that is misspelt
// would then go unnoticed, so it is looked for in any case. The kernel's own headers are an
// exception: where they are not installed, BTF has their types, and programs include them for
// kernels without BTF.
#pragma once

#include <string>
#include <vector>

#include "ast/c_definitions.h"

namespace gimlet::kernel {

// linux/sched.h, asm/unistd.h and the like: a path inside the kernel's folders of headers.
bool is_kernel_header(const std::string& path);

// `script_folder` is where the file with the #include lies, `folders` are those of -I.
bool header_exists(const ast::CInclude& include, const std::string& script_folder,
                   const std::vector<std::string>& folders);

}  // namespace gimlet::kernel
