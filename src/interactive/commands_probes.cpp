// Commands about cells and their probes.
#include <fmt/format.h>

#include "base/suggest.h"
#include "interactive/entry.h"
#include "interactive/shell.h"

namespace gimlet::interactive {
namespace {

Reply no_such_cell(Shell& shell, const std::string& word) {
  std::vector<std::string> names;
  for (const auto& cell : shell.exploration().cells()) {
    names.push_back(cell->name.empty() ? std::to_string(cell->number) : cell->name);
  }
  auto near = base::nearest(word, names);
  return mistake(fmt::format("There is no cell {}", word),
                 near ? fmt::format("Did you mean {}?", *near) : ".probes lists them");
}

// Calls `change` for each cell that is named; stops at the first mistake.
template <typename Change>
Reply for_cells(Shell& shell, const Arguments& arguments, Change change) {
  std::string said;
  for (const std::string& word : arguments.words) {
    Cell* cell = shell.exploration().find(word);
    if (!cell) return no_such_cell(shell, word);
    std::string label = cell->label();
    base::Status status = change(*cell);
    if (!status.ok()) return mistake(status.error());
    said += label + " ";
  }
  return {true, said, {}, {}};
}

std::string per_hit(const Cost& cost) {
  if (cost.hits == 0) return "-";
  return fmt::format("{:.0f}",
                     static_cast<double>(cost.nanoseconds) / static_cast<double>(cost.hits));
}

std::vector<std::string> row(const Cell& cell, const ProbeLine& line, const Cost& cost,
                             uint64_t lost, bool known) {
  return {std::to_string(cell.number),
          cell.name,
          line.attach_points,
          std::to_string(line.targets),
          line.mechanism,
          known ? std::to_string(cost.hits) : "?",
          known ? per_hit(cost) : "?",
          known ? fmt::format("{:.3f}%", cost.percent) : "?",
          std::to_string(lost),
          cell.enabled ? "on" : "off"};
}

}  // namespace

Reply probes_command(Shell& shell, const Arguments&) {
  Exploration& exploration = shell.exploration();
  Reply reply;
  reply.table.columns = {"id",   "name",   "probe", "targets", "mechanism",
                         "hits", "ns/hit", "cpu",   "lost",    "state"};
  double sum = 0;
  for (const auto& cell : exploration.cells()) {
    if (!cell->image) continue;
    std::vector<Cost> costs = CostMeter::costs(*cell, exploration.session());
    runtime::ImageLosses losses = exploration.session().losses(*cell->image);
    for (size_t i = 0; i < cell->probes.size(); i++) {
      // They are counted for the whole cell.
      uint64_t lost = i == 0 ? losses.events + losses.skipped : 0;
      reply.table.rows.push_back(
          row(*cell, cell->probes[i], costs[i], lost, shell.costs().is_on()));
      sum += costs[i].percent;
    }
  }
  if (reply.table.rows.empty()) return {true, "There are no probes", {}, {}};
  if (shell.costs().is_on() && !shell.screen().options().json) {
    std::string budget = shell.preferences().budget
                             ? fmt::format(", of a budget of {:g}%", *shell.preferences().budget)
                             : "";
    reply.text = fmt::format("Together they take {:.3f}% of the CPUs' time{}", sum, budget);
  }
  return reply;
}

Reply enable_command(Shell& shell, const Arguments& arguments) {
  Reply reply = for_cells(shell, arguments, [&](Cell& cell) -> base::Status {
    auto attached = shell.exploration().enable(cell);
    if (!attached) return attached.error();
    return base::Done{};
  });
  if (reply.ok) reply.text += "attached";
  return reply;
}

Reply disable_command(Shell& shell, const Arguments& arguments) {
  Reply reply =
      for_cells(shell, arguments, [&](Cell& cell) { return shell.exploration().disable(cell); });
  if (reply.ok) reply.text += "detached; .enable attaches again";
  return reply;
}

Reply detach_command(Shell& shell, const Arguments& arguments) {
  if (arguments[0] == "all" && arguments.size() == 1) {
    base::Status ended = shell.exploration().remove_all();
    if (!ended.ok()) return mistake(ended.error());
    return {true, "All cells have ended", {}, {}};
  }
  Reply reply =
      for_cells(shell, arguments, [&](Cell& cell) { return shell.exploration().remove(cell); });
  if (reply.ok) reply.text += "ended";
  return reply;
}

Reply edit_command(Shell& shell, const Arguments& arguments) {
  Cell* cell = shell.exploration().find(arguments[0]);
  if (!cell) return no_such_cell(shell, arguments[0]);
  std::string text = arguments.rest.substr(arguments[0].size());
  if (is_blank(text)) {
    if (!shell.terminal().edit) return {true, cell->text, {}, {}};
    shell.terminal().edit(fmt::format(".edit {} {}", cell->number, cell->text));
    return {};
  }
  text.erase(0, text.find_first_not_of(" \t\n"));
  shell.show(shell.exploration().replace(*cell, text));
  return {};
}

Reply undo_command(Shell& shell, const Arguments&) {
  base::Result<std::string> done = shell.exploration().undo();
  if (!done) return mistake(done.error());
  return {true, *done, {}, {}};
}

}  // namespace gimlet::interactive
