#include "interactive/interactive.h"

#include <unistd.h>

#include "interactive/piped_input.h"
#include "interactive/shell.h"
#include "interactive/terminal.h"

namespace gimlet::interactive {

base::Result<int> explore(Start start, std::unique_ptr<kernel::Kernel> kernel) {
  const bool terminal = isatty(0) && isatty(1) && !start.json;
  Screen screen({start.json, terminal, start.results, start.quiet});
  auto log = [&screen](const std::string& text) { screen.complain(text); };
  Preferences preferences;
  preferences.warnings = start.session.warnings;
  auto exploration = Exploration::create(std::move(kernel), std::move(start.compile), start.session,
                                         screen.output(), log);
  if (!exploration) return exploration.error();
  Shell shell(**exploration, screen, preferences);
  if (!start.file.empty()) shell.run(".load " + start.file);

  base::Status input = terminal ? run_on_terminal(shell) : run_piped(shell, 0);
  base::Status ended = (*exploration)->remove_all();
  screen.show_results();
  if (!input.ok()) return input.error();
  if (!ended.ok()) return ended.error();
  if (!screen.status().ok()) return screen.status().error();
  return !terminal && shell.mistakes() > 0 ? 1 : 0;
}

}  // namespace gimlet::interactive
