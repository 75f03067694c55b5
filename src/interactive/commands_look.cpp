// Commands that look things up: in the language, in the kernel, in the help.
#include <fmt/format.h>
#include <strings.h>

#include <algorithm>

#include "ast/builtin.h"
#include "ast/catalogue.h"
#include "ast/config.h"
#include "ast/library_macros.h"
#include "ast/provider.h"
#include "base/suggest.h"
#include "interactive/shell.h"
#include "interactive/topics.h"
#include "list/listing.h"

namespace gimlet::interactive {
namespace {

constexpr size_t kLinesOnTerminal = 200;

bool holds(std::string_view text, std::string_view word) {
  auto same = [](char a, char b) {
    return tolower(static_cast<unsigned char>(a)) == tolower(static_cast<unsigned char>(b));
  };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

// "'tracepoint:*'" may be quoted as in a Unix shell.
std::string unquoted(const std::string& text) {
  if (text.size() < 2 || (text.front() != '\'' && text.front() != '"')) return text;
  return text.back() == text.front() ? text.substr(1, text.size() - 2) : text;
}

Reply lines_reply(Shell& shell, const std::vector<std::string>& lines, const char* column) {
  Reply reply;
  if (shell.screen().options().json) {
    reply.table.columns = {column};
    for (const std::string& line : lines) reply.table.rows.push_back({line});
    return reply;
  }
  size_t most = shell.screen().options().terminal ? kLinesOnTerminal : lines.size();
  for (size_t i = 0; i < std::min(most, lines.size()); i++) reply.text += lines[i] + "\n";
  if (lines.size() > most) {
    reply.text += fmt::format("... and {} more: narrow the pattern\n", lines.size() - most);
  }
  return reply;
}

base::Result<std::vector<std::string>> listed(Shell& shell, const std::string& pattern,
                                              bool verbose) {
  list::System system{shell.exploration().kernel(),
                      shell.exploration().settings().options.target_pid, verbose};
  auto listing = list::list_patterns(pattern, system);
  if (!listing) return listing.error();
  return listing->lines;
}

}  // namespace

Reply list_command(Shell& shell, const Arguments& arguments) {
  auto lines = listed(shell, unquoted(arguments.rest), false);
  if (!lines) return mistake(lines.error());
  if (lines->empty()) return mistake("No probe of this system matches");
  return lines_reply(shell, *lines, "probe");
}

Reply args_command(Shell& shell, const Arguments& arguments) {
  auto lines = listed(shell, unquoted(arguments.rest), true);
  if (!lines) return mistake(lines.error());
  if (lines->empty()) return mistake("No probe of this system matches");
  return lines_reply(shell, *lines, "line");
}

Reply type_command(Shell& shell, const Arguments& arguments) {
  std::string name = unquoted(arguments.rest);
  bool tagged = name.find(' ') != std::string::npos;
  std::vector<std::string> lines;
  for (const char* tag : {"struct ", "union ", "enum "}) {
    std::string pattern = tagged ? name : tag + name;
    for (const kernel::CDefinition& found :
         shell.exploration().kernel().type_definitions(pattern)) {
      lines.push_back(found.text);
    }
    if (tagged) break;
  }
  if (lines.empty()) {
    std::vector<std::string> names = shell.exploration().kernel().struct_names();
    auto near = base::nearest(tagged ? name : "struct " + name, names);
    return mistake(fmt::format("The kernel has no type {}", name),
                   near ? fmt::format("Did you mean {}?", *near) : "");
  }
  return lines_reply(shell, lines, "definition");
}

Reply search_command(Shell& shell, const Arguments& arguments) {
  const std::string& word = arguments.rest;
  std::vector<std::string> lines;
  auto look = [&](const char* kind, std::string_view name, std::string_view summary) {
    if (!holds(name, word) && !holds(summary, word)) return;
    lines.push_back(fmt::format("{:<9} {:<18} {}", kind, name, summary));
  };
  for (const ast::Builtin& row : ast::builtins()) look("builtin", row.name, row.summary);
  for (const ast::LibraryMacro& row : ast::library_macros()) look("macro", row.name, row.summary);
  for (const ast::Provider& row : ast::providers()) look("provider", row.name, row.summary);
  for (const ast::ConfigKey& row : ast::config_keys()) look("setting", row.name, row.summary);
  for (const Command& row : commands()) {
    look("command", fmt::format(".{}", row.name), row.summary);
  }
  bool plain =
      std::all_of(word.begin(), word.end(), [](unsigned char c) { return isalnum(c) || c == '_'; });
  for (const char* provider : {"tracepoint:*:*", "rawtracepoint:*:*", "fentry:*:*"}) {
    if (!plain) break;
    auto found = listed(shell, fmt::format("{}{}*", provider, word), false);
    if (found) lines.insert(lines.end(), found->begin(), found->end());
  }
  if (lines.empty()) return mistake(fmt::format("Nothing is named like '{}'", word));
  return lines_reply(shell, lines, "line");
}

Reply doc_command(Shell&, const Arguments& arguments) {
  std::optional<std::string> page = documentation(arguments[0]);
  if (page) return {true, *page, {}, {}};
  std::vector<std::string> names = documented_names();
  auto near = base::nearest(arguments[0], names);
  return mistake(fmt::format("There is nothing about '{}'", arguments[0]),
                 near ? fmt::format("Did you mean {}?", *near) : ".search looks everywhere");
}

Reply help_command(Shell& shell, const Arguments& arguments) {
  if (arguments.size() == 0) return {true, help_overview(), {}, {}};
  std::string name = arguments[0];
  if (name.front() == '.') name.erase(0, 1);
  if (const Command* command = find_command(name)) return {true, help_on(*command), {}, {}};
  if (std::optional<std::string> topic = help_topic(name)) return {true, *topic, {}, {}};
  return doc_command(shell, arguments);
}

}  // namespace gimlet::interactive
