// What the passes of semantic analysis know about the whole program while they work.
//
// Types are found by rounds: each round checks every probe with the types that earlier rounds found
// for maps and variables, and widens them where an assignment needs it. Types only ever widen, so
// the rounds end. Only the last round reports mistakes and plans events.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ast/sema/analyze.h"
#include "ast/sema/type_scope.h"
#include "ast/typed_program.h"

namespace gimlet::ast::sema {

// Passes diagnostics on in the last round, and each one only once: the copies of a probe for
// several targets repeat the same mistakes.
class Reporter {
 public:
  explicit Reporter(base::Diagnostics* sink) : sink_(sink) {}

  // Null: nothing is reported.
  void set_sink(base::Diagnostics* sink) { sink_ = sink; }
  base::Diagnostics* sink() const { return sink_; }
  bool active() const { return sink_ != nullptr; }
  size_t error_count() const { return sink_ ? sink_->error_count() : 0; }

  base::Diagnostic& error(SourceRange range, std::string message);
  base::Diagnostic& warning(SourceRange range, std::string message);

 private:
  base::Diagnostic& report(base::Severity severity, SourceRange range, std::string message);

  base::Diagnostics* sink_;
  std::set<std::tuple<uint32_t, uint32_t, uint32_t, uint32_t, std::string>> seen_;
  base::Diagnostic ignored_;
};

struct MapFacts {
  std::string name;
  SourceRange first_use;
  bool keyed = false;
  bool shape_known = false;  // some use showed whether it has keys
  Type key;
  Type value;
  bool read = false;    // some expression reads it
  bool locked = false;  // a compile-time decision rests on its types
  const MapDeclaration* declaration = nullptr;
  bool inherited = false;  // from the Environment: its types must not change
  // Programs that update it, for MapPlan::atomic.
  std::set<size_t> updated_by;
};

// Another mechanism with the same meaning for what a probe is attached to.
struct Substitute {
  Mechanism mechanism = Mechanism::Native;
  std::vector<Place> places;  // one for each target
  bool uses_btf_context = false;
};

struct ProgramFacts {
  const Program& program;
  kernel::Kernel& kernel;
  TypeScope& types;
  const Environment& environment;
  const Options& options;
  Reporter reporter;
  TypedProgram result;
  std::vector<MapFacts> maps;
  std::map<std::string, uint32_t> map_index;
  bool changed = false;  // some type widened in this round
  bool last_round = false;

  // `if comptime` conditions (by probe and node), decided one after the other when the types that
  // they may ask for have settled.
  std::map<std::pair<size_t, NodeId>, bool> decisions{};
  bool may_decide = false;
  bool decided = false;    // some condition was decided in this round
  bool undecided = false;  // some condition waits

  bool warned_address_space = false;
  // The first operand without a value; a mistake if nothing else has been said about it.
  std::optional<SourceRange> valueless{};

  // By the number of the probe: how it could be brought in instead.
  std::map<size_t, Substitute> substitutes{};

  // Widens `place` so that it also holds `arriving`. False if they are not compatible.
  bool widen(Type& place, const Type& arriving);
  // The map's index in `maps`; a new one takes its types from the environment if it exists there.
  uint32_t map_number(const std::string& name, SourceRange range);
  // Adds to a mistake about the map which earlier program it has its types from, if any.
  void point_at_origin(base::Diagnostic& diagnostic, const MapFacts& map) const;
  size_t error_count() const { return reporter.error_count(); }
};

}  // namespace gimlet::ast::sema
