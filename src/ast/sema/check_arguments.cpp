// What probes are handed over: the arguments of markers, and those of user functions as a whole.

#include <fmt/format.h>

#include "ast/sema/builtin_types.h"
#include "ast/sema/checker.h"

namespace gimlet::ast::sema {

// A missing argument reads as 0; one that is there but cannot be read is a mistake.
void Checker::check_marker_argument(SourceRange range, uint32_t index) {
  const auto& marker = std::get<UsdtTarget>(probe_.targets.front().place).marker;
  for (const UsdtLocation& location : marker.locations) {
    if (index >= location.arguments.size()) continue;
    if (location.arguments[index].form != UsdtArgument::Form::Unknown) continue;
    error(range,
          fmt::format("arg{} of {} cannot be read: it is not in memory or a general register",
                      index, probe_.targets.front().name));
    return;
  }
}

std::string Checker::traced_program() const {
  if (probe_.targets.empty()) return {};  // in a function
  const auto& place = probe_.targets.front().place;
  if (auto* user = std::get_if<UserTarget>(&place)) return user->path;
  if (auto* usdt = std::get_if<UsdtTarget>(&place)) return usdt->path;
  return {};
}

Type Checker::arguments_structure(const StructLayout& context) {
  StructLayout layout;
  layout.name = context.name;
  for (const Field& field : context.fields) {
    if (!field.type.known()) continue;
    Field copy = field;
    copy.offset = layout.size;
    copy.on_stack = false;
    copy.pieces.clear();
    layout.size += (field.type.size + 7) / 8 * 8;
    keep_layouts(field.type);
    layout.fields.push_back(std::move(copy));
  }
  const uint32_t size = layout.size;
  facts_.result.structs.emplace(layout.name, std::move(layout));
  return struct_type(context.name, size);
}

ExprInfo type_uaddr(Checker& checker, const Expr&, const Builtin& row, const Call* call) {
  constexpr const char* kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./_-";
  const std::string* name = checker.want_text(*call, 0);
  if (!name) return {};
  const SourceRange range = call->arguments[0]->range;
  const std::string program = checker.traced_program();
  auto symbol = checker.facts().kernel.user_symbol(program, *name);
  const bool plain = !name->empty() && name->find_first_not_of(kAllowed) == std::string::npos;
  if (!plain || !symbol || symbol->address > UINT32_MAX) {
    checker.error(range, fmt::format("Could not resolve symbol: {}:{}", program, *name));
    return {};
  }
  const uint64_t size = symbol->size;
  const uint32_t bytes = size == 1 || size == 2 || size == 4 ? static_cast<uint32_t>(size) : 8;
  return {pointer_to(integer_type(bytes, true), AddressSpace::User),
          {},
          BuiltinUse{row.id, static_cast<uint32_t>(symbol->address)}};
}

}  // namespace gimlet::ast::sema
