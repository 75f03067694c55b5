// What -v shows below a probe. Declarations are written as C writes them, the name last.
#include <fmt/format.h>

#include <cerrno>
#include <variant>

#include "list/lister.h"

namespace gimlet::list {
namespace {

using ast::ProviderId;
using Arguments = std::vector<std::string>;
using kernel::KernelPrototype;

// Integer registers carry no floating-point arguments.
bool is_float(const std::string& c_type) {
  return c_type == "float" || c_type == "double" || c_type == "long double";
}

struct Describer {
  Search& search;
  ProviderId provider;
  const std::string& name;

  Arguments operator()(const ast::TracepointTarget& place) const {
    return describe_tracepoint(search, place.category, place.event);
  }
  // A probe may come in by another mechanism than its provider's; it is shown as it was written.
  Arguments operator()(const ast::RawTracepointTarget& place) const {
    if (provider == ProviderId::Tracepoint) {
      const size_t category = name.find(':') + 1;
      const size_t event = name.find(':', category);
      return describe_tracepoint(search, name.substr(category, event - category), place.event);
    }
    return describe_raw_tracepoint(search, place.event);
  }
  Arguments operator()(const ast::FunctionTarget& place) const {
    if (ast::is_kprobe(provider)) {
      return describe_kprobe(search, provider, place.module, place.function);
    }
    if (place.program != 0) return {};
    return describe_function(search, provider, {place.module, place.function, place.btf_id});
  }
  Arguments operator()(const ast::KprobeTarget& place) const {
    if (place.function.empty() || place.offset > 0) return {};
    if (ast::is_trampoline(provider)) {
      auto found = search.kernel().kernel_functions(place.module, place.function);
      return found.empty() ? Arguments{} : describe_function(search, provider, found.front());
    }
    return describe_kprobe(search, provider, place.module, place.function);
  }
  Arguments operator()(const ast::IteratorTarget& place) const {
    for (const auto& iterator : search.kernel().iterators()) {
      if (iterator.name == place.name) return describe_iterator(iterator);
    }
    return {};
  }
  Arguments operator()(const ast::SpecialTarget&) const { return {}; }
  Arguments operator()(const ast::TimerTarget&) const { return {}; }
  Arguments operator()(const ast::PerfEventTarget&) const { return {}; }
  Arguments operator()(const ast::UserTarget& place) const {
    if (provider != ProviderId::Uprobe) return {};
    return describe_user(search, place.path, place.address);
  }
  Arguments operator()(const ast::UsdtTarget&) const { return {}; }
  Arguments operator()(const ast::NamedTarget&) const { return {}; }
  Arguments operator()(const ast::WatchpointTarget&) const { return {}; }
};

}  // namespace

Arguments describe_tracepoint(Search& search, const std::string& category,
                              const std::string& event) {
  auto lines = search.kernel().tracepoint_field_lines(category, event);
  return lines ? std::move(*lines) : Arguments{};
}

Arguments describe_raw_tracepoint(Search& search, const std::string& event) {
  Arguments arguments;
  if (auto found = search.kernel().raw_tracepoint(event)) {
    for (const auto& parameter : found->parameters) {
      arguments.push_back(fmt::format("{} {}", parameter.c_type, parameter.name));
    }
  }
  return arguments;
}

Arguments describe_user(Search& search, const std::string& path, uint64_t address) {
  auto prototype = search.kernel().user_prototype(path, address);
  if (!prototype.ok()) {
    const bool without = prototype.error().errnum == ENOENT;
    if (without && search.without_debug.insert(path).second) {
      search.warnings.push_back(
          fmt::format("No DWARF found for \"{}\", cannot show parameter info", path));
    }
    return {};
  }
  Arguments arguments;
  for (const auto& parameter : prototype->parameters) {
    arguments.push_back(fmt::format("{} {}", parameter.c_type, parameter.name));
  }
  return arguments;
}

Arguments describe_function(Search& search, ProviderId provider,
                            const kernel::KernelFunction& function) {
  const KernelPrototype prototype = search.kernel().kernel_prototype(function);
  Arguments arguments;
  for (const auto& parameter : prototype.parameters) {
    arguments.push_back(fmt::format("{} {}", parameter.c_type, parameter.name));
  }
  if (provider == ProviderId::Fexit) {
    arguments.push_back(
        fmt::format("{} retval", prototype.result ? prototype.result->c_type : "void"));
  }
  return arguments;
}

Arguments describe_kprobe(Search& search, ProviderId provider, const std::string& module,
                          const std::string& name) {
  const auto functions = search.kernel().kernel_functions(module, name);
  if (functions.empty()) return {};
  const KernelPrototype prototype = search.kernel().kernel_prototype(functions.front());
  if (provider == ProviderId::Kretprobe) {
    return {prototype.result ? prototype.result->c_type + " retval" : "void"};
  }
  Arguments arguments;
  for (const auto& parameter : prototype.parameters) {
    if (is_float(parameter.c_type)) continue;
    arguments.push_back(fmt::format("{} arg{}", parameter.c_type, arguments.size()));
  }
  return arguments;
}

Arguments describe_iterator(const kernel::KernelIterator& iterator) {
  Arguments arguments;
  for (const auto& member : iterator.members) {
    if (member.name == "meta") continue;  // of the walk, not of the object
    arguments.push_back(fmt::format("{} {}", member.c_type, member.name));
  }
  return arguments;
}

Arguments describe(Search& search, const ast::Target& target) {
  return std::visit(Describer{search, target.provider, target.name}, target.place);
}

}  // namespace gimlet::list
