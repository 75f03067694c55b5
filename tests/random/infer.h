// Finds the types of a program's variables and maps (specification 6.2, 10, 11.1): each is promoted
// over all its assignments, in program order, until nothing changes.
#pragma once

#include <optional>
#include <vector>

#include "program.h"

namespace gimlet::random_tests {

struct Typing {
  std::vector<std::optional<Type>> variables;
  std::vector<std::optional<Type>> map_values;
  std::vector<std::optional<Type>> map_keys;

  bool operator==(const Typing&) const = default;
};

// Nothing if the program is not well-typed; programs come out of the generator well-typed but for
// rare corners, and a shrunk one may have lost a declaration.
std::optional<Typing> infer(const Program& program);

// Nothing if a part's type is not known or the parts do not go together.
std::optional<Type> type_of(const Typing& typing, const Expression& expression);

// `x op= e` as the expression `x op (e)`.
Expression as_binary(const Statement& compound);

}  // namespace gimlet::random_tests
