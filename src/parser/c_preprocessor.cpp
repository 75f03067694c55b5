// Directives and conditionals. The condition of an #if is a constant expression like any other: it
// is parsed and evaluated by the same code, with every remaining name worth 0.
#include "parser/c_preprocessor.h"

#include <fmt/format.h>

#include <algorithm>

#include "ast/c_constant.h"
#include "parser/c_declarations.h"

namespace gimlet::parser {
namespace {

constexpr size_t kMaxConditionals = 200;

base::SourceRange whole(std::span<const CToken> line) {
  return base::join(line.front().range, line.back().range);
}

bool ends_with_backslash(std::span<const CToken> line) {
  return line.back().kind == CToken::Kind::Symbol && line.back().text == "\\";
}

}  // namespace

CPreprocessor::CPreprocessor(const base::SourceSet& sources,
                             std::span<const std::string> predefined,
                             base::Diagnostics& diagnostics)
    : sources_(sources), diagnostics_(diagnostics), macros_(diagnostics) {
  for (const std::string& name : predefined) macros_.predefine(name);
}

std::vector<CToken> CPreprocessor::read(base::SourceRange piece) {
  auto scanned = scan_c(sources_, piece, diagnostics_);
  if (!scanned) return {};
  failed_ = false;
  const std::span<const CToken> tokens = *scanned;
  std::vector<CToken> out;
  for (size_t at = 0; at < tokens.size();) {
    size_t end = at + 1;
    const bool is_directive = tokens[at].first_on_line && tokens[at].is("#");
    while (end < tokens.size() &&
           !(tokens[end].first_on_line && (is_directive || tokens[end].is("#")))) {
      ++end;
    }
    const Line line = tokens.subspan(at, end - at);
    if (is_directive) {
      directive(line);
    } else if (reading() && !failed_) {
      failed_ = !macros_.expand(line, out);
    }
    at = end;
  }
  if (failed_) out.clear();
  return out;
}

void CPreprocessor::finish(ast::CDefinitions& definitions) {
  for (const Conditional& open : conditionals_) {
    diagnostics_.error(open.range, "syntax: unterminated conditional")
        .hint("a line `#endif` is missing");
  }
  definitions.macros = macros_.list();
  definitions.includes = std::move(includes_);
}

void CPreprocessor::directive(Line line) {
  if (line.size() == 1) return;  // `#` alone means nothing
  if (ends_with_backslash(line) && reading()) {
    diagnostics_
        .error(line.back().range,
               "syntax: a preprocessor line cannot be continued with a backslash")
        .hint("write it in one line");
    return;
  }
  if (conditional(line) || !reading()) return;
  const CToken& name = line[1];
  if (name.text == "define") return define(line);
  if (name.text == "undef") {
    if (names_macro(line)) macros_.undefine(line[2].text);
    return;
  }
  if (name.text == "include") return include(line);
  if (name.text == "error" || name.text == "warning") return own_message(line);
  if (name.text == "pragma" && line.size() > 2 && line[2].text == "pack") {
    diagnostics_.error(whole(line), "#pragma pack is not supported")
        .hint("use __attribute__((packed)) or __attribute__((aligned(N))) instead");
    return;
  }
  if (name.text == "pragma" || name.text == "line" || name.text == "ident") return;
  diagnostics_.error(whole(line), fmt::format("invalid preprocessor line '#{}'", name.text))
      .hint(
          "known are: define, undef, include, if, ifdef, ifndef, elif, else, endif, error, "
          "warning, pragma");
}

bool CPreprocessor::conditional(Line line) {
  const std::string_view name = line[1].text;
  if (name == "if") {
    open(line, reading() && condition(line));
  } else if (name == "ifdef" || name == "ifndef") {
    open(line,
         reading() && names_macro(line) && macros_.defined(line[2].text) == (name == "ifdef"));
  } else if (name == "elif" || name == "else") {
    next_branch(line);
  } else if (name == "endif") {
    close(line);
  } else {
    return false;
  }
  return true;
}

void CPreprocessor::open(Line line, bool taken) {
  if (conditionals_.size() == kMaxConditionals) {
    diagnostics_.error(whole(line), "conditionals are nested too deeply here");
    return;
  }
  conditionals_.push_back({whole(line), reading(), taken, taken, false});
}

void CPreprocessor::next_branch(Line line) {
  const bool is_else = line[1].text == "else";
  if (conditionals_.empty() || conditionals_.back().seen_else) {
    const char* reason = conditionals_.empty() ? "without #if" : "after #else";
    diagnostics_.error(whole(line), fmt::format("syntax: #{} {}", line[1].text, reason));
    return;
  }
  Conditional& current = conditionals_.back();
  current.seen_else = is_else;
  const bool possible = current.enclosing && !current.taken;
  current.reading = possible && (is_else || condition(line));
  current.taken |= current.reading;
}

void CPreprocessor::close(Line line) {
  if (conditionals_.empty()) {
    diagnostics_.error(whole(line), "syntax: #endif without #if");
    return;
  }
  conditionals_.pop_back();
}

bool CPreprocessor::names_macro(Line line) {
  if (line.size() > 2 && line[2].kind == CToken::Kind::Word) return true;
  diagnostics_.error(whole(line),
                     fmt::format("syntax: expected a macro's name after #{}", line[1].text));
  return false;
}

void CPreprocessor::define(Line line) {
  if (!names_macro(line)) return;
  if (line[2].text == "defined") {
    diagnostics_.error(line[2].range, "'defined' cannot be the name of a macro");
    return;
  }
  // A parenthesis that touches the name begins parameters; after a blank it is replacement.
  const bool function_like = line.size() > 3 && line[3].is("(") && !line[3].after_blank;
  const auto closes = [](const CToken& token) { return token.is(")"); };
  if (function_like && std::none_of(line.begin() + 4, line.end(), closes)) {
    diagnostics_.error(whole(line), fmt::format("syntax: expected ')' after the parameters of '{}'",
                                                line[2].text));
    return;
  }
  macros_.define(line[2], line.subspan(3), function_like);
}

base::SourceRange CPreprocessor::rest_of(Line line) const {
  return {line[1].range.file, line[1].range.end, line.back().range.end};
}

void CPreprocessor::include(Line line) {
  std::string_view rest = sources_.text(rest_of(line));
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  const bool quoted = rest.starts_with('"');
  const size_t end = rest.empty() ? rest.npos : rest.find(quoted ? '"' : '>', 1);
  if ((!quoted && !rest.starts_with('<')) || end == rest.npos || end == 1) {
    diagnostics_.error(whole(line), "syntax: expected \"FILE\" or <FILE> after #include");
    return;
  }
  includes_.push_back({std::string(rest.substr(1, end - 1)), whole(line), quoted});
}

void CPreprocessor::own_message(Line line) {
  std::string_view rest = sources_.text(rest_of(line));
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  const std::string message = fmt::format("#{} {}", line[1].text, rest);
  if (line[1].text == "error") {
    diagnostics_.error(whole(line), message);
  } else {
    diagnostics_.warning(whole(line), message);
  }
}

// `defined X` and `defined(X)` become 1 or 0 before macros are replaced.
bool CPreprocessor::replace_defined(Line line, std::vector<CToken>& out) {
  static constexpr std::string_view digits[] = {"0", "1"};
  for (size_t i = 0; i < line.size(); ++i) {
    if (!line[i].is("defined")) {
      out.push_back(line[i]);
      continue;
    }
    const bool parenthesis = i + 1 < line.size() && line[i + 1].is("(");
    const size_t name = i + (parenthesis ? 2 : 1);
    const bool closed = !parenthesis || (name + 1 < line.size() && line[name + 1].is(")"));
    if (name >= line.size() || line[name].kind != CToken::Kind::Word || !closed) {
      diagnostics_.error(line[i].range, "syntax: expected a macro's name after 'defined'");
      return false;
    }
    CToken token = line[i];
    token.kind = CToken::Kind::Number;
    token.text = digits[macros_.defined(line[name].text)];
    out.push_back(token);
    i = name + (parenthesis ? 1 : 0);
  }
  return true;
}

bool CPreprocessor::condition(Line line) {
  std::vector<CToken> replaced;
  std::vector<CToken> expanded;
  if (!replace_defined(line.subspan(2), replaced)) return false;
  if (!macros_.expand(replaced, expanded)) return false;
  ast::CDefinitions none;
  CDeclarations parser(expanded, none, diagnostics_);
  const auto constant = parser.parse_condition(whole(line));
  if (!constant) return false;
  // Conditions know no names; all their numbers are long.
  ast::CNames names;
  std::string unknown;
  names.constant = [&unknown](std::string_view name) {
    unknown = name;
    return ast::CInteger{0, false, true};
  };
  const auto value = ast::evaluate(*constant, names);
  if (const auto* error = std::get_if<ast::CConstantError>(&value)) {
    diagnostics_.error(error->range, error->message);
    return false;
  }
  if (!unknown.empty() && !includes_.empty()) {
    diagnostics_
        .warning(whole(line), fmt::format("'{}' is not defined here and counts as 0", unknown))
        .hint("conditions do not see the macros of included headers");
  }
  return std::get<ast::CInteger>(value).bits != 0;
}

}  // namespace gimlet::parser
