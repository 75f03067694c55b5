// Replies: what a session says to an entry, for people as text, for programs (-f json) as one JSON
// object on a line: {"type": "reply", "data": {"ok": true, ...}}.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "interactive/exploration.h"
#include "interactive/screen.h"

namespace gimlet::interactive {

struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

struct Reply {
  bool ok = true;
  std::string text{};  // for people; of a mistake: what is wrong
  std::string hint{};
  Table table{};  // shown behind the text
};

Reply mistake(std::string text, std::string hint = {});
Reply mistake(const base::Error& error);
// Nothing to say if all is well.
Reply reply_of(const base::Status& status);

// The table as aligned columns.
std::string aligned(const Table& table);

void show(const Reply& reply, Screen& screen);
void show(const Outcome& outcome, Screen& screen, bool warnings);
// Something that happened by itself.
void show_notice(const std::string& text, Screen& screen);

}  // namespace gimlet::interactive
