// The completions of bash and zsh. Both shells take the words of an option from the table; what
// files, folders, processes and commands there are they know themselves.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include "cli/option_pages.h"
#include "cli/option_table.h"

namespace gimlet::cli {
namespace {

// {"-p", "--pid"}
std::vector<std::string> spellings(const Option& option) {
  std::vector<std::string> out;
  if (option.has_letter()) out.push_back(fmt::format("-{}", static_cast<char>(option.code)));
  if (option.name) out.push_back(fmt::format("--{}", option.name));
  return out;
}

// What bash does to fill COMPREPLY.
std::string bash_offer(const Option& option) {
  switch (option.offer) {
    case Offer::Nothing: break;
    case Offer::Words: return fmt::format("_gimlet_words '{}'", option.words);
    case Offer::List: return fmt::format("_gimlet_list '{}'", option.words);
    case Offer::Files: return "_gimlet_files -f";
    case Offer::Folders: return "_gimlet_files -d";
    case Offer::Processes: return "_gimlet_words \"$(cd /proc && echo [0-9]*)\"";
    case Offer::Commands: return "mapfile -t COMPREPLY < <(compgen -c -- \"$cur\")";
  }
  return ":";
}

constexpr std::string_view kBashHead =
    R"(# Completion of gimlet's options for bash. Made by scripts/gen-pages from the table of options.

_gimlet_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

# Several words with commas between them; the last one is being typed.
_gimlet_list() {
  local before=""
  [[ $cur != *,* ]] || before=${cur%,*},
  mapfile -t COMPREPLY < <(compgen -P "$before" -W "$1" -- "${cur##*,}")
}

_gimlet_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen "$@" -- "$cur")
}

_gimlet() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev="" word
  ((COMP_CWORD == 0)) || prev=${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  # bash takes --option=value for three words.
  if [[ $cur == = ]]; then
    cur=""
  elif [[ $prev == = ]] && ((COMP_CWORD > 1)); then
    prev=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  # What follows -- belongs to the program.
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word != -- ]] || return 0
  done
  case $prev in
)";

constexpr std::string_view kBashTail = R"(
  if [[ $cur == -* ]]; then
    _gimlet_words "$options"
  else
    # A program, or a folder that has some.
    _gimlet_files -f -X '!*.bt'
    local folders
    mapfile -t folders < <(compgen -d -- "$cur")
    COMPREPLY+=("${folders[@]}")
  fi
}

complete -F _gimlet gimlet
)";

// Text inside single quotes.
std::string quoted(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      if (c == '[' || c == ']') out += '\\';
      out += c;
    }
  }
  return out;
}

// What zsh's _arguments does for the argument.
std::string zsh_offer(const Option& option) {
  switch (option.offer) {
    case Offer::Nothing: break;
    case Offer::Words: return fmt::format("({})", option.words);
    case Offer::List: return fmt::format("_values -s , {} {}", option.argument, option.words);
    case Offer::Files: return "_files";
    case Offer::Folders: return "_files -/";
    case Offer::Processes: return "_pids";
    case Offer::Commands: return "_command_names -e";
  }
  return " ";
}

// "'(-p --pid)'{-p+,--pid=}'[trace this process only]:PID:_pids'"
std::string zsh_specification(const Option& option) {
  std::vector<std::string> names = spellings(option);
  const std::string excluded =
      option.accumulates ? "*" : fmt::format("({})", fmt::join(names, " "));
  if (option.argument) {
    for (std::string& name : names) name += name.starts_with("--") ? '=' : '+';
  }
  const std::string shown = names.size() == 1
                                ? fmt::format("'{}{}", excluded, names[0])
                                : fmt::format("'{}'{{{}}}'", excluded, fmt::join(names, ","));
  std::string out = fmt::format("{}[{}]", shown, quoted(option.help));
  if (option.argument) out += fmt::format(":{}:{}", option.argument, zsh_offer(option));
  return out + "'";
}

}  // namespace

std::string bash_completion() {
  // Options that offer the same share a branch.
  std::vector<std::pair<std::string, std::vector<std::string>>> branches;
  std::vector<std::string> all;
  for (const Option& option : option_table()) {
    std::vector<std::string> names = spellings(option);
    all.insert(all.end(), names.begin(), names.end());
    if (!option.argument) continue;
    const std::string offer = bash_offer(option);
    auto same = std::ranges::find(branches, offer, [](const auto& row) { return row.first; });
    if (same == branches.end()) same = branches.insert(branches.end(), {offer, {}});
    same->second.insert(same->second.end(), names.begin(), names.end());
  }
  std::string out(kBashHead);
  for (const auto& [offer, names] : branches) {
    out += fmt::format("    {})\n      {}\n      return 0 ;;\n", fmt::join(names, " | "), offer);
  }
  out += "  esac\n  local options='";
  for (size_t i = 0; i < all.size(); i++) out += (i == 0 ? "" : i % 8 ? " " : "\n    ") + all[i];
  return out + "'" + std::string(kBashTail);
}

std::string zsh_completion() {
  std::string out =
      "#compdef gimlet\n"
      "# Completion of gimlet's options for zsh. Made by scripts/gen-pages from the table of "
      "options.\n\n_arguments -s -S \\\n";
  for (const Option& option : option_table()) {
    out += fmt::format("  {} \\\n", zsh_specification(option));
  }
  return out + "  '1:program:_files -g \"*.bt\"' \\\n  '*:parameter: '\n";
}

}  // namespace gimlet::cli
