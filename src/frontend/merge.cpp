#include "frontend/merge.h"

#include <algorithm>
#include <iterator>

namespace gimlet::frontend {
namespace {

using ast::Item;

template <typename T>
void append(std::vector<T>& list, std::vector<T>& more) {
  std::move(more.begin(), more.end(), std::back_inserter(list));
}

}  // namespace

void merge(ast::Program& program, ast::Program more) {
  const uint32_t first[] = {static_cast<uint32_t>(program.c_text.size()),
                            0,
                            static_cast<uint32_t>(program.imports.size()),
                            static_cast<uint32_t>(program.maps.size()),
                            static_cast<uint32_t>(program.macros.size()),
                            static_cast<uint32_t>(program.functions.size()),
                            static_cast<uint32_t>(program.probes.size())};
  for (Item item : more.items) {
    item.index += first[static_cast<size_t>(item.kind)];
    program.items.push_back(item);
  }
  append(program.c_text, more.c_text);
  append(program.config, more.config);
  if (more.config_range) program.config_range = more.config_range;
  append(program.imports, more.imports);
  append(program.external_sources, more.external_sources);
  append(program.maps, more.maps);
  append(program.macros, more.macros);
  append(program.functions, more.functions);
  append(program.probes, more.probes);
  program.node_count = std::max(program.node_count, more.node_count);
}

}  // namespace gimlet::frontend
