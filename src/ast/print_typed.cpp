#include "ast/print_typed.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>

#include "ast/event_name.h"
#include "ast/print.h"

namespace gimlet::ast {
namespace {

std::string escaped(const std::string& text) {
  std::string out;
  for (unsigned char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '"' || c == '\\') {
      out += fmt::format("\\{}", static_cast<char>(c));
    } else if (c < 32 || c > 126) {
      out += fmt::format("\\x{:02x}", c);
    } else {
      out += static_cast<char>(c);
    }
  }
  return out;
}

const char* storage_name(MapStorage storage) {
  switch (storage) {
    case MapStorage::Scalar: return "scalar";
    case MapStorage::PerCpuScalar: return "per-cpu scalar";
    case MapStorage::Hash: return "hash";
    case MapStorage::PerCpuHash: return "per-cpu hash";
  }
  return "";
}

std::string_view event_name(EventKind kind) {
  switch (kind) {
    case EventKind::PrintValue: return "print value";
    case EventKind::PrintMap: return "print map";
    case EventKind::PrintMapKey: return "print map entry";
    case EventKind::CgroupPath: return "cgroup path";
    case EventKind::RuntimeError: return "runtime error";
    case EventKind::HelperError: return "helper error";
    default: return call_name(kind);
  }
}

std::string place_of(const Target& target) {
  if (auto* user = std::get_if<UserTarget>(&target.place)) {
    return fmt::format(" at {:#x}", user->file_offset);
  }
  if (auto* usdt = std::get_if<UsdtTarget>(&target.place)) {
    std::string places = " at";
    for (const UsdtLocation& location : usdt->marker.locations) {
      places += fmt::format(" {:#x}", location.file_offset);
      if (location.semaphore_offset) places += fmt::format("({:#x})", location.semaphore_offset);
    }
    return places;
  }
  if (auto* timer = std::get_if<TimerTarget>(&target.place)) {
    return timer->frequency_hz ? fmt::format(" {} Hz", timer->frequency_hz)
                               : fmt::format(" every {} ns", timer->period_ns);
  }
  if (auto* event = std::get_if<PerfEventTarget>(&target.place)) {
    return fmt::format(" config {} period {}", event->config, event->period);
  }
  if (auto* watch = std::get_if<WatchpointTarget>(&target.place)) {
    return fmt::format(" {} bytes at {:#x} for {}", watch->length, watch->address, watch->mode);
  }
  auto* iterator = std::get_if<IteratorTarget>(&target.place);
  if (iterator && !iterator->pin.empty()) return " pinned at " + iterator->pin;
  return "";
}

std::string print_targets(const TypedProbe& probe) {
  std::string out = fmt::format("program {}\n", probe.name);
  if (probe.mechanism != Mechanism::Native) {
    out += fmt::format("  as {}\n", mechanism_name(probe.mechanism));
  }
  for (const Target& target : probe.targets) {
    out += fmt::format("  target {}{}\n", target.name, place_of(target));
  }
  return out;
}

std::string print_variables(const TypedProbe& probe) {
  std::string out;
  for (const VariableInfo& variable : probe.variables) {
    out += fmt::format("  {} : {}\n", variable.name, type_name(variable.type));
  }
  return out;
}

std::string print_map(const MapPlan& map) {
  std::string keys = map.is_keyed() ? fmt::format("[{}]", type_name(map.key)) : "";
  return fmt::format("map {}{} : {}\n  {}, key {} bytes, value {} bytes, {} entries{}\n", map.name,
                     keys, type_name(map.value), storage_name(map.storage), map.key_size,
                     map.value_size, map.max_entries, map.atomic ? ", atomic" : "");
}

std::string print_event(const TypedProgram& program, const EventPlan& event) {
  std::string out = fmt::format("event {}", event_name(event.kind));
  if (event.map >= 0) out += " " + program.maps[static_cast<size_t>(event.map)].name;
  if (!event.format.empty()) out += fmt::format(" \"{}\"", escaped(event.format));
  if (event.top || event.div) out += fmt::format(" top {} div {}", event.top, event.div);
  out += fmt::format(", {} to {} bytes\n", event.fixed_size, event.max_size);
  for (const EventField& field : event.fields) {
    out += fmt::format("  {:3} {}{}\n", field.offset, type_name(field.type),
                       field.variable ? " (variable)" : "");
  }
  return out;
}

// The type of what reads or computes something. Literals show theirs, and that of an operator
// follows from its operands.
std::string type_note(const TypedProbe& probe, const Expr& expr) {
  const bool shown =
      std::holds_alternative<Variable>(expr.node) || std::holds_alternative<MapAccess>(expr.node) ||
      std::holds_alternative<Identifier>(expr.node) || std::holds_alternative<Call>(expr.node) ||
      std::holds_alternative<FieldAccess>(expr.node) || std::holds_alternative<Index>(expr.node) ||
      std::holds_alternative<TupleAccess>(expr.node);
  const ExprInfo* info = shown ? probe.expressions.find(expr.id) : nullptr;
  return info ? type_name(info->type) : "";
}

}  // namespace

std::string print_functions(const TypedProgram& program) {
  std::string out;
  for (const Function& function : program.program->functions) {
    std::vector<std::string> parameters;
    for (const FunctionParameter& parameter : function.parameters) {
      parameters.push_back(fmt::format("{} : {}", parameter.name, print(parameter.type)));
    }
    out += fmt::format("fn {}({}) : {}\n", function.name, fmt::join(parameters, ", "),
                       print(function.result));
  }
  for (const ExternalFunction& function : program.external.functions) {
    std::vector<std::string> parameters;
    for (const ExternalParameter& parameter : function.parameters) {
      parameters.push_back(type_name(parameter.type));
    }
    out += fmt::format("import {}({}) : {}\n", function.name, fmt::join(parameters, ", "),
                       type_name(function.result));
  }
  return out;
}

std::string print_variables(const TypedProgram& program) {
  std::string out;
  for (const TypedProbe& probe : program.probes) {
    const std::string variables = print_variables(probe);
    if (!variables.empty()) out += fmt::format("program {}\n{}", probe.name, variables);
  }
  for (const MapPlan& map : program.maps) out += print_map(map);
  return out;
}

std::string print_programs(const TypedProgram& program) {
  std::string out;
  for (const TypedProbe& probe : program.probes) {
    out += print_targets(probe);
    if (!probe.source) continue;
    out += print(*probe.source, [&](const Expr& expr) { return type_note(probe, expr); });
  }
  for (const EventPlan& event : program.events) out += print_event(program, event);
  return out;
}

std::string print_typed(const TypedProgram& program) {
  std::string out;
  for (const TypedProbe& probe : program.probes) {
    out += print_targets(probe) + print_variables(probe);
  }
  for (const MapPlan& map : program.maps) out += print_map(map);
  for (const EventPlan& event : program.events) out += print_event(program, event);
  return out;
}

}  // namespace gimlet::ast
