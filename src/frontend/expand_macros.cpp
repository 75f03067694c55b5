#include "frontend/expand_macros.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <type_traits>
#include <utility>

#include "ast/builtin.h"
#include "ast/clone.h"
#include "ast/walk.h"
#include "frontend/macro_table.h"

namespace gimlet::frontend {

using namespace ast;
namespace {

// What one use of a macro may become. Macros that use others twice grow by powers of two.
constexpr NodeId kMostNodes = 20'000;
// Levels of the expanded tree: later stages recurse.
constexpr uint32_t kMaxNesting = 1000;

// One use of a macro: what its parameters stand for, and where it was used from.
struct Frame {
  const Macro* macro = nullptr;  // null: a C macro
  std::string c_name;
  std::span<const ExprPtr> arguments;
  std::set<std::string> own;
  uint32_t expansion = 0;
  const Frame* caller = nullptr;
  SourceRange use;

  std::optional<size_t> parameter(const std::string& name) const {
    if (!macro) return std::nullopt;
    for (size_t i = 0; i < macro->parameters.size(); i++) {
      if (macro->parameters[i].name == name) return i;
    }
    return std::nullopt;
  }
  std::string name() const { return macro ? macro->name : c_name; }
};

// Copies a body and expands what it uses. Arguments are copied as if they stood where the call
// does: in the frame of the caller.
class Expander : public Cloner {
 public:
  Expander(Program& program, base::SourceSet& sources, const MacroTable& table, MacroSource& others,
           base::Diagnostics& diagnostics)
      : Cloner(program.node_count),
        sources_(sources),
        table_(table),
        others_(others),
        diagnostics_(diagnostics) {}

 private:
  template <typename Code>
  std::invoke_result_t<Code> in_caller(Code code) {
    const Frame* inner = frame_;
    frame_ = inner->caller;
    auto result = code();
    frame_ = inner;
    return result;
  }

  SourceRange place(SourceRange range) override {
    if (frame_) range.expansion = frame_->expansion;
    return range;
  }

  Variable copy(const Variable& variable) override {
    if (!frame_) return variable;
    if (auto index = frame_->parameter(variable.name)) {
      const auto& argument = std::get<Variable>(frame_->arguments[*index]->node);
      return in_caller([&] { return copy(argument); });
    }
    if (frame_->own.contains(variable.name)) return {variable.name, frame_->expansion};
    return in_caller([&] { return copy(variable); });
  }

  std::string map_name(const std::string& name) override {
    auto index = frame_ ? frame_->parameter(name) : std::nullopt;
    if (!index) return name;
    const auto& argument = std::get<MapAccess>(frame_->arguments[*index]->node);
    return in_caller([&] { return map_name(argument.name); });
  }

  // A field that offsetof() asks for can be an argument, too: `member` or `outer.inner`.
  std::vector<std::string> path(const std::vector<std::string>& fields) override {
    std::vector<std::string> result;
    for (const std::string& field : fields) {
      auto index = frame_ ? frame_->parameter(field) : std::nullopt;
      if (index) {
        append_fields(result, *frame_->arguments[*index]);
      } else {
        result.push_back(field);
      }
    }
    return result;
  }
  void append_fields(std::vector<std::string>& path, const Expr& argument) {
    if (auto* name = std::get_if<Identifier>(&argument.node)) path.push_back(name->name);
    if (auto* access = std::get_if<FieldAccess>(&argument.node)) {
      append_fields(path, *access->base);
      path.push_back(access->field);
    }
  }

  ExprPtr replace(const Expr& expr) override {
    if (is_too_much()) return std::make_unique<Expr>(Expr{new_id(), expr.range, IntegerLiteral{}});
    if (auto* name = std::get_if<Identifier>(&expr.node)) return replace_name(expr, name->name);
    if (auto* call = std::get_if<Call>(&expr.node)) {
      return replace_call(expr, call->name, call->arguments);
    }
    return nullptr;
  }

  // The rest of a use that is nested too deeply, or grows too large, is left out.
  bool is_too_much() {
    if (!use_) return false;
    const bool large = made() - before_use_ > kMostNodes;
    if (!large && depth() - depth_of_use_ <= kMaxNesting) return false;
    if (!std::exchange(gave_up_, true)) {
      diagnostics_.error(
          *use_, large ? fmt::format("This macro expands to more than {} expressions", kMostNodes)
                       : "nesting is too deep");
    }
    return true;
  }

