#include "interactive/command.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "base/suggest.h"

namespace gimlet::interactive {
namespace {

using enum CommandGroup;

constexpr Command kTable[] = {
    {"probes", "", 0, Probes, Offer::Nothing, "show the probes, and what they cost",
     "hits and ns/hit come from the kernel's statistics of BPF programs; cpu is the\n"
     "share of the time of all CPUs since the cell was entered; lost counts records\n"
     "that found no room and hits at which the kernel could not run the program.",
     probes_command},
    {"enable", "N...", 1, Probes, Offer::Cells, "attach the probes of cells again", "",
     enable_command},
    {"disable", "N...", 1, Probes, Offer::Cells, "detach the probes of cells, but keep the cells",
     "Their maps, declarations and `end` probes stay; .enable attaches them again.",
     disable_command},
    {"detach", "N...|all", 1, Probes, Offer::Cells, "end cells: detach, run `end`, forget",
     "Maps stay. .undo brings the cell back, but not what its `end` has done.", detach_command},
    {"edit", "N [TEXT]", 1, Probes, Offer::Cells, "replace the text of a cell",
     "Without a text the cell's own is put into the line, or, if it has several lines,\n"
     "into $VISUAL or $EDITOR. The new probes are attached before the old ones are\n"
     "detached; other cells, and maps, are not touched.",
     edit_command},
    {"undo", "", 0, Probes, Offer::Nothing, "take back the latest change of cells",
     "Contents of maps, and what statements did, stay as they are.", undo_command},
    {"maps", "", 0, Maps, Offer::Nothing, "show the maps and their types", "", maps_command},
    {"show", "@MAP", 1, Maps, Offer::Maps, "show a map", "The same as entering its name.",
     show_command},
    {"sort", "@MAP [key|value]", 1, Maps, Offer::Maps, "show a map in the order of keys or values",
     "", sort_command},
    {"top", "@MAP [N]", 1, Maps, Offer::Maps, "show the N (or 10) largest entries, largest first",
     "", top_command},
    {"watch", "[SECONDS] [TIMES] @MAP...", 1, Maps, Offer::Maps, "show maps again and again",
     "On a terminal in place, until q is pressed; elsewhere TIMES times (or 3). With two\n"
     "numbers the first is the interval in seconds.",
     watch_command},
    {"clear", "@MAP...|all", 1, Maps, Offer::Maps, "empty maps", "", clear_command},
    {"drop", "@MAP...", 1, Maps, Offer::Maps, "remove maps that no cell uses any more",
     "Then the name is free for other types.", drop_command},
    {"list", "PATTERN", 1, Look, Offer::Probes, "list probes of this system that match",
     "As gimlet -l: .list 'tracepoint:*open*'", list_command},
    {"args", "PROBE", 1, Look, Offer::Probes, "show the arguments of a probe",
     "As gimlet -lv: .args tracepoint:syscalls:sys_enter_openat", args_command},
    {"type", "NAME", 1, Look, Offer::Types, "show the definition of a kernel type",
     ".type task_struct, .type 'struct sk_*'", type_command},
    {"search", "WORD", 1, Look, Offer::Nothing,
     "search the language, the settings and this system's probes", "", search_command},
    {"doc", "NAME", 1, Look, Offer::Names, "explain a builtin, provider, setting or diagnostic",
     ".doc hist, .doc uprobe, .doc max_strlen, .doc E0604", doc_command},
    {"help", "[COMMAND|TOPIC]", 0, Look, Offer::Topics, "show this list, or more about one thing",
     "", help_command},
    {"load", "FILE", 1, Session, Offer::Files, "enter what a file holds",
     "A script becomes one cell; a saved session becomes the cells that it was.", load_command},
    {"save", "FILE", 1, Session, Offer::Files, "write a script that reproduces the session",
     "It holds every cell in order. gimlet FILE runs it, .load FILE makes cells of it.",
     save_command},
    {"history", "[N]", 0, Session, Offer::Nothing, "show the latest N (or 20) entries", "",
     history_command},
    {"record", "FILE|off", 1, Session, Offer::Files, "append all that follows to a file",
     "Entries stand behind `> `.", record_command},
    {"set", "[OPTION [VALUE]]", 0, Session, Offer::Options, "show or change a setting",
     "rate N         lines a second of results on a terminal; 0 = all\n"
     "budget P%|off  if the probes take more of all CPUs' time, the costliest cell is\n"
     "               disabled\n"
     "stats on|off   the kernel's statistics, on which hits and budget rest; they cost\n"
     "               each run of any program some 50 ns\n"
     "timing on|off  say how long it took until an entry was attached\n"
     "keys emacs|vi  of the line editor\n"
     "Any key of the config block can be set, too, for the cells that follow.",
     set_command},
    {"pause", "", 0, Session, Offer::Nothing, "hold results back",
     "Probes go on. A megabyte of results is kept; lines beyond that are counted.", pause_command},
    {"resume", "", 0, Session, Offer::Nothing, "show what was held back, and go on", "",
     resume_command},
    {"wait", "SECONDS", 1, Session, Offer::Nothing, "show results for a while", "Ctrl-C ends it.",
     wait_command},
    {"quit", "", 0, Session, Offer::Nothing, "detach everything and leave",
     "So does Ctrl-D on an empty line.", quit_command},
};

std::vector<std::string> split(std::string_view text) {
  std::istringstream stream{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

Reply unknown(const std::string& name) {
  std::vector<std::string> names;
  for (const Command& command : kTable) names.push_back(command.name);
  auto near = base::nearest(name, names);
  return mistake(fmt::format("There is no command .{}", name),
                 near ? fmt::format("Did you mean .{}?", *near) : ".help lists them");
}

}  // namespace

std::span<const Command> commands() { return kTable; }

const Command* find_command(std::string_view name) {
  const Command* found = nullptr;
  for (const Command& command : kTable) {
    if (name == command.name) return &command;
    if (!name.empty() && std::string_view(command.name).starts_with(name)) {
      if (found) return nullptr;
      found = &command;
    }
  }
  return found;
}

std::string usage(const Command& command) {
  return fmt::format(".{}{}{}", command.name, *command.arguments ? " " : "", command.arguments);
}

Reply run_command(Shell& shell, std::string_view entry) {
  entry.remove_prefix(std::min(entry.size(), entry.find('.') + 1));
  size_t end = std::min(entry.find_first_of(" \t\n"), entry.size());
  std::string name(entry.substr(0, end));
  const Command* command = find_command(name);
  if (!command) return unknown(name);
  entry.remove_prefix(end);
  while (!entry.empty() && isspace(static_cast<unsigned char>(entry.front()))) {
    entry.remove_prefix(1);
  }
  while (!entry.empty() && isspace(static_cast<unsigned char>(entry.back()))) {
    entry.remove_suffix(1);
  }
  Arguments arguments{split(entry), std::string(entry)};
  if (arguments.size() < command->least || (!*command->arguments && arguments.size() > 0)) {
    return mistake(fmt::format("Usage: {}", usage(*command)), command->summary);
  }
  return command->run(shell, arguments);
}

}  // namespace gimlet::interactive
