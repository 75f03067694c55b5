#include "interactive/topics.h"

#include <fmt/format.h>

#include "ast/builtin.h"
#include "ast/catalogue.h"
#include "ast/config.h"
#include "ast/library_macros.h"
#include "ast/provider.h"

namespace gimlet::interactive {
namespace {

struct Topic {
  const char* name;
  const char* text;
};

constexpr Topic kTopics[] = {
    {"entries",
     "A probe block is attached at once and becomes a cell with a number:\n"
     "  tracepoint:raw_syscalls:sys_enter { @calls[comm] = count(); }\n"
     "With a name, entering the name again replaces it:\n"
     "  calls = tracepoint:raw_syscalls:sys_enter { @calls[pid] = count(); }\n"
     "An expression is shown, a map is an expression, and statements run once:\n"
     "  nsecs / 1000000000\n"
     "  @calls\n"
     "  @limit = 10; print(@limit)\n"
     "Macros, functions, C definitions, imports and config blocks hold for what follows.\n"
     "An entry goes on over several lines until its brackets are closed.\n"},
    {"maps",
     "Maps belong to the session: they outlive the cells that made them, and every cell\n"
     "can use those of earlier ones. Their types are known from the first use and cannot\n"
     "change; .drop removes a map that no cell uses. .maps lists them.\n"},
    {"keys",
     "Ctrl-C   drops the unfinished entry, or ends what shows output; never the session\n"
     "Ctrl-D   on an empty line: detaches everything and leaves\n"
     "Tab      completes names of commands, probes, functions, maps, fields and files\n"
     "Ctrl-R   searches the history; Up and Down go through it\n"
     ".set keys vi chooses the keys of vi; ~/.editrc can bind others.\n"},
};

const char* title(CommandGroup group) {
  switch (group) {
    case CommandGroup::Probes: return "Cells and probes";
    case CommandGroup::Maps: return "Maps";
    case CommandGroup::Look: return "Looking things up";
    case CommandGroup::Session: break;
  }
  return "The session";
}

// A builtin, or a macro of the standard library.
template <typename Row>
std::string of_function(const Row& row) {
  return fmt::format("{}\n  gives {}\n{}\nExample: {}\n", row.signature, row.result, row.summary,
                     row.example);
}

std::string of_provider(const ast::Provider& row) {
  std::string alias = *row.alias ? fmt::format(", short: {}", row.alias) : "";
  return fmt::format("{}{}\n{}\n", row.form, alias, row.summary);
}

std::string of_key(const ast::ConfigKey& row) {
  return fmt::format("config key {}, by default {}\n{}\n", row.name, ast::shown_default(row),
                     row.summary);
}

}  // namespace

std::string help_overview() {
  std::string text =
      "Enter a probe block to attach it, an expression to see its value, @NAME to see a map.\n";
  for (CommandGroup group :
       {CommandGroup::Probes, CommandGroup::Maps, CommandGroup::Look, CommandGroup::Session}) {
    text += fmt::format("\n{}:\n", title(group));
    for (const Command& command : commands()) {
      if (command.group != group) continue;
      text += fmt::format("  {:<34}{}\n", usage(command), command.summary);
    }
  }
  return text + "\nTopics (.help TOPIC): entries, maps, keys. .doc NAME explains a builtin.\n";
}

std::string help_on(const Command& command) {
  std::string details = *command.details ? fmt::format("{}\n", command.details) : "";
  return fmt::format("{}\n{}\n{}", usage(command), command.summary, details);
}

std::optional<std::string> help_topic(std::string_view name) {
  for (const Topic& topic : kTopics) {
    if (name == topic.name) return topic.text;
  }
  return std::nullopt;
}

std::vector<std::string> topic_names() {
  std::vector<std::string> names;
  for (const Topic& topic : kTopics) names.push_back(topic.name);
  for (const Command& command : commands()) names.push_back(command.name);
  return names;
}

std::optional<std::string> documentation(const std::string& name) {
  if (const ast::Builtin* row = ast::find_builtin(name)) return of_function(*row);
  // `argN` stands for all of them, and is no name by itself.
  for (const ast::Builtin& row : ast::builtins()) {
    if (name == row.name) return of_function(row);
  }
  for (const ast::LibraryMacro& row : ast::library_macros()) {
    if (name == row.name) return of_function(row);
  }
  if (const ast::Provider* row = ast::find_provider(name)) return of_provider(*row);
  if (const ast::ConfigKey* row = ast::find_config_key(ast::normal_config_name(name))) {
    return of_key(*row);
  }
  if (const ast::DiagnosticKind* kind = ast::kind_by_code(name)) return ast::explain(*kind);
  return std::nullopt;
}

std::vector<std::string> documented_names() {
  std::vector<std::string> names;
  for (const ast::Builtin& row : ast::builtins()) names.push_back(row.name);
  for (const ast::LibraryMacro& row : ast::library_macros()) names.push_back(row.name);
  for (const ast::Provider& row : ast::providers()) names.push_back(row.name);
  for (const ast::ConfigKey& row : ast::config_keys()) names.push_back(row.name);
  return names;
}

}  // namespace gimlet::interactive