  // Copies a macro's body. The outermost of the uses around is the one that is measured.
  template <typename Body>
  Body copy_body(const Expr& use, const Frame& frame, const Body& body) {
    const bool outermost = !use_;
    if (outermost) {
      use_ = use.range;
      before_use_ = made();
      depth_of_use_ = depth();
      gave_up_ = false;
    }
    const Frame* caller = frame_;
    frame_ = &frame;
    Body result = clone(body);
    frame_ = caller;
    if (outermost) use_.reset();
    return result;
  }

  ExprPtr replace_name(const Expr& expr, const std::string& name) {
    if (auto index = frame_ ? frame_->parameter(name) : std::nullopt) {
      return argument_value(frame_->arguments[*index]);
    }
    if (ExprPtr expanded = replace_call(expr, name, {})) return expanded;
    if (is_parser_name(name)) return nullptr;
    return replace_c_macro(expr, name);
  }

  static bool is_parser_name(const std::string& name) {
    const Builtin* row = find_builtin(name);
    return row && row->form != BuiltinForm::Function;
  }

  // A bare variable or map is passed as a value: the body cannot change it.
  ExprPtr argument_value(const ExprPtr& argument) {
    return in_caller([&]() -> ExprPtr {
      ExprPtr value = clone(argument);
      auto* map = std::get_if<MapAccess>(&value->node);
      bool bare = std::holds_alternative<Variable>(value->node) || (map && map->keys.empty());
      if (!bare) return value;
      SourceRange range = value->range;
      Block block{range, {}, std::move(value)};
      return std::make_unique<Expr>(Expr{new_id(), range, BlockExpr{std::move(block)}});
    });
  }

  std::optional<TypeSpec> replace(const TypeSpec& spec) override {
    auto index = frame_ && !spec.of ? frame_->parameter(spec.name) : std::nullopt;
    if (!index) return std::nullopt;
    const auto* type = std::get_if<TypeArgument>(&frame_->arguments[*index]->node);
    if (!type) {
      diagnostics_.error(place(spec.range), fmt::format("Invalid replacement for macro: {} is not "
                                                        "a type",
                                                        spec.name));
      return std::nullopt;
    }
    TypeSpec result = in_caller([&] { return clone(type->type); });
    result.suffixes.insert(result.suffixes.end(), spec.suffixes.begin(), spec.suffixes.end());
    return result;
  }

  std::optional<TypeOrExpr> replace(const TypeOrExpr& of) override {
    bool name_only =
        of.type && !of.type->of && of.type->suffixes.empty() && of.type->tag == TypeSpec::Tag::None;
    if (!name_only) return std::nullopt;
    auto index = frame_ ? frame_->parameter(of.type->name) : std::nullopt;
    if (!index) return std::nullopt;
    const ExprPtr& argument = frame_->arguments[*index];
    if (std::holds_alternative<TypeArgument>(argument->node)) return std::nullopt;
    return TypeOrExpr{nullptr, in_caller([&] { return clone(argument); })};
  }

  ExprPtr replace_call(const Expr& expr, const std::string& name,
                       std::span<const ExprPtr> arguments) {
    bool from_library = frame_ && frame_->macro && frame_->macro->library;
    std::vector<const Macro*> candidates = table_.candidates(name, from_library);
    if (candidates.empty()) return nullptr;
    for (const Macro* macro : candidates) {
      if (matches(*macro, arguments)) return expand(expr, *macro, arguments);
    }
    bool is_name = std::holds_alternative<Identifier>(expr.node);
    if (is_name || find_builtin(name)) return nullptr;
    diagnostics_
        .error(place(expr.range),
               fmt::format("Call to {}() has arguments that do not match any definition.", name))
        .note(candidates[0]->name_range, explain_mismatch(name, candidates, arguments));
    return nullptr;
  }

  // What a C macro stands for has no place that the user knows; the use of the outermost one has.
  SourceRange use_in_script(const Expr& expr) {
    SourceRange range = place(expr.range);
    for (const Frame* frame = frame_; frame && !frame->macro; frame = frame->caller) {
      range = frame->use;
    }
    return range;
  }

