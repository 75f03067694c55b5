#include "ast/sema/named_parameters.h"

#include <fmt/format.h>

#include <set>
#include <string_view>

#include "ast/config.h"
#include "base/integer.h"

namespace gimlet::ast::sema {
namespace {

// A value, or what is wrong with the word.
using Parsed = std::variant<ParameterValue, std::string>;

// `--name` or `--name=text`
struct NamedWord {
  std::string name;
  std::optional<std::string> text;
};

NamedWord take_apart(std::string_view word) {
  word.remove_prefix(std::string_view("--").size());
  size_t equals = word.find('=');
  NamedWord result{std::string(word.substr(0, equals)), std::nullopt};
  if (equals != std::string_view::npos) result.text = word.substr(equals + 1);
  return result;
}

Parsed parse_bool(const std::optional<std::string>& text) {
  if (!text) return ParameterValue(true);
  auto truth = parse_bool_word(*text);
  if (!truth) return std::string("expects a boolean (e.g. 'true')");
  return ParameterValue(*truth);
}

// Signs are ours: parse_integer knows digits only.
Parsed parse_number(const std::optional<std::string>& text, bool is_signed) {
  if (!text) return std::string("expects an integer");
  bool negative = text->starts_with('-');
  auto magnitude = base::parse_integer(std::string_view(*text).substr(negative ? 1 : 0),
                                       base::IntegerForms::CommandWord);
  if (auto* problem = std::get_if<std::string>(&magnitude)) {
    return problem->starts_with("overflow") ? std::string("value is out of range") : *problem;
  }
  uint64_t bits = std::get<uint64_t>(magnitude);
  uint64_t limit = negative ? uint64_t{1} << 63 : static_cast<uint64_t>(INT64_MAX);
  if (is_signed && bits > limit) return std::string("value is out of range");
  if (negative) bits = -bits;
  return is_signed ? ParameterValue(static_cast<int64_t>(bits)) : ParameterValue(bits);
}

Parsed parse_text(const std::optional<std::string>& text) {
  if (!text) return std::string("expects a string");
  return ParameterValue(*text);
}

Parsed parse_value(const ParameterValue& default_value, const std::optional<std::string>& text) {
  if (std::holds_alternative<bool>(default_value)) return parse_bool(text);
  if (std::holds_alternative<std::string>(default_value)) return parse_text(text);
  return parse_number(text, std::holds_alternative<int64_t>(default_value));
}

ParameterValue from_constant(const Constant& constant) {
  if (auto* truth = std::get_if<bool>(&constant)) return *truth;
  if (auto* text = std::get_if<std::string>(&constant)) return *text;
  const auto& integer = std::get<IntegerConstant>(constant);
  if (integer.negative) return static_cast<int64_t>(integer.bits);
  return integer.bits;
}

std::string as_text(const ParameterValue& value) {
  if (auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  if (auto* number = std::get_if<uint64_t>(&value)) return fmt::format("{}", *number);
  if (auto* number = std::get_if<int64_t>(&value)) return fmt::format("{}", *number);
  return std::get<std::string>(value);
}

const std::string* text_of(const GetoptArgument& argument) {
  return argument.constant ? std::get_if<std::string>(&*argument.constant) : nullptr;
}

// What one call says about its parameter; nothing after a mistake.
std::optional<NamedParameter> read_call(const std::vector<GetoptArgument>& arguments,
                                        base::SourceRange call, base::Diagnostics& diagnostics) {
  const std::string* name = arguments.empty() ? nullptr : text_of(arguments[0]);
  if (!name) {
    diagnostics.error(arguments.empty() ? call : arguments[0].range,
                      "First argument to 'getopt' must be a string literal");
    return std::nullopt;
  }
  NamedParameter parameter{*name, false, "", call};
  if (arguments.size() > 1) {
    if (!arguments[1].constant) {
      diagnostics.error(arguments[1].range,
                        "Second argument to 'getopt' must be a string literal, integer literal, or "
                        "a boolean literal.");
      return std::nullopt;
    }
    parameter.default_value = from_constant(*arguments[1].constant);
  }
  if (arguments.size() > 2) {
    const std::string* description = text_of(arguments[2]);
    if (!description) {
      diagnostics.error(arguments[2].range, "Third argument to 'getopt' must be a string literal");
      return std::nullopt;
    }
    parameter.description = *description;
  }
  return parameter;
}

std::string list(const NamedParameters& parameters) {
  if (parameters.empty()) return "no custom program options defined.";
  std::string out = "expected program options";
  for (const auto& [name, parameter] : parameters) out += ": --" + name;
  return out;
}

base::Error start_error(std::string message, std::string hint) {
  return {std::move(message), std::move(hint), 0, 1};
}

// Words that no parameter takes; nothing if there are none.
std::optional<base::Error> unexpected(const NamedParameters& parameters,
                                      const std::vector<NamedWord>& words) {
  std::set<std::string> names;
  for (const NamedWord& word : words) {
    if (!parameters.contains(word.name)) names.insert("--" + word.name);
  }
  if (names.empty()) return std::nullopt;
  if (names.contains("--help")) return start_error("", parameter_help(parameters));
  return start_error(
      fmt::format("unexpected program command line options: {}", fmt::join(names, ", ")),
      list(parameters));
}

}  // namespace

ProgramWords split_words(const std::vector<std::string>& words) {
  ProgramWords result;
  for (const std::string& word : words) {
    (word.starts_with("--") ? result.named : result.positional).push_back(word);
  }
  return result;
}

const NamedParameter* declare_parameter(const std::vector<GetoptArgument>& arguments,
                                        base::SourceRange call, NamedParameters& parameters,
                                        base::Diagnostics& diagnostics) {
  auto parameter = read_call(arguments, call, diagnostics);
  if (!parameter) return nullptr;
  auto [found, is_new] = parameters.try_emplace(parameter->name, *parameter);
  const NamedParameter& first = found->second;
  if (is_new) return &first;
  if (parameter->default_value != first.default_value) {
    diagnostics.error(call, fmt::format("needs to have the same default value in all places it is "
                                        "used. Previous default value: {}",
                                        as_text(first.default_value)));
    return nullptr;
  }
  if (parameter->description != first.description) {
    diagnostics.error(call, "must have the same description in all places");
    return nullptr;
  }
  return &first;
}

ParameterValue parameter_value(const NamedParameter& parameter,
                               const std::vector<std::string>& named_words) {
  ParameterValue value = parameter.default_value;
  for (const std::string& text : named_words) {
    NamedWord word = take_apart(text);
    if (word.name != parameter.name) continue;
    Parsed parsed = parse_value(parameter.default_value, word.text);
    if (auto* right = std::get_if<ParameterValue>(&parsed)) value = std::move(*right);
  }
  return value;
}

base::Result<ParameterValues> parse_parameters(const NamedParameters& parameters,
                                               const std::vector<std::string>& named_words) {
  std::vector<NamedWord> words;
  for (const std::string& text : named_words) words.push_back(take_apart(text));
  if (auto error = unexpected(parameters, words)) return std::move(*error);

  ParameterValues values;
  for (const auto& [name, parameter] : parameters) values.emplace(name, parameter.default_value);
  for (const NamedWord& word : words) {
    Parsed parsed = parse_value(parameters.at(word.name).default_value, word.text);
    if (auto* problem = std::get_if<std::string>(&parsed)) {
      return start_error(fmt::format("program command line option --{} {} (value: {})", word.name,
                                     *problem, word.text.value_or("true")),
                         "");
    }
    values[word.name] = std::get<ParameterValue>(std::move(parsed));
  }
  return values;
}

std::string parameter_help(const NamedParameters& parameters) {
  if (parameters.empty()) return list(parameters);
  std::string out = "expected program options:";
  for (const auto& [name, parameter] : parameters) {
    out += "\n--" + name;
    if (!parameter.description.empty()) out += ": " + parameter.description;
  }
  return out;
}

Constant to_constant(const ParameterValue& value) {
  if (auto* truth = std::get_if<bool>(&value)) return *truth;
  if (auto* text = std::get_if<std::string>(&value)) return *text;
  if (auto* number = std::get_if<uint64_t>(&value)) return IntegerConstant{*number, false};
  int64_t number = std::get<int64_t>(value);
  return IntegerConstant{static_cast<uint64_t>(number), number < 0};
}

Type parameter_type(const ParameterValue& value, uint32_t max_strlen) {
  if (std::holds_alternative<bool>(value)) return bool_type();
  if (std::holds_alternative<std::string>(value)) return string_type(max_strlen);
  return integer_type(8, std::holds_alternative<int64_t>(value));
}

}  // namespace gimlet::ast::sema
