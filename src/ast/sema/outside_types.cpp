#include "ast/sema/outside_types.h"

#include <algorithm>

namespace gimlet::ast::sema {
namespace {

constexpr int kMaxDepth = 64;

// Folders of the kernel's include trees; their headers describe the types that BTF has.
constexpr std::string_view kKernelFolders[] = {
    "linux/",  "uapi/",  "asm/",  "asm-generic/", "net/",   "trace/", "generated/", "acpi/",
    "crypto/", "drm/",   "keys/", "kvm/",         "media/", "misc/",  "rdma/",      "scsi/",
    "soc/",    "sound/", "ufs/",  "vdso/",        "video/", "xen/",   "kunit/"};

bool is_kernel_header(const CInclude& include) {
  return !include.quoted &&
         std::any_of(std::begin(kKernelFolders), std::end(kKernelFolders),
                     [&](auto folder) { return include.path.starts_with(folder); });
}

}  // namespace

OutsideTypes::OutsideTypes(const std::vector<CInclude>& includes, kernel::Kernel& kernel,
                           kernel::HeaderTypes* headers, base::Diagnostics& diagnostics)
    : includes_(includes), kernel_(kernel), headers_(headers), diagnostics_(diagnostics) {
  headers_first_ = headers && !std::all_of(includes.begin(), includes.end(), is_kernel_header);
}

template <typename Answer>
Answer OutsideTypes::checked(base::Result<Answer> result) {
  if (result.ok()) return std::move(*result);
  headers_ = nullptr;
  failed_ = true;
  const base::Error& error = result.error();
  base::Diagnostic failure;
  failure.message = error.message;
  for (size_t at = 0; at < error.hint.size();) {
    const size_t end = std::min(error.hint.find('\n', at), error.hint.size());
    failure.hint(error.hint.substr(at, end - at));
    at = end + 1;
  }
  // The line that names the missing file, else the first.
  for (const CInclude& include : includes_) {
    const bool named = error.hint.find("'" + include.path + "'") != std::string::npos;
    if (named || !failure.range) failure.range = include.range;
    if (named) break;
  }
  diagnostics_.add(std::move(failure));
  return {};
}

template <typename FromKernel, typename FromHeaders>
auto OutsideTypes::ask(FromKernel from_kernel, FromHeaders from_headers) {
  const auto headers = [&]() -> decltype(from_kernel()) {
    if (!headers_) return {};
    return checked(from_headers());
  };
  if (headers_first_) {
    if (auto found = headers()) return found;
    return from_kernel();
  }
  if (auto found = from_kernel()) return found;
  return headers();
}

const StructLayout* OutsideTypes::find_struct(std::string_view name) {
  return ask([&] { return kernel_.find_struct(name); },
             [&] { return headers_->find_struct(name); });
}

const EnumLayout* OutsideTypes::find_enum(std::string_view name) {
  return ask([&] { return kernel_.find_enum(name); }, [&] { return headers_->find_enum(name); });
}

std::optional<Type> OutsideTypes::find_type(std::string_view name) {
  return ask([&] { return kernel_.find_type(name); }, [&] { return headers_->find_type(name); });
}

std::optional<kernel::EnumConstant> OutsideTypes::find_enum_constant(std::string_view name) {
  return ask([&] { return kernel_.find_enum_constant(name); },
             [&] { return headers_->find_enum_constant(name); });
}

const CMacro* OutsideTypes::find_macro(std::string_view name) {
  return headers_ ? checked(headers_->find_macro(name)) : nullptr;
}

const StructLayout* OutsideTypes::struct_from_headers(std::string_view name) {
  return headers_ ? checked(headers_->find_program_struct(name)) : nullptr;
}

uint32_t OutsideTypes::alignment(const Type& type, int depth) {
  switch (type.kind) {
    case TypeKind::Array: return type.element ? alignment(*type.element, depth + 1) : 1;
    case TypeKind::Struct: {
      const StructLayout* layout = depth < kMaxDepth ? find_struct(type.name) : nullptr;
      return layout ? alignment(*layout, depth) : 1;
    }
    case TypeKind::String:
    case TypeKind::None: return 1;
    default: return std::clamp(type.size, 1u, 8u);
  }
}

uint32_t OutsideTypes::alignment(const StructLayout& layout, int depth) {
  if (const auto known = alignments_.find(&layout); known != alignments_.end()) {
    return known->second;
  }
  return alignments_[&layout] = estimated_alignment(layout, depth);
}

// The largest alignment of a member, unless some member or the size contradicts it: the structure
// is packed then.
uint32_t OutsideTypes::estimated_alignment(const StructLayout& layout, int depth) {
  uint32_t largest = 1;
  for (const Field& field : layout.fields) {
    const uint32_t own = alignment(field.type, depth + 1);
    if (field.bit_width == 0 && field.offset % own != 0) return 1;
    largest = std::max(largest, own);
  }
  return layout.size % largest == 0 ? largest : 1;
}

}  // namespace gimlet::ast::sema
