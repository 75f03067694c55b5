// The builders of top-level items: probes, macros, functions, declarations (language §2).
#include <fmt/format.h>

#include <cctype>

#include "base/integer.h"
#include "parser/attach_point.h"
#include "parser/build.h"

namespace gimlet::parser {

using ast::Item;
using ast::SourceRange;

namespace {

int section_of(Item::Kind kind) {
  switch (kind) {
    case Item::Kind::CText: return 2;
    case Item::Kind::Config:
    case Item::Kind::Import: return 3;
    default: return 4;
  }
}

}  // namespace

// Keeps the order of sections (language §2.1).
void Builder::add_item(Item::Kind kind, SourceRange range, size_t index) {
  int section = section_of(kind);
  if (section < section_) {
    error(range, kind == Item::Kind::CText ? "C definitions must appear before probes and functions"
                 : kind == Item::Kind::Config
                     ? "config must appear before probes and functions"
                     : "root imports must appear before probes and functions");
  }
  section_ = std::max(section_, section);
  program_.items.push_back({kind, static_cast<uint32_t>(index)});
}

AttachPoints Builder::attach_point(AttachPoints list, SourceRange range) {
  list.push_back(split_attach_point(text(range), range));
  list.back().id = new_id(range, 1);
  return list;
}

void Builder::probe(SourceRange range, AttachPoints attach_points, ExprPtr predicate,
                    ast::Block body) {
  ast::NodeId id = new_id(range, 1);
  add_item(Item::Kind::Probe, range, program_.probes.size());
  program_.probes.push_back(
      {id, range, std::move(attach_points), std::move(predicate), without_value(std::move(body))});
}

void Builder::macro(SourceRange range, SourceRange name, MacroParameters parameters,
                    ast::Block body) {
  add_item(Item::Kind::Macro, range, program_.macros.size());
  program_.macros.push_back(
      {range, text(name), name, std::move(parameters), std::move(body), false});
}

ast::MacroParameter Builder::macro_parameter(ast::MacroParameter::Kind kind, SourceRange name) {
  return {kind, text(name), name};
}

void Builder::function(SourceRange range, SourceRange name, FunctionParameters parameters,
                       TypeSpec result, ast::Block body) {
  ast::NodeId id = new_id(range, 1);
  add_item(Item::Kind::Function, range, program_.functions.size());
  program_.functions.push_back({id, range, text(name), name, std::move(parameters),
                                std::move(result), without_value(std::move(body))});
}

FunctionParameters Builder::function_parameter(FunctionParameters list, SourceRange name,
                                               TypeSpec type) {
  list.push_back({text(name), name, std::move(type)});
  return list;
}

void Builder::map_declaration(SourceRange range, SourceRange name, SourceRange type,
                              SourceRange entries) {
  add_item(Item::Kind::MapDeclaration, range, program_.maps.size());
  program_.maps.push_back({range, text(name), name, text(type), type, number(entries)});
}

void Builder::config(SourceRange range) {
  if (program_.config_range) error(range, "duplicate config block");
  program_.config_range = range;
  add_item(Item::Kind::Config, range, 0);
}

void Builder::config_entry(SourceRange key, SourceRange value) {
  ast::ConfigEntry entry{text(key), key, {}, value};
  std::string word = text(value);
  if (word.starts_with('"')) {
    entry.value = string_value(value);
  } else if (std::isdigit(static_cast<unsigned char>(word[0]))) {
    entry.value = number(value);
  } else if (word == "true" || word == "false") {
    entry.value = word == "true";
  } else {
    entry.value = word;
  }
  program_.config.push_back(std::move(entry));
}

void Builder::import(SourceRange range, SourceRange path) {
  add_item(Item::Kind::Import, range, program_.imports.size());
  program_.imports.push_back({range, string_value(path), path});
}

void Builder::c_text(SourceRange range) {
  add_item(Item::Kind::CText, range, program_.c_text.size());
  program_.c_text.push_back(range);
}

}  // namespace gimlet::parser
