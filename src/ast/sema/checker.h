// Checker: one round over one TypedProbe. It gives every expression its ExprInfo, widens the types
// of variables and maps, and in the last round reports mistakes and plans events.
//
// The class is one concept in several files: statements (check_statements), literals, names and
// operators (check_operators), memory access and casts (check_access), maps (check_maps), calls
// (check_calls), the typing of each builtin (builtin_types) and events (events).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ast/sema/facts.h"

namespace gimlet::ast::sema {

class Checker {
 public:
  Checker(ProgramFacts& facts, size_t probe_number);

  void check_probe();

  // --- used by the typing functions of builtins ---

  // Checks an expression as a value: castable aggregates read as integers.
  Type check_value(const Expr& expr);
  // The literal an expression folds to, or null after reporting `message`.
  const Constant* want_constant(const Expr& expr);
  // The text of a string literal argument; reports "f() expects a string literal (T provided)".
  const std::string* want_text(const Call& call, size_t argument);
  // The value of a non-negative integer literal argument.
  std::optional<uint64_t> want_number(const Call& call, size_t argument);
  // Checks an argument that must be an integer.
  Type want_integer(const Call& call, size_t argument);
  // Checks an argument that must be a pointer or an integer used as an address.
  Type want_address(const Call& call, size_t argument);
  // The map of a bare `@m` argument; -1 after reporting.
  int32_t want_map(const Call& call, size_t argument);

  const ExprInfo& info(const Expr& expr) const;
  base::Diagnostic& error(SourceRange range, std::string message);
  base::Diagnostic& warning(SourceRange range, std::string message);
  bool last_round() const { return facts_.last_round; }
  ProgramFacts& facts() { return facts_; }
  TypedProbe& probe() { return probe_; }
  const Provider& provider() const { return ast::provider(probe_.provider); }

  // --- events (events.cpp) ---
  // Gives the fields their places in a record and adds the event. Returns its index; 0 before the
  // last round.
  uint32_t add_event(EventKind kind, SourceRange range, std::string format,
                     const std::vector<Type>& fields, int32_t map = -1);
  // printf-like: checks the format against arguments first.. and adds the event.
  uint32_t add_format_event(EventKind kind, const Call& call, SourceRange range, size_t format);
  EventPlan& event(uint32_t index) { return facts_.result.events[index]; }
  // Puts the layouts that are needed to show a value of this type into the result.
  void keep_layouts(const Type& type);

  // --- maps (check_maps.cpp) ---
  // A keyed access, or a bare one: types the key, notes the shape, and gives the map's number.
  uint32_t use_map(const MapAccess& access, SourceRange range);
  // Notes that the map has (or has no) keys. False if an earlier use said otherwise.
  bool note_shape(uint32_t map, bool keyed, SourceRange range);
  // Types `key` as a key of the map.
  void use_key(uint32_t map, const Expr& key);
  Type map_value(uint32_t map) const { return facts_.maps[map].value; }
  // Has the program update the map (for MapPlan::atomic).
  void note_update(uint32_t map) { facts_.maps[map].updated_by.insert(probe_number_); }

 private:
  Type check(const Expr& expr);
  ExprInfo visit(const Expr& expr, const IntegerLiteral& literal);
  ExprInfo visit(const Expr& expr, const StringLiteral& literal);
  ExprInfo visit(const Expr& expr, const BoolLiteral& literal);
  ExprInfo visit(const Expr& expr, const PositionalParameter& parameter);
  ExprInfo visit(const Expr& expr, const ParameterCount& count);
  ExprInfo visit(const Expr& expr, const Identifier& name);
  ExprInfo visit(const Expr& expr, const Variable& variable);
  ExprInfo visit(const Expr& expr, const MapAccess& access);
  ExprInfo visit(const Expr& expr, const Call& call);
  ExprInfo visit(const Expr& expr, const Unary& unary);
  ExprInfo visit(const Expr& expr, const Step& step);
  ExprInfo visit(const Expr& expr, const Binary& binary);
  ExprInfo visit(const Expr& expr, const Ternary& ternary);
  ExprInfo visit(const Expr& expr, const FieldAccess& access);
  ExprInfo visit(const Expr& expr, const TupleAccess& access);
  ExprInfo visit(const Expr& expr, const Index& access);
  ExprInfo visit(const Expr& expr, const Cast& cast);
  ExprInfo visit(const Expr& expr, const Tuple& tuple);

