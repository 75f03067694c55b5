// Named parameters: collecting what getopt() calls declare, and reading the words of the command
// line that set them.
//
// A parameter's kind is that of its default, and all calls with one name must agree. The words are
// known before the program is compiled, so that a call can be given its value at once; whether they
// are right is said later, when all declarations are known.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ast/named_parameter.h"
#include "ast/typed_program.h"
#include "base/diagnostics.h"
#include "base/result.h"

namespace gimlet::ast::sema {

// What stands after the program on the command line.
struct ProgramWords {
  std::vector<std::string> named;       // those that start with `--`
  std::vector<std::string> positional;  // the others: $1, $2, ...
};
ProgramWords split_words(const std::vector<std::string>& words);

// An argument of getopt(): its constant, if it is a literal.
struct GetoptArgument {
  std::optional<Constant> constant;
  base::SourceRange range;
};

// Takes down the parameter of one call, which has one to three arguments. Null after a mistake,
// which has been reported. The pointer lives as long as the map.
const NamedParameter* declare_parameter(const std::vector<GetoptArgument>& arguments,
                                        base::SourceRange call, NamedParameters& parameters,
                                        base::Diagnostics& diagnostics);

// The value that the words give to one parameter: the last that is right for it, else the default.
ParameterValue parameter_value(const NamedParameter& parameter,
                               const std::vector<std::string>& named_words);

// The values of all parameters. The error of a start that must not be, with status 1, names what is
// unexpected before what is wrong. For `--help` it has only a hint, the list of the parameters.
base::Result<ParameterValues> parse_parameters(const NamedParameters& parameters,
                                               const std::vector<std::string>& named_words);

// The list that `--help` shows.
std::string parameter_help(const NamedParameters& parameters);

Constant to_constant(const ParameterValue& value);
// bool, uint64, int64, or a string of max_strlen bytes.
Type parameter_type(const ParameterValue& value, uint32_t max_strlen);

}  // namespace gimlet::ast::sema
