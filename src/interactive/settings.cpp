#include "interactive/settings.h"

#include <fmt/format.h>

#include <cstdlib>

#include "ast/config.h"
#include "base/suggest.h"

namespace gimlet::interactive {
namespace {

std::string on_off(bool value) { return value ? "on" : "off"; }

Reply set_flag(bool& flag, const std::string& value) {
  auto parsed = ast::parse_bool_word(value);
  if (!parsed) return mistake(fmt::format("'{}' is neither on nor off", value));
  flag = *parsed;
  return {};
}

std::string get_rate(Shell& shell) { return std::to_string(shell.screen().rate()); }
Reply set_rate(Shell& shell, const std::string& value) {
  char* end = nullptr;
  uint64_t lines = strtoull(value.c_str(), &end, 10);
  if (value.empty() || *end || value[0] == '-') {
    return mistake(fmt::format("'{}' is no number of lines", value));
  }
  shell.screen().set_rate(lines);
  return {};
}

std::string get_budget(Shell& shell) {
  const auto& budget = shell.preferences().budget;
  return budget ? fmt::format("{:g}%", *budget) : "off";
}
Reply set_budget(Shell& shell, const std::string& value) {
  if (value == "off") {
    shell.preferences().budget.reset();
    return {};
  }
  char* end = nullptr;
  double percent = strtod(value.c_str(), &end);
  if (end == value.c_str() || (*end && std::string_view(end) != "%") || !(percent > 0)) {
    return mistake(fmt::format("'{}' is no share of the CPUs' time", value),
                   "for example: .set budget 5%");
  }
  if (!shell.costs().is_on()) {
    return mistake("A budget needs the kernel's statistics", ".set stats on");
  }
  shell.preferences().budget = percent;
  return {};
}

std::string get_stats(Shell& shell) { return on_off(shell.costs().is_on()); }
Reply set_stats(Shell& shell, const std::string& value) {
  bool on = false;
  if (Reply wrong = set_flag(on, value); !wrong.ok) return wrong;
  if (on) return reply_of(shell.costs().turn_on());
  if (shell.preferences().budget) {
    return mistake("The budget needs the kernel's statistics", ".set budget off");
  }
  shell.costs().turn_off();
  return {};
}

std::string get_timing(Shell& shell) { return on_off(shell.preferences().timing); }
Reply set_timing(Shell& shell, const std::string& value) {
  return set_flag(shell.preferences().timing, value);
}

std::string get_keys(Shell& shell) { return shell.preferences().vi_keys ? "vi" : "emacs"; }
Reply set_keys(Shell& shell, const std::string& value) {
  if (value != "vi" && value != "emacs") return mistake("Keys are those of emacs or of vi");
  shell.preferences().vi_keys = value == "vi";
  if (shell.terminal().choose_keys) shell.terminal().choose_keys(value == "vi");
  return {};
}

struct Setting {
  const char* name;
  std::string (*get)(Shell&);
  Reply (*set)(Shell&, const std::string& value);
};

constexpr Setting kSettings[] = {
    {"rate", get_rate, set_rate},    {"budget", get_budget, set_budget},
    {"stats", get_stats, set_stats}, {"timing", get_timing, set_timing},
    {"keys", get_keys, set_keys},
};

std::string shown(const ast::ConfigValue& value) {
  if (auto* number = std::get_if<uint64_t>(&value)) return std::to_string(*number);
  if (auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  return std::get<std::string>(value);
}

bool can_be_set(const ast::ConfigKey& key) { return key.status == ast::ConfigStatus::Normal; }

const ast::ConfigKey* find_key(const std::string& name) {
  const ast::ConfigKey* key = ast::find_config_key(ast::normal_config_name(name));
  return key && can_be_set(*key) ? key : nullptr;
}

Reply unknown(const std::string& name) {
  std::vector<std::string> names = setting_names();
  auto near = base::nearest(name, names);
  return mistake(fmt::format("There is no setting '{}'", name),
                 near ? fmt::format("Did you mean {}?", *near) : ".set shows all");
}

// Like an entry of the config block, and with its messages.
ast::ConfigValue config_value_of(const std::string& text) {
  char* end = nullptr;
  uint64_t number = strtoull(text.c_str(), &end, 0);
  if (!text.empty() && isdigit(static_cast<unsigned char>(text[0])) && !*end) return number;
  if (text == "true" || text == "false") return text == "true";
  if (text.size() > 1 && text.front() == '"' && text.back() == '"') {
    return text.substr(1, text.size() - 2);
  }
  return text;
}

}  // namespace

std::vector<std::string> setting_names() {
  std::vector<std::string> names;
  for (const Setting& setting : kSettings) names.push_back(setting.name);
  for (const ast::ConfigKey& key : ast::config_keys()) {
    if (can_be_set(key)) names.push_back(key.name);
  }
  return names;
}

Table all_settings(Shell& shell) {
  Table table{{"setting", "value"}, {}};
  for (const Setting& setting : kSettings) table.rows.push_back({setting.name, setting.get(shell)});
  const ast::Config& config = shell.exploration().settings().options.config;
  for (const ast::ConfigKey& key : ast::config_keys()) {
    if (can_be_set(key)) table.rows.push_back({key.name, shown(ast::config_value(config, key))});
  }
  return table;
}

Reply show_setting(Shell& shell, const std::string& name) {
  for (const Setting& setting : kSettings) {
    if (name == setting.name) return {true, setting.get(shell), {}, {}};
  }
  const ast::ConfigKey* key = find_key(name);
  if (!key) return unknown(name);
  const ast::Config& config = shell.exploration().settings().options.config;
  return {true, shown(ast::config_value(config, *key)), {}, {}};
}

Reply change_setting(Shell& shell, const std::string& name, const std::string& value) {
  for (const Setting& setting : kSettings) {
    if (name == setting.name) return setting.set(shell, value);
  }
  const ast::ConfigKey* key = find_key(name);
  if (!key) return unknown(name);
  auto problem =
      ast::set_config(shell.exploration().settings().options.config, *key, config_value_of(value));
  return problem ? mistake(*problem) : Reply{};
}

}  // namespace gimlet::interactive
