#include "ast/sema/iterator_format.h"

#include <fmt/format.h>

#include <cctype>

#include "ast/format.h"

namespace gimlet::ast::sema {
namespace {

// %[0 +-][width] and one of p, s, c, or d i u x X with at most two l before it: what
// bpf_bprintf_prepare() of the kernel takes.
bool kernel_knows(std::string_view specification) {
  size_t at = specification.find_first_not_of("0 +-", 1);
  while (at < specification.size() && std::isdigit(static_cast<unsigned char>(specification[at]))) {
    at++;
  }
  std::string_view rest = specification.substr(std::min(at, specification.size()));
  if (rest == "p" || rest == "s" || rest == "c") return true;
  for (int i = 0; i < 2 && rest.starts_with('l'); i++) rest.remove_prefix(1);
  return rest.size() == 1 && std::string_view("diuxX").find(rest[0]) != std::string_view::npos;
}

bool kernel_shows(const FormatPiece& piece, const Type& type) {
  if (piece.conversion == "s") return type.is(TypeKind::String);
  return piece.conversion[0] != 'r' && piece.conversion != "gr" && is_scalar(type);
}

}  // namespace

void check_iterator_format(Checker& checker, const Call& call) {
  const std::string* format = checker.want_text(call, 0);
  if (!format || !checker.last_round()) return;
  size_t next = 1;
  for (const FormatPiece& piece : parse_format(*format)) {
    if (piece.conversion.empty() || next >= call.arguments.size()) continue;
    const Expr& argument = *call.arguments[next++];
    const Type& type = checker.info(argument).type;
    if (!type.known() || !accepts(piece.conversion, type)) continue;
    if (!kernel_shows(piece, type)) {
      checker
          .error(argument.range, fmt::format("printf of an iter probe cannot show '{}' with {}",
                                             type_name(type), piece.specification))
          .hint("the kernel itself formats it, from integers and strings; print() shows any value");
    } else if (!kernel_knows(piece.specification)) {
      checker
          .warning(call.arguments[0]->range,
                   fmt::format("printf of an iter probe will print nothing: the kernel does not "
                               "know {}",
                               piece.specification))
          .hint("it knows %d, %i, %u, %x and %X, also with l or ll, and %c, %s and %p");
    }
  }
}

}  // namespace gimlet::ast::sema
