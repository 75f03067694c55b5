// What a script's getopt() calls declare: options that the user gives as `--name=value` after the
// script (language §17.2, C1.5).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>

#include "base/source.h"

namespace gimlet::ast {

// The alternative that a parameter's default has is the parameter's kind.
using ParameterValue = std::variant<bool, uint64_t, int64_t, std::string>;

struct NamedParameter {
  std::string name;  // without `--`
  ParameterValue default_value;
  std::string description;  // may be empty
  base::SourceRange range;  // of the first call
};

// By name, which is also the order in which they are listed.
using NamedParameters = std::map<std::string, NamedParameter>;
using ParameterValues = std::map<std::string, ParameterValue>;

}  // namespace gimlet::ast