  void check_block(const Block& block);
  bool check_statement(const Stmt& statement);  // true if nothing after it can run
  void visit(const Stmt& statement, const ExpressionStatement& node);
  void visit(const Stmt& statement, const Assignment& node);
  void visit(const Stmt& statement, const Let& node);
  void visit(const Stmt& statement, const If& node);
  void visit(const Stmt& statement, const Return& node);
  void visit(const Stmt& statement, const Scope& node);
  void visit(const Stmt& statement, const Discard& node);
  void check_condition(const Expr& condition);
  void assign_variable(const Expr& target, const Variable& variable, const Expr& value);
  void assign_map(const Expr& target, const MapAccess& access, const Expr& value);
  void assign_aggregate(const Expr& target, const MapAccess& access, const Expr& value,
                        const Call& call, const Builtin& row);
  void check_compound(const Stmt& statement, const Assignment& node);
  void store_map(uint32_t map, const Type& type, const Expr& value);

  // variables
  struct Declared {
    uint32_t slot = 0;
    SourceRange range;
    bool assigned = false;
    bool used = false;
    bool typed = false;  // `let $x: T`
  };
  Declared* find_variable(const std::string& name);
  Declared& declare(const std::string& name, SourceRange range);
  Type& variable_type(const Declared& declared) { return probe_.variables[declared.slot].type; }
  void warn_unassigned();

  // operators
  ExprInfo binary_integers(const Expr& expr, const Binary& binary, const Type& left,
                           const Type& right);
  std::optional<ExprInfo> binary_pointers(const Binary& binary, const Type& left,
                                          const Type& right);
  ExprInfo binary_equality(const Expr& expr, const Binary& binary, const Type& left,
                           const Type& right);
  ExprInfo mismatch(const Binary& binary, const Type& left, const Type& right);
  std::optional<ExprInfo> folded(const Expr& expr, const Binary& binary);

  // access and casts
  Type resolve(const TypeSpec& spec);
  Type resolve_name(const TypeSpec& spec);
  void unknown_struct(SourceRange range, const std::string& tagged);
  const StructLayout* layout_of(const Type& type);
  ExprInfo field_of(const Expr& expr, const FieldAccess& access, const Type& base);
  ExprInfo context_field(const FieldAccess& access);
  void unknown_field(const FieldAccess& access, const StructLayout& layout);
  ExprInfo cast_to(const Cast& cast, const Expr& expr, const Type& target, const Type& from);
  void check_index(const Expr& index, const Type& type);

  // calls
  ExprInfo use_builtin(const Expr& expr, const Builtin& row, const std::string& name,
                       const Call* call);
  bool check_argument_count(const Expr& expr, const Builtin& row, size_t count);
  bool check_offered(SourceRange range, const Builtin& row, const std::string& name);

  ProgramFacts& facts_;
  TypedProbe& probe_;
  size_t probe_number_;
  std::vector<std::map<std::string, Declared>> scopes_;
  uint32_t next_variable_ = 0;
};

// Typing of one builtin: the arguments of `call` (null when it is used as a bare name) are checked,
// and the info of the whole expression is returned. One function per row of the builtin table.
using TypeBuiltin = ExprInfo (*)(Checker&, const Expr& expr, const Builtin& row, const Call* call);
TypeBuiltin builtin_typing(BuiltinId id);

}  // namespace gimlet::ast::sema
