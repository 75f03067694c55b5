// Types that a program uses but does not define: the kernel's BTF, and the headers it includes.
//
// For the kernel's own headers BTF says the same and costs less, so it is asked first and headers
// only if a name is missing. Any other header (a program's own, a library's) may reuse a name of
// the kernel for something else: then headers come first.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ast/c_definitions.h"
#include "ast/type.h"
#include "base/diagnostics.h"
#include "kernel/header_types.h"
#include "kernel/kernel.h"

namespace gimlet::ast::sema {

class OutsideTypes {
 public:
  // `headers`: null if the program includes nothing. Failing to read them is reported once, at
  // the #include that is to blame, if the reason says which, else at the first.
  OutsideTypes(const std::vector<CInclude>& includes, kernel::Kernel& kernel,
               kernel::HeaderTypes* headers, base::Diagnostics& diagnostics);

  kernel::Kernel& kernel() { return kernel_; }
  bool has_headers() const { return headers_ != nullptr; }
  bool headers_failed() const { return failed_; }

  const StructLayout* find_struct(std::string_view tagged_name);
  const EnumLayout* find_enum(std::string_view tagged_name);
  std::optional<Type> find_type(std::string_view name);
  std::optional<kernel::EnumConstant> find_enum_constant(std::string_view name);
  // Of the headers only; the kernel's BTF has no macros.
  const CMacro* find_macro(std::string_view name);
  // As the headers see it, which read the program's own definitions, too.
  const StructLayout* struct_from_headers(std::string_view tagged_name);

  // Of a type that BTF describes: BTF does not record alignments.
  uint32_t alignment(const Type& type) { return alignment(type, 0); }
  uint32_t alignment(const StructLayout& layout) { return alignment(layout, 0); }

 private:
  template <typename FromKernel, typename FromHeaders>
  auto ask(FromKernel from_kernel, FromHeaders from_headers);
  template <typename Answer>
  Answer checked(base::Result<Answer> result);
  uint32_t alignment(const Type& type, int depth);
  uint32_t alignment(const StructLayout& layout, int depth);
  uint32_t estimated_alignment(const StructLayout& layout, int depth);

  const std::vector<CInclude>& includes_;
  kernel::Kernel& kernel_;
  kernel::HeaderTypes* headers_;  // null also after a failure
  base::Diagnostics& diagnostics_;
  std::unordered_map<const StructLayout*, uint32_t> alignments_;
  bool headers_first_ = false;
  bool failed_ = false;
};

}  // namespace gimlet::ast::sema
