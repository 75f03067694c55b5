#include "ast/names.h"

#include <algorithm>

namespace gimlet::ast {
namespace {

constexpr std::string_view kBuiltins[] = {"args", "ctx", "kstack", "nsecs", "pid", "tid", "ustack"};

bool is_numbered(std::string_view name, std::string_view prefix) {
  return name.size() > prefix.size() && name.starts_with(prefix) &&
         name.find_first_not_of("0123456789", prefix.size()) == std::string_view::npos;
}

}  // namespace

bool is_parser_builtin(std::string_view name) {
  return std::ranges::find(kBuiltins, name) != std::end(kBuiltins) || is_numbered(name, "arg") ||
         is_numbered(name, "sarg") || name.starts_with("__builtin_");
}

}  // namespace gimlet::ast
