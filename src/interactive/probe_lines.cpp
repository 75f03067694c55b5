#include "interactive/probe_lines.h"

namespace gimlet::interactive {
namespace {

std::string shown_mechanism(const image::ProgramPlan& plan) {
  if (ast::is_run_by_session(plan.provider)) return "session";
  if (plan.mechanism == ast::Mechanism::Native) return ast::provider(plan.provider).name;
  return ast::mechanism_name(plan.mechanism);
}

}  // namespace

std::vector<ProbeLine> probe_lines(const ast::Program& program, const image::Image& image) {
  std::vector<ProbeLine> lines;
  for (const ast::Probe& probe : program.probes) {
    ProbeLine line;
    for (const ast::AttachPoint& point : probe.attach_points) {
      line.attach_points += (line.attach_points.empty() ? "" : ", ") + point.text;
    }
    for (size_t i = 0; i < image.programs.size(); i++) {
      const image::ProgramPlan& plan = image.programs[i];
      if (plan.range != probe.range) continue;
      line.programs.push_back(i);
      line.targets += plan.targets.size();
      line.mechanism = shown_mechanism(plan);
    }
    if (!line.programs.empty()) lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace gimlet::interactive