  ExprPtr expand(const Expr& expr, const Macro& macro, std::span<const ExprPtr> arguments) {
    if (is_recursive(
            expr, macro.name, [&](const Frame& f) { return f.macro == &macro; },
            "Recursive macro call detected. Call chain: ")) {
      return nullptr;
    }
    Frame frame{&macro,
                "",
                arguments,
                own_variables(macro),
                sources_.add_expansion(place(expr.range)),
                frame_,
                place(expr.range)};
    Block body = copy_body(expr, frame, macro.body);
    return std::make_unique<Expr>(Expr{new_id(), place(expr.range), BlockExpr{std::move(body)}});
  }

  ExprPtr replace_c_macro(const Expr& expr, const std::string& name) {
    auto replacement = others_.c_macro(name);
    if (!replacement) return nullptr;
    if (!replacement->expression) {
      diagnostics_.error(
          use_in_script(expr),
          fmt::format("unable to expand macro as an expression: {}", replacement->text));
      return nullptr;
    }
    for (const Frame* frame = frame_; frame; frame = frame->caller) {
      if (frame->macro || frame->c_name != name) continue;
      diagnostics_.error(use_in_script(expr), fmt::format("Macro recursion: {}", name));
      return nullptr;
    }
    Frame frame{nullptr,          name, {}, {}, sources_.add_expansion(place(expr.range)), frame_,
                place(expr.range)};
    return copy_body(expr, frame, *replacement->expression);
  }

  template <typename Same>
  bool is_recursive(const Expr& expr, const std::string& name, Same same, const char* message) {
    std::vector<std::string> chain{name};
    for (const Frame* frame = frame_; frame; frame = frame->caller) {
      chain.push_back(frame->name());
      if (!same(*frame)) continue;
      std::reverse(chain.begin(), chain.end());
      diagnostics_.error(place(expr.range), fmt::format("{}{}", message, fmt::join(chain, " > ")));
      return true;
    }
    return false;
  }

  base::SourceSet& sources_;
  const MacroTable& table_;
  MacroSource& others_;
  base::Diagnostics& diagnostics_;
  const Frame* frame_ = nullptr;

  std::optional<SourceRange> use_;  // the outermost use that is being expanded
  NodeId before_use_ = 0;           // nodes made before it
  uint32_t depth_of_use_ = 0;
  bool gave_up_ = false;            // and have said so
};

// Whether a tree names anything that is a macro. Most do not, and are left as they are.
class UseCheck {
 public:
  UseCheck(const MacroTable& table, MacroSource& others) : table_(table), others_(others) {}

  bool uses_macros(const Probe& probe) {
    bool found = false;
    for_each_expression(probe, [&](const Expr& expr) { found = found || is_use(expr); });
    return found;
  }
  bool uses_macros(const Block& block) {
    bool found = false;
    for_each_expression(block, [&](const Expr& expr) { found = found || is_use(expr); });
    return found;
  }

 private:
  bool is_use(const Expr& expr) {
    if (auto* call = std::get_if<Call>(&expr.node)) {
      return !table_.candidates(call->name, false).empty();
    }
    auto* name = std::get_if<Identifier>(&expr.node);
    if (!name) return false;
    if (!table_.candidates(name->name, false).empty()) return true;
    return !find_builtin(name->name) && others_.c_macro(name->name).has_value();
  }

  const MacroTable& table_;
  MacroSource& others_;
};

}  // namespace

void expand_macros(Program& program, base::SourceSet& sources, MacroSource& others,
                   base::Diagnostics& diagnostics) {
  MacroTable table(program, others);
  table.check_definitions(diagnostics);
  if (diagnostics.has_errors()) return;
  UseCheck check(table, others);
  Expander expander(program, sources, table, others, diagnostics);
  for (Probe& probe : program.probes) {
    if (!check.uses_macros(probe)) continue;
    probe.predicate = expander.clone(probe.predicate);
    probe.body = expander.clone(probe.body);
  }
  for (Function& function : program.functions) {
    if (check.uses_macros(function.body)) function.body = expander.clone(function.body);
  }
}

}  // namespace gimlet::frontend
