// The table of dot-commands: one row each. Running them, help, completion and 'did you mean' come
// from it. A command is a function from words to a reply.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "interactive/reply.h"

namespace gimlet::interactive {

class Shell;

// What stands behind a command's name. `rest`: the same as it was written.
struct Arguments {
  std::vector<std::string> words;
  std::string rest;

  size_t size() const { return words.size(); }
  const std::string& operator[](size_t i) const { return words[i]; }
};

// What is offered for the arguments of a command.
enum class Offer : uint8_t { Nothing, Cells, Maps, Files, Probes, Types, Names, Topics, Options };

enum class CommandGroup : uint8_t { Probes, Maps, Look, Session };

struct Command {
  const char* name;
  const char* arguments;  // "N [TEXT]"
  size_t least;           // arguments that it needs
  CommandGroup group;
  Offer offer;
  const char* summary;  // one line
  const char* details;  // more, for `.help NAME`; may be empty
  Reply (*run)(Shell&, const Arguments&);
};

std::span<const Command> commands();
// Without its dot, in full or as far as it is unambiguous. Null if there is none.
const Command* find_command(std::string_view name);
std::string usage(const Command& command);

// `.name ...`
Reply run_command(Shell& shell, std::string_view entry);

// commands_probes.cpp
Reply probes_command(Shell&, const Arguments&);
Reply enable_command(Shell&, const Arguments&);
Reply disable_command(Shell&, const Arguments&);
Reply detach_command(Shell&, const Arguments&);
Reply edit_command(Shell&, const Arguments&);
Reply undo_command(Shell&, const Arguments&);
// commands_maps.cpp
Reply maps_command(Shell&, const Arguments&);
Reply show_command(Shell&, const Arguments&);
Reply sort_command(Shell&, const Arguments&);
Reply top_command(Shell&, const Arguments&);
Reply clear_command(Shell&, const Arguments&);
Reply drop_command(Shell&, const Arguments&);
Reply watch_command(Shell&, const Arguments&);
// commands_look.cpp
Reply help_command(Shell&, const Arguments&);
Reply list_command(Shell&, const Arguments&);
Reply type_command(Shell&, const Arguments&);
Reply args_command(Shell&, const Arguments&);
Reply search_command(Shell&, const Arguments&);
Reply doc_command(Shell&, const Arguments&);
// commands_session.cpp
Reply load_command(Shell&, const Arguments&);
Reply save_command(Shell&, const Arguments&);
Reply history_command(Shell&, const Arguments&);
Reply record_command(Shell&, const Arguments&);
Reply set_command(Shell&, const Arguments&);
Reply pause_command(Shell&, const Arguments&);
Reply resume_command(Shell&, const Arguments&);
Reply wait_command(Shell&, const Arguments&);
Reply quit_command(Shell&, const Arguments&);

}  // namespace gimlet::interactive
