// Fields behind a `.` or `->`. The chain of names before the cursor is read backwards; where its
// first link is something whose type the text itself tells, the others follow through the kernel's
// types.
#include <cctype>

#include "interactive/completion.h"
#include "list/listing.h"

namespace gimlet::interactive {
namespace {

bool is_word_byte(char c) { return isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// "curtask->mm.own" -> base "curtask", fields {"mm"}; what is being typed is left out.
struct Chain {
  std::string_view before;  // the text in front of the base
  std::string base;         // a name with its `$`, or `)` behind an expression in parentheses
  std::vector<std::string> fields;
};

void drop_word(std::string_view& text) {
  while (!text.empty() && is_word_byte(text.back())) text.remove_suffix(1);
}

bool drop_dot(std::string_view& text) {
  size_t length = text.ends_with("->") ? 2 : text.ends_with('.') ? 1 : 0;
  text.remove_suffix(length);
  return length > 0;
}

Chain read_chain(std::string_view text) {
  Chain chain;
  drop_word(text);
  while (drop_dot(text)) {
    if (text.ends_with(')')) {
      chain.base = ")";
      chain.before = text;
      return chain;
    }
    std::string_view whole = text;
    drop_word(text);
    std::string name(whole.substr(text.size()));
    if (text.ends_with('$')) {
      name.insert(0, "$");
      text.remove_suffix(1);
    }
    if (text.ends_with("->") || text.ends_with('.')) {
      chain.fields.insert(chain.fields.begin(), name);
    } else {
      chain.base = name;
      chain.before = text;
    }
  }
  return chain;
}

// The struct of the last cast "(struct NAME *)" in the text.
std::string last_cast(std::string_view text) {
  size_t open = text.rfind("(struct ");
  if (open == std::string_view::npos) return {};
  size_t begin = open + 1, end = begin + 7;
  while (end < text.size() && is_word_byte(text[end])) end++;
  return std::string(text.substr(begin, end - begin));
}

// The attach point of the probe whose body the text ends in.
std::string last_attach_point(std::string_view text) {
  size_t brace = text.find('{');
  if (brace == std::string_view::npos) return {};
  std::string_view head = text.substr(0, brace);
  if (size_t name = head.find('='); name != std::string_view::npos) head = head.substr(name + 1);
  while (!head.empty() && isspace(static_cast<unsigned char>(head.front()))) head.remove_prefix(1);
  return std::string(head.substr(0, head.find_first_of(" \t\n,")));
}

// The last word of each "    TYPE NAME" below a probe.
std::vector<std::string> argument_names(Exploration& exploration, const std::string& probe) {
  list::System system{exploration.kernel(), exploration.settings().options.target_pid, true};
  auto listing = list::list_patterns(probe, system);
  std::vector<std::string> names;
  for (const std::string& line : listing ? listing->lines : std::vector<std::string>{}) {
    if (!line.starts_with(' ')) continue;
    size_t begin = line.find_last_of(" *") + 1;
    std::string name = line.substr(begin);
    names.push_back(name.substr(0, name.find('[')));
  }
  return names;
}

std::string struct_of(const Chain& chain) {
  if (chain.base == "curtask") return "struct task_struct";
  if (chain.base == ")") return last_cast(chain.before);
  if (!chain.base.starts_with('$')) return {};
  size_t assigned = chain.before.rfind(chain.base + " = ");
  if (assigned == std::string_view::npos) return {};
  std::string_view value = chain.before.substr(assigned);
  return last_cast(value.substr(0, value.find(';')));
}

}  // namespace

std::vector<std::string> field_candidates(Exploration& exploration, std::string_view text) {
  Chain chain = read_chain(text);
  if (chain.base == "args" && chain.fields.empty()) {
    return argument_names(exploration, last_attach_point(text));
  }
  std::string name = struct_of(chain);
  const ast::StructLayout* layout = name.empty() ? nullptr : exploration.kernel().find_struct(name);
  for (const std::string& field : chain.fields) {
    if (!layout) return {};
    const ast::Field* found = layout->find(field);
    if (!found) return {};
    const ast::Type* type = &found->type;
    while (type->element) type = type->element.get();
    layout = exploration.kernel().find_struct(type->name);
  }
  std::vector<std::string> names;
  if (!layout) return names;
  for (const ast::Field& field : layout->fields) names.push_back(field.name);
  return names;
}

}  // namespace gimlet::interactive
