#include "interactive/reply.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/value_json.h"

namespace gimlet::interactive {
namespace {

using runtime::json_string;

std::string lines(std::string text) {
  if (!text.empty() && text.back() != '\n') text += '\n';
  return text;
}

std::string place_json(const base::SourceSet& sources, const base::SourceRange& range) {
  const base::SourceFile& file = sources.file(range.file);
  base::Position begin = file.position(range.begin), end = file.position(range.end);
  return fmt::format(
      "\"file\": {}, \"line\": {}, \"column\": {}, \"end_line\": {}, \"end_column\": {}, ",
      json_string(file.name()), begin.line, begin.column, end.line, end.column);
}

std::string diagnostic_json(const base::SourceSet& sources, const base::Diagnostic& diagnostic) {
  std::string place = diagnostic.range ? place_json(sources, *diagnostic.range) : "";
  std::string hints, notes;
  for (const std::string& hint : diagnostic.hints) {
    hints += (hints.empty() ? "" : ", ") + json_string(hint);
  }
  for (const base::Context& note : diagnostic.context) {
    std::string where = note.range ? place_json(sources, *note.range) : "";
    notes += fmt::format("{}{{{}\"message\": {}}}", notes.empty() ? "" : ", ", where,
                         json_string(note.message));
  }
  return fmt::format(
      "{{\"severity\": \"{}\", {}\"message\": {}, \"hints\": [{}], \"notes\": [{}]}}",
      diagnostic.severity == base::Severity::Error ? "error" : "warning", place,
      json_string(diagnostic.message), hints, notes);
}

void say_json(Screen& screen, const std::string& type, const std::string& data) {
  screen.say(fmt::format("{{\"type\": \"{}\", \"data\": {{{}}}}}\n", type, data));
}

std::string rows_json(const Table& table) {
  std::string rows;
  for (const auto& row : table.rows) {
    std::string fields;
    for (size_t i = 0; i < row.size() && i < table.columns.size(); i++) {
      fields += fmt::format("{}{}: {}", fields.empty() ? "" : ", ", json_string(table.columns[i]),
                            json_string(row[i]));
    }
    rows += fmt::format("{}{{{}}}", rows.empty() ? "" : ", ", fields);
  }
  return rows;
}

std::string error_json(const std::string& message, const std::string& hint) {
  std::string data = "\"ok\": false, \"error\": " + json_string(message);
  if (!hint.empty()) data += ", \"hint\": " + json_string(hint);
  return data;
}

std::string outcome_json(const Outcome& outcome) {
  std::string data = outcome.failure ? error_json(outcome.failure->message, outcome.failure->hint)
                                     : fmt::format("\"ok\": {}", !outcome.failed());
  if (outcome.cell > 0) {
    data += fmt::format(", \"cell\": {}, \"name\": {}, \"replaced\": {}, \"probes\": {}",
                        outcome.cell, json_string(outcome.name), outcome.replaced, outcome.probes);
  }
  if (outcome.milliseconds > 0) {
    data += fmt::format(", \"milliseconds\": {:.1f}", outcome.milliseconds);
  }
  std::string diagnostics;
  for (const base::Diagnostic& d : outcome.diagnostics.all()) {
    diagnostics += (diagnostics.empty() ? "" : ", ") + diagnostic_json(*outcome.sources, d);
  }
  if (!diagnostics.empty()) data += ", \"diagnostics\": [" + diagnostics + "]";
  return data;
}

// "[3] opens: 4 probes attached"
std::string outcome_text(const Outcome& outcome) {
  std::string name = outcome.name.empty() ? "" : outcome.name + ": ";
  std::string what = outcome.probes == 0 ? "declared"
                                         : fmt::format("{} probe{} attached", outcome.probes,
                                                       outcome.probes == 1 ? "" : "s");
  return fmt::format("[{}] {}{}{}\n", outcome.cell, name, outcome.replaced ? "replaced, " : "",
                     what);
}

}  // namespace

Reply mistake(std::string text, std::string hint) {
  return {false, std::move(text), std::move(hint), {}};
}

Reply mistake(const base::Error& error) { return mistake(error.message, error.hint); }

Reply reply_of(const base::Status& status) {
  return status.ok() ? Reply{} : mistake(status.error());
}

std::string aligned(const Table& table) {
  std::vector<std::vector<std::string>> all{table.columns};
  all.insert(all.end(), table.rows.begin(), table.rows.end());
  std::vector<size_t> widths(table.columns.size());
  for (const auto& row : all) {
    for (size_t i = 0; i < row.size(); i++) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const auto& row : all) {
    std::string line;
    for (size_t i = 0; i < row.size(); i++) {
      line += i + 1 == row.size() ? row[i] : fmt::format("{:<{}}", row[i], widths[i] + 2);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

void show(const Reply& reply, Screen& screen) {
  if (!screen.options().json) {
    if (!reply.ok) {
      std::string hint = reply.hint.empty() ? "" : lines("HINT: " + reply.hint);
      return screen.complain(lines("ERROR: " + reply.text) + hint);
    }
    std::string table = reply.table.columns.empty() ? "" : aligned(reply.table);
    return screen.say(lines(reply.text) + table);
  }
  if (!reply.ok) return say_json(screen, "reply", error_json(reply.text, reply.hint));
  std::string data = "\"ok\": true";
  if (!reply.text.empty()) data += ", \"text\": " + json_string(reply.text);
  if (!reply.table.columns.empty()) data += ", \"rows\": [" + rows_json(reply.table) + "]";
  say_json(screen, "reply", data);
}

void show(const Outcome& outcome, Screen& screen, bool warnings) {
  if (screen.options().json) return say_json(screen, "reply", outcome_json(outcome));
  if (outcome.sources) {
    screen.complain(base::show(*outcome.sources, outcome.diagnostics, {warnings, false}));
  }
  if (outcome.failure) return show(mistake(*outcome.failure), screen);
  if (outcome.failed() || outcome.cell == 0 || screen.options().quiet) return;
  screen.say(outcome_text(outcome));
}

void show_notice(const std::string& text, Screen& screen) {
  if (screen.options().json) return say_json(screen, "notice", "\"text\": " + json_string(text));
  screen.complain(text + "\n");
}

}  // namespace gimlet::interactive
