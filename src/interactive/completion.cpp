#include "interactive/completion.h"

#include <dirent.h>

#include <algorithm>
#include <cctype>

#include "ast/builtin.h"
#include "ast/library_macros.h"
#include "ast/provider.h"
#include "interactive/brackets.h"
#include "interactive/command.h"
#include "interactive/settings.h"
#include "interactive/topics.h"
#include "list/listing.h"

namespace gimlet::interactive {
namespace {

using Names = std::vector<std::string>;

constexpr const char* kWords[] = {"if",     "else",     "while",  "unroll",  "for",
                                  "break",  "continue", "return", "let",     "sizeof",
                                  "typeof", "offsetof", "struct", "comptime"};
constexpr const char* kItems[] = {"macro", "struct", "config", "import", "fn", "let"};

bool is_word_byte(char c) { return isalnum(static_cast<unsigned char>(c)) || c == '_'; }

void keep_starting_with(Names& names, std::string_view start) {
  std::erase_if(names, [&](const std::string& name) { return !name.starts_with(start); });
}

Names map_names(Exploration& exploration) {
  Names names;
  for (const runtime::MapState& map : exploration.maps()) names.push_back(map.plan.name);
  return names;
}

Names cell_names(Exploration& exploration) {
  Names names;
  for (const auto& cell : exploration.cells()) {
    names.push_back(cell->name.empty() ? std::to_string(cell->number) : cell->name);
  }
  return names;
}

// Names that the session's cells declare: `macro NAME(`, `fn NAME(`.
Names declared_names(Exploration& exploration) {
  Names names;
  for (const auto& cell : exploration.cells()) {
    for (std::string_view keyword : {"macro ", "fn "}) {
      for (size_t at = 0; (at = cell->text.find(keyword, at)) != std::string::npos;) {
        at += keyword.size();
        size_t end = at;
        while (end < cell->text.size() && is_word_byte(cell->text[end])) end++;
        names.push_back(cell->text.substr(at, end - at));
      }
    }
  }
  return names;
}

Names code_words(Exploration& exploration) {
  Names names(std::begin(kWords), std::end(kWords));
  for (const ast::Builtin& row : ast::builtins()) names.push_back(row.name);
  for (const ast::LibraryMacro& row : ast::library_macros()) names.push_back(row.name);
  for (std::string& name : declared_names(exploration)) names.push_back(std::move(name));
  return names;
}

Names file_names(std::string_view path) {
  size_t slash = path.rfind('/');
  std::string folder(slash == std::string_view::npos ? "" : path.substr(0, slash + 1));
  Names names;
  DIR* directory = opendir(folder.empty() ? "." : folder.c_str());
  if (!directory) return names;
  while (dirent* entry = readdir(directory)) {
    std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    names.push_back(folder + name + (entry->d_type == DT_DIR ? "/" : ""));
  }
  closedir(directory);
  return names;
}

Names type_names(Exploration& exploration, std::string_view start) {
  Names names;
  for (const char* tag : {"struct ", "union ", "enum "}) {
    std::string pattern = tag + std::string(start) + "*";
    for (const std::string& name : exploration.kernel().type_names(pattern)) {
      names.push_back(name.substr(name.find(' ') + 1));
    }
  }
  return names;
}

// Probes of the live system that begin with what is written. Full names only: as long as the
// provider is not finished, providers are offered instead.
Names probe_names(Exploration& exploration, const std::string& written) {
  size_t colon = written.find(':');
  if (colon == std::string::npos) {
    Names names;
    for (const ast::Provider& row : ast::providers()) {
      bool alone = std::string_view(row.form).find(':') == std::string_view::npos;
      names.push_back(std::string(row.name) + (alone ? " " : ":"));
    }
    return names;
  }
  const ast::Provider* provider = ast::find_provider(written.substr(0, colon));
  if (!provider) return {};
  size_t parts = static_cast<size_t>(std::count(written.begin(), written.end(), ':'));
  bool user = std::string_view(provider->name).starts_with("u");  // uprobe, uretprobe, usdt
  std::string rest = written.substr(colon + 1);
  if (user && parts == 1) {
    Names files = file_names(rest);
    for (std::string& file : files) {
      file = written.substr(0, colon + 1) + file + (file.ends_with('/') ? "" : ":");
    }
    return files;
  }
  list::System system{exploration.kernel(), exploration.settings().options.target_pid, false};
  Names found;
  // The written part may end in the category or the module, with the name still to come.
  for (const char* open : {"*", "*:*"}) {
    auto listing = list::list_patterns(provider->name + written.substr(colon) + open, system);
    if (listing) found.insert(found.end(), listing->lines.begin(), listing->lines.end());
  }
  // What was written with the provider's short name goes on with it.
  for (std::string& name : found) {
    size_t end = name.find(':');
    if (end != std::string::npos) name = written.substr(0, colon) + name.substr(end);
  }
  return found;
}

// Where the attach point that the text ends in begins.
size_t attach_point_begin(std::string_view text) {
  size_t begin = text.find_last_of(" \t\n,}");
  return begin == std::string_view::npos ? 0 : begin + 1;
}

Names offered(Exploration& exploration, Offer offer, const std::string& word) {
  switch (offer) {
    case Offer::Nothing: return {};
    case Offer::Cells: return cell_names(exploration);
    case Offer::Maps: return map_names(exploration);
    case Offer::Files: return file_names(word);
    case Offer::Probes: return probe_names(exploration, word);
    case Offer::Types: return type_names(exploration, word);
    case Offer::Names: return documented_names();
    case Offer::Topics: return topic_names();
    case Offer::Options: return setting_names();
  }
  return {};
}

Completion finish(size_t begin, Names names, std::string_view start) {
  keep_starting_with(names, start);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return {begin, std::move(names)};
}

Completion complete_command(Exploration& exploration, std::string_view text) {
  size_t blank = text.find_first_of(" \t");
  if (blank == std::string_view::npos) {
    Names names;
    for (const Command& command : commands()) names.push_back("." + std::string(command.name));
    return finish(0, std::move(names), text);
  }
  const Command* command = find_command(text.substr(1, blank - 1));
  if (!command) return {};
  size_t begin = text.find_last_of(" \t") + 1;
  std::string word(text.substr(begin));
  return finish(begin, offered(exploration, command->offer, word), word);
}

}  // namespace

std::string Completion::common_prefix() const {
  if (candidates.empty()) return {};
  // They are sorted: what the first and the last share, all share.
  const std::string &first = candidates.front(), &last = candidates.back();
  size_t same = 0;
  while (same < std::min(first.size(), last.size()) && first[same] == last[same]) same++;
  return first.substr(0, same);
}

std::string_view word_at_end(std::string_view text) {
  size_t begin = text.size();
  while (begin > 0 && is_word_byte(text[begin - 1])) begin--;
  if (begin > 0 && (text[begin - 1] == '@' || text[begin - 1] == '$')) begin--;
  return text.substr(begin);
}

Completion complete(Exploration& exploration, std::string_view text) {
  if (text.starts_with('.')) return complete_command(exploration, text);
  std::string_view word = word_at_end(text);
  size_t begin = text.size() - word.size();
  Brackets brackets = read_brackets(text);
  if (brackets.in_string) return {};
  if (word.starts_with('@')) return finish(begin, map_names(exploration), word);
  if (text.substr(0, begin).ends_with('.') || text.substr(0, begin).ends_with("->")) {
    return finish(begin, field_candidates(exploration, text), word);
  }
  for (std::string_view tag : {"struct ", "union ", "enum "}) {
    if (text.substr(0, begin).ends_with(tag)) {
      return finish(begin, type_names(exploration, word), word);
    }
  }
  if (brackets.open > 0) return finish(begin, code_words(exploration), word);

  // Outside of brackets a probe begins, or an expression.
  size_t point = attach_point_begin(text);
  std::string written(text.substr(point));
  Names names = probe_names(exploration, written);
  if (written.find(':') == std::string::npos) {
    names.insert(names.end(), std::begin(kItems), std::end(kItems));
    for (std::string& name : code_words(exploration)) names.push_back(std::move(name));
  }
  return finish(point, std::move(names), written);
}

}  // namespace gimlet::interactive
