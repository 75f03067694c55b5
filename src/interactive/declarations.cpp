#include "interactive/declarations.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <sstream>

#include "frontend/merge.h"
#include "parser/parse.h"

namespace gimlet::interactive {
namespace {

// "#define N 4" -> "#N", "struct item { ... }" -> "struct item"; empty for other C text.
std::string declared_name(std::string_view c_text) {
  std::string flat;
  for (char c : c_text.substr(0, 200)) {
    bool apart = c == '{' || c == '(' || c == ';';
    flat += apart ? ' ' : c;
    if (apart) break;
  }
  std::istringstream words(flat);
  std::string first, second;
  words >> first >> second;
  if (first == "#") {
    first += second;
    words >> second;
  }
  if (first == "#define") return "#" + second;
  if (first != "struct" && first != "union" && first != "enum") return {};
  return second.empty() ? std::string() : first + " " + second;
}

// Names by which declarations replace each other.
std::set<std::string> declared_names(const ast::Program& program, const base::SourceSet& sources) {
  std::set<std::string> names;
  for (const ast::Macro& macro : program.macros) names.insert("macro " + macro.name);
  for (const ast::Function& function : program.functions) names.insert("fn " + function.name);
  for (const ast::MapDeclaration& map : program.maps) names.insert(map.name);
  for (const ast::Import& import : program.imports) names.insert("import " + import.path);
  for (base::SourceRange text : program.c_text) names.insert(declared_name(sources.text(text)));
  return names;
}

void keep_declarations(ast::Program& program, const std::set<std::string>& newer,
                       const base::SourceSet& sources) {
  auto replaced = [&](const std::string& name) { return !name.empty() && newer.contains(name); };
  program.items.clear();  // of interest only to who prints a program
  program.probes.clear();
  program.config.clear();
  program.config_range.reset();
  std::erase_if(program.macros, [&](const auto& m) { return replaced("macro " + m.name); });
  std::erase_if(program.functions, [&](const auto& f) { return replaced("fn " + f.name); });
  std::erase_if(program.maps, [&](const auto& m) { return replaced(m.name); });
  std::erase_if(program.imports, [&](const auto& i) { return replaced("import " + i.path); });
  std::erase_if(program.c_text,
                [&](auto range) { return replaced(declared_name(sources.text(range))); });
}

}  // namespace

bool declares(const ast::Program& program) {
  return !program.macros.empty() || !program.functions.empty() || !program.maps.empty() ||
         !program.imports.empty() || !program.c_text.empty();
}

ast::Program with_declarations(ast::Program program, const std::vector<const Cell*>& cells,
                               base::SourceSet& sources) {
  std::set<std::string> newer = declared_names(program, sources);
  std::vector<ast::Program> earlier;
  ast::NodeId next = program.node_count;
  for (size_t i = cells.size(); i-- > 0;) {
    base::FileId file = sources.add(cells[i]->label(), cells[i]->text);
    base::Diagnostics said_before;
    ast::Program part = parser::parse(sources, file, said_before, next, cells[i]->body);
    next = std::max(next, part.node_count);
    std::set<std::string> names = declared_names(part, sources);
    keep_declarations(part, newer, sources);
    newer.merge(names);
    earlier.push_back(std::move(part));
  }
  ast::Program whole;
  for (size_t i = earlier.size(); i-- > 0;) frontend::merge(whole, std::move(earlier[i]));
  frontend::merge(whole, std::move(program));
  whole.node_count = next;
  return whole;
}

}  // namespace gimlet::interactive
