// Entries: what a person types between two prompts, or a script holds between two complete texts.
//
//   .probes                        a command
//   opens = tracepoint:x:y {...}   a program with a name
//   macro, struct, config, ...     declarations, alone or with probes
//   @n[comm], @x = 1; print(1)     statements, which run once
//
// An entry goes on over several lines until its brackets are closed and the parser wants no more.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ast/node.h"
#include "base/diagnostics.h"
#include "base/source.h"

namespace gimlet::interactive {

// Whether nothing has to follow. A text with a mistake is complete, too, unless more text could
// repair it.
bool is_complete(std::string_view text);

// Whether an empty line ends the text, although more could follow: its brackets are closed.
bool may_end(std::string_view text);

// Whether there is nothing but blanks and comments.
bool is_blank(std::string_view text);

// The name in front of a program: `name = probe {...}`. `body` is where the program begins; without
// a name, 0.
struct EntryName {
  std::string name;
  uint32_t body = 0;
};
EntryName entry_name(std::string_view text);

struct ParsedEntry {
  ast::Program program;
  bool statements = false;           // the program is one probe without an attach point
  const ast::Expr* value = nullptr;  // of statements: the bare expression that is all there is
};

// Whether the entry is a program rather than statements, as far as can be told.
bool is_program(const std::string& text);

// The entry in `file`, behind its name. If there are mistakes the result is of no use.
ParsedEntry parse_entry(const base::SourceSet& sources, base::FileId file, uint32_t body,
                        base::Diagnostics& diagnostics);

}  // namespace gimlet::interactive
