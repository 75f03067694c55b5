// Attach points of tracepoint and rawtracepoint (probes-and-stdlib B2.7, B2.8).

#include <fmt/format.h>

#include "ast/sema/expand.h"
#include "ast/walk.h"
#include "base/glob.h"
#include "base/suggest.h"

namespace gimlet::ast::sema {
namespace {

void add_tracepoint(ExpandContext& context, Expansion& expansion, const std::string& category,
                    const std::string& event) {
  Match match;
  match.target = {ProviderId::Tracepoint, fmt::format("tracepoint:{}:{}", category, event),
                  TracepointTarget{category, event}};
  if (mentions(context.probe, "args")) {
    auto layout = context.facts.kernel.tracepoint_format(category, event);
    if (!layout) {
      context.error(context.point.range, layout.error().message).hint(layout.error().hint);
      return;
    }
    match.context = std::move(*layout);
    match.context->name = fmt::format("args:{}:{}", category, event);
  }
  match.substitute = raw_tracepoint_for(context, category, event);
  expansion.matches.push_back(std::move(match));
}

// Says why a tracepoint cannot be used: no tracefs, no rights, or no such event.
void report_unknown_tracepoint(ExpandContext& context, const std::string& name) {
  auto all = context.facts.kernel.tracepoints();
  if (!all) {
    context.error(context.point.range, all.error().message).hint(all.error().hint);
    return;
  }
  auto& report =
      context.missing(context.point.range, fmt::format("No matches for tracepoint {}.", name));
  if (auto near = base::nearest(name, *all)) {
    report.hint(fmt::format("Did you mean {}?", *near));
    return;
  }
  // The event may be right and only the category wrong.
  std::string event = name.substr(name.find(':'));
  for (const std::string& candidate : *all) {
    if (!candidate.ends_with(event)) continue;
    report.hint(fmt::format("Did you mean {}?", candidate));
    return;
  }
}

// comm(PID) looks the task up in the kernel.
bool asks_for_names(const Probe& probe) {
  bool found = false;
  for_each_expression(probe, [&](const Expr& expr) {
    const auto* call = std::get_if<Call>(&expr.node);
    found = found || (call && call->name == "comm" && !call->arguments.empty());
  });
  return found;
}

void add_rawtracepoint(ExpandContext& context, Expansion& expansion,
                       const kernel::RawTracepoint& found) {
  Match match;
  // Only programs that know the types of the event may call functions of the kernel.
  match.uses_btf_context =
      mentions(context.probe, "args") || (found.btf_id != 0 && asks_for_names(context.probe));
  match.target = {
      ProviderId::RawTracepoint, fmt::format("rawtracepoint:{}:{}", found.module, found.event),
      RawTracepointTarget{found.module, found.event, match.uses_btf_context ? found.btf_id : 0}};
  if (match.uses_btf_context) {
    StructLayout layout;
    layout.name = fmt::format("args:rawtracepoint:{}", found.event);
    for (size_t i = 0; i < found.parameters.size(); i++) {
      Field field;
      field.name = found.parameters[i].name;
      field.type = found.parameters[i].type;
      field.offset = static_cast<uint32_t>(8 * i);
      layout.fields.push_back(std::move(field));
    }
    layout.size = static_cast<uint32_t>(8 * found.parameters.size());
    match.context = std::move(layout);
  }
  expansion.matches.push_back(std::move(match));
}

// An event that is looked for in all modules is a pattern of them: where none has it, the attach
// point stands for nothing, which is a mistake only if the probe has no other one.
void report_unknown_rawtracepoint(ExpandContext& context, const std::string& shown,
                                  bool any_module) {
  if (any_module && missing_policy(context.facts) == MissingProbes::Ignore) return;
  const std::string message = fmt::format("No matches for rawtracepoint {}.", shown);
  auto& report = any_module
                     ? context.facts.reporter.warning(context.point.range, message + " Skipping.")
                     : context.missing(context.point.range, message);
  std::vector<std::string> events;
  for (const std::string& name : context.facts.kernel.raw_tracepoints()) {
    events.push_back(name.substr(name.find(':') + 1));
  }
  if (auto near = base::nearest(shown.substr(shown.find(':') + 1), events)) {
    report.hint(fmt::format("Did you mean {}?", *near));
  }
}

}  // namespace

void expand_tracepoint(ExpandContext& context, Expansion& expansion) {
  bool only_pattern = context.parts.size() == 1 && context.is_pattern(0);
  if (!only_pattern && !context.check_part_count(2, 2)) return;
  std::string category = only_pattern ? "*" : context.parts[0].text;
  std::string event = only_pattern ? context.parts[0].text : context.parts[1].text;
  if (category.empty() || event.empty()) {
    context.error(context.point.range, "tracepoint probe must have a target");
    return;
  }
  std::string pattern = category + ":" + event;
  bool wild = only_pattern || context.is_pattern(0) || context.is_pattern(1);
  if (!wild) {
    if (context.facts.kernel.tracepoint_exists(category, event)) {
      add_tracepoint(context, expansion, category, event);
    } else {
      report_unknown_tracepoint(context, pattern);
    }
    return;
  }
  auto all = context.facts.kernel.tracepoints();
  if (!all) {
    context.error(context.point.range, all.error().message).hint(all.error().hint);
    return;
  }
  for (const std::string& name : *all) {
    if (!base::glob_matches(pattern, name)) continue;
    size_t colon = name.find(':');
    add_tracepoint(context, expansion, name.substr(0, colon), name.substr(colon + 1));
  }
}

void expand_rawtracepoint(ExpandContext& context, Expansion& expansion) {
  if (!context.check_part_count(1, 2)) return;
  size_t last = context.parts.size() - 1;
  std::string event = context.parts[last].text;
  std::string module = last == 1 ? context.parts[0].text : "*";
  if (event.empty()) {
    context.error(context.point.range, "rawtracepoint should be attached to a function");
    return;
  }
  kernel::Kernel& kernel = context.facts.kernel;
  if (!kernel.has_btf()) {
    context.error(context.point.range,
                  "rawtracepoints require kernel BTF. Try using a 'tracepoint' instead.");
    return;
  }
  if (!context.is_pattern(last)) {
    const bool any_module = last == 0 || context.is_pattern(0);
    auto found = kernel.raw_tracepoint(event);
    if (found && base::glob_matches(module, found->module)) {
      add_rawtracepoint(context, expansion, *found);
    } else {
      report_unknown_rawtracepoint(context, any_module ? event : module + ":" + event, any_module);
    }
    return;
  }
  for (const std::string& name : kernel.raw_tracepoints()) {
    if (!base::glob_matches(module + ":" + event, name)) continue;
    if (auto found = kernel.raw_tracepoint(name.substr(name.find(':') + 1))) {
      add_rawtracepoint(context, expansion, *found);
    }
  }
}

}  // namespace gimlet::ast::sema
