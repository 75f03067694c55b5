// Commands about maps.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/suggest.h"
#include "interactive/shell.h"
#include "runtime/map_view.h"
#include "runtime/value_text.h"

namespace gimlet::interactive {
namespace {

using runtime::MapView;

constexpr uint64_t kUsualTop = 10;
constexpr uint64_t kUsualTimes = 3;

Reply no_such_map(Shell& shell, const std::string& name) {
  std::vector<std::string> names;
  for (const runtime::MapState& map : shell.exploration().maps()) names.push_back(map.plan.name);
  auto near = base::nearest(name, names);
  return mistake(fmt::format("There is no map {}", name),
                 near ? fmt::format("Did you mean {}?", *near) : ".maps lists them");
}

// Shows a map after `change` has put its entries into another order.
template <typename Change>
Reply show_map(Shell& shell, const std::string& name, uint64_t top, Change change) {
  auto view = shell.exploration().session().view(name, {top, 1, true});
  if (!view && view.error().errnum == ENOENT) return no_such_map(shell, name);
  if (!view) return mistake(view.error());
  change(*view);
  shell.screen().output().map(*view);
  return {};
}

constexpr auto kAsItIs = [](MapView&) {};

bool is_number(const std::string& word) {
  return !word.empty() && std::all_of(word.begin(), word.end(),
                                      [](unsigned char c) { return isdigit(c) || c == '.'; });
}

bool key_less(const runtime::Value& a, const runtime::Value& b) {
  auto number = [](const runtime::Value& value) -> std::optional<double> {
    if (auto* v = std::get_if<int64_t>(&value.data)) return static_cast<double>(*v);
    if (auto* v = std::get_if<uint64_t>(&value.data)) return static_cast<double>(*v);
    return std::nullopt;
  };
  auto left = number(a), right = number(b);
  if (left && right) return *left < *right;
  return runtime::text_of(a) < runtime::text_of(b);
}

void sort_by_key(MapView& view) {
  std::vector<std::pair<runtime::Value, size_t>> keys;
  for (size_t number : view.order) keys.emplace_back(view.decode(number).key, number);
  std::stable_sort(keys.begin(), keys.end(),
                   [](const auto& a, const auto& b) { return key_less(a.first, b.first); });
  for (size_t i = 0; i < keys.size(); i++) view.order[i] = keys[i].second;
}

}  // namespace

Reply maps_command(Shell& shell, const Arguments&) {
  Reply reply;
  reply.table.columns = {"map", "key", "value", "entries", "room", "state"};
  for (const runtime::MapState& map : shell.exploration().maps()) {
    auto view = shell.exploration().session().view(map.plan.name, {});
    if (!view) return mistake(view.error());
    reply.table.rows.push_back({map.plan.name,
                                map.plan.is_keyed() ? ast::type_name(map.plan.key) : "-",
                                ast::type_name(map.plan.value), std::to_string(view->size()),
                                map.plan.is_keyed() ? std::to_string(map.plan.max_entries) : "1",
                                map.used ? "in use" : "kept"});
  }
  if (reply.table.rows.empty()) return {true, "There are no maps", {}, {}};
  return reply;
}

Reply show_command(Shell& shell, const Arguments& arguments) {
  for (const std::string& name : arguments.words) {
    Reply reply = show_map(shell, name, 0, kAsItIs);
    if (!reply.ok) return reply;
  }
  return {};
}

Reply sort_command(Shell& shell, const Arguments& arguments) {
  std::string by = arguments.size() > 1 ? arguments[1] : "value";
  if (by != "key" && by != "value") return mistake("Maps are sorted by key or by value");
  return show_map(shell, arguments[0], 0, [&](MapView& view) {
    if (by == "key") sort_by_key(view);
  });
}

Reply top_command(Shell& shell, const Arguments& arguments) {
  uint64_t top = kUsualTop;
  if (arguments.size() > 1) {
    if (!is_number(arguments[1])) return mistake(fmt::format("'{}' is no number", arguments[1]));
    top = strtoull(arguments[1].c_str(), nullptr, 10);
  }
  return show_map(shell, arguments[0], top,
                  [](MapView& view) { std::reverse(view.order.begin(), view.order.end()); });
}

Reply clear_command(Shell& shell, const Arguments& arguments) {
  std::vector<std::string> names = arguments.words;
  if (names == std::vector<std::string>{"all"}) {
    names.clear();
    for (const runtime::MapState& map : shell.exploration().maps()) names.push_back(map.plan.name);
  }
  for (const std::string& name : names) {
    base::Status cleared = shell.exploration().session().clear(name);
    if (!cleared.ok() && cleared.error().errnum == ENOENT) return no_such_map(shell, name);
    if (!cleared.ok()) return mistake(cleared.error());
  }
  return {};
}

Reply drop_command(Shell& shell, const Arguments& arguments) {
  for (const std::string& name : arguments.words) {
    base::Status dropped = shell.exploration().drop_map(name);
    if (dropped.ok()) continue;
    if (dropped.error().errnum == ENOENT) return no_such_map(shell, name);
    std::string users;
    for (const auto& cell : shell.exploration().cells()) {
      if (cell->image && cell->text.find(name) != std::string::npos) users += " " + cell->label();
    }
    return mistake(dropped.error().message,
                   users.empty() ? "" : fmt::format("end first:{}", users));
  }
  return {};
}

namespace {

// Waits for the next picture. False: it was enough.
bool wait_for_next(Shell& shell, double seconds) {
  auto end = Clock::now() + std::chrono::duration<double>(seconds);
  while (Clock::now() < end && !shell.finished()) {
    if (!shell.wait(std::chrono::milliseconds(20))) return false;
    if (shell.terminal().leave_pressed && shell.terminal().leave_pressed()) return false;
  }
  return !shell.finished();
}

Reply watch_maps(Shell& shell, const std::vector<std::string>& names, double seconds,
                 uint64_t times) {
  const bool in_place = static_cast<bool>(shell.terminal().rows);
  for (uint64_t i = 0; i < times; i++) {
    uint64_t top = 0;
    if (in_place) {
      top = std::max<uint64_t>(shell.terminal().rows() / names.size(), 4) - 3;
      shell.screen().say("\033[H\033[J");
    }
    for (const std::string& name : names) {
      Reply reply = show_map(shell, name, top, kAsItIs);
      if (!reply.ok) return reply;
    }
    if (in_place) shell.screen().output().printf("q leaves\n");
    shell.screen().show_results();
    if (i + 1 == times || !wait_for_next(shell, seconds)) break;
  }
  return {};
}

}  // namespace

Reply watch_command(Shell& shell, const Arguments& arguments) {
  const bool has_keys = static_cast<bool>(shell.terminal().begin_keys);
  double seconds = 1;
  uint64_t times = has_keys ? UINT64_MAX : kUsualTimes;
  std::vector<std::string> names = arguments.words;
  if (is_number(names[0])) {
    seconds = strtod(names[0].c_str(), nullptr);
    names.erase(names.begin());
  }
  if (!names.empty() && is_number(names[0])) {
    times = strtoull(names[0].c_str(), nullptr, 10);
    names.erase(names.begin());
  }
  if (names.empty()) return mistake("Which maps shall be watched?", ".maps lists them");
  if (seconds < 0.05) return mistake("The interval must be at least 0.05 seconds");
  if (has_keys) shell.terminal().begin_keys();
  Reply reply = watch_maps(shell, names, seconds, times);
  if (has_keys) shell.terminal().end_keys();
  return reply;
}

}  // namespace gimlet::interactive
