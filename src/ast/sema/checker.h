// Checker: one round over one TypedProbe. It gives every expression its ExprInfo, widens the types
// of variables and maps, and in the last round reports mistakes and plans events.
//
// The class is one concept in several files: statements and variables (check_statements), blocks,
// branches and loops (check_control), literals and operators (check_operators, check_binary),
// memory access (check_access), written types and what asks for types (check_types), casts
// (check_casts), tuples and records (check_tuples), maps (check_maps), calls (check_calls,
// check_external), the typing of each builtin (builtin_types) and events (events).
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "ast/sema/facts.h"

namespace gimlet::ast::sema {

class Checker {
 public:
  Checker(ProgramFacts& facts, size_t probe_number);

  void check_probe();
  // The body of an `fn`: as a probe of no provider that may return values of its type.
  void check_function(const Function& function);

  // --- used by the typing functions of builtins ---

  // Checks an expression as a value: castable aggregates read as integers.
  Type check_value(const Expr& expr);
  // Something is done with the value of an expression: it must have one.
  void note_operand(const Expr& expr, const Type& type);
  // What is kept in buckets can be shown as a whole only.
  void refuse_single_entry(const Expr& expr, const Type& type);
  // As check_value(), where an expression may have no value.
  Type check_result(const Expr& expr);
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
  // Reports a builtin that this probe does not offer what it needs (a set of Offers).
  bool check_offered(SourceRange range, const Builtin& row, const std::string& name,
                     uint32_t needs);
  // The layout of a structure, null for any other type.
  const StructLayout* layout_of(const Type& type);
  // The pointer with the size of what it leads to, by which steps are scaled.
  Type sized_pointer(const Type& pointer);
  // The map of a bare `@m` argument; -1 after reporting.
  int32_t want_map(const Call& call, size_t argument);

  const ExprInfo& info(const Expr& expr) const;
  base::Diagnostic& error(SourceRange range, std::string message);
  base::Diagnostic& warning(SourceRange range, std::string message);
  bool last_round() const { return facts_.last_round; }
  ProgramFacts& facts() { return facts_; }
  TypedProbe& probe() { return probe_; }
  const Provider& provider() const { return ast::provider(probe_.provider); }
  // Reports a name that cannot be used inside a `for`, whose body is a function of its own.
  bool check_outside_loop(SourceRange range, const std::string& name);
  // Notes that memory behind a pointer-like value is read.
  void note_read(const Type& pointer, SourceRange range);
  // Reports or warns of an unstable feature, once. False if it may not be used.
  bool check_unstable(const UnstableFeature& feature, SourceRange use);
  // A variable that was declared before is given a value by other means than an assignment. False
  // if there is no such variable.
  bool assign_declared(const Expr& target, const Type& value);
  bool in_unevaluated() const { return unevaluated_ > 0; }
  bool in_for_loop() const { return for_loops_ > 0; }
  bool in_loop() const { return loops_ > 0; }

  // --- events (events.cpp) ---
  // Gives the fields their places in a record and adds the event. Returns its index; 0 before the
  // last round.
  uint32_t add_event(EventKind kind, SourceRange range, std::string format,
                     const std::vector<Type>& fields, int32_t map = -1);
  // An event that only keeps a text, for values that name it by its index. Equal texts share one,
  // so that values of equal meaning have equal bytes wherever they were made.
  uint32_t add_text_event(EventKind kind, SourceRange range, const std::string& text);
  // printf-like: checks the format against arguments first.. and adds the event.
  uint32_t add_format_event(EventKind kind, const Call& call, SourceRange range, size_t format);
  // Whether arguments of these types, behind the format, are what it wants; says what is wrong.
  bool check_format(const Call& call, SourceRange range, size_t format_argument,
                    const std::string& format, const std::vector<Type>& types);
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
  // Values can be shown only so far as they are decoded.
  void check_depth(const Type& type, SourceRange range);
  Type map_value(uint32_t map) const { return facts_.maps[map].value; }
  // Has the program update the map (for MapPlan::atomic).
  void note_update(uint32_t map) { facts_.maps[map].updated_by.insert(probe_number_); }

  // The user program that the probe is attached to; empty if there is none.
  std::string traced_program() const;
  // The type that `args` as a whole has in a uprobe: its fields behind each other.
  Type arguments_structure(const StructLayout& context);

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
  ExprInfo visit(const Expr& expr, const Record& record);
  ExprInfo visit(const Expr& expr, const If& node);
  ExprInfo visit(const Expr& expr, const BlockExpr& node);
  ExprInfo visit(const Expr& expr, const SizeOf& node);
  ExprInfo visit(const Expr& expr, const OffsetOf& node);
  ExprInfo visit(const Expr& expr, const TypeInfo& node);
  ExprInfo visit(const Expr& expr, const TypeArgument& node);
  ExprInfo visit(const Expr& expr, const Comptime& node);

  // Gives the type of the block's value: kind None without one, Void behind a jump.
  Type check_block(const Block& block);
  bool check_statement(const Stmt& statement);  // true if nothing after it can run
  void visit(const Stmt& statement, const ExpressionStatement& node);
  void visit(const Stmt& statement, const Assignment& node);
  void visit(const Stmt& statement, const Let& node);
  void visit(const Stmt& statement, const While& node);
  void visit(const Stmt& statement, const Unroll& node);
  void visit(const Stmt& statement, const For& node);
  void visit(const Stmt& statement, const Jump& node);
  void visit(const Stmt& statement, const Return& node);
  void visit(const Stmt& statement, const Discard& node);
  void visit(const Stmt& statement, const ImportStatement& node);
  void check_condition(const Expr& condition);
  void check_function_return(const Stmt& statement, const Type& type);
  bool ends(const Stmt& statement) const;
  bool ends(const Block& block) const;
  Type over_map(const For& node);
  Type over_range(const For& node);
  // Which branch an `if comptime` takes; nothing while that cannot be said yet.
  std::optional<bool> decide(const Expr& expr, const Expr& condition);
  ExprInfo join_branches(const Expr& expr, const Type& left, const Type& right);
  void assign_variable(const Expr& target, const Variable& variable, const Expr& value);
  void assign_map(const Expr& target, const MapAccess& access, const Expr& value);
  void assign_aggregate(const Expr& target, const MapAccess& access, const Expr& value,
                        const Expr& call);
  bool is_assigned_aggregate(const Expr& value) const;
  // Whether a value is the program's context, or has it inside.
  bool holds_context(const Expr& value) const;
  // `target`, of type `pointer`, is moved by a number of elements.
  ExprInfo pointer_step(const Expr& target, const Type& pointer);
  void check_compound(const Stmt& statement, const Assignment& node);
  // A value of the type that stands at `range`; `constant` is its value if that is known.
  void store_map(uint32_t map, const Type& type, SourceRange range, const Constant* constant);
  void store_variable(const Expr& target, const Variable& variable, const Type& type,
                      SourceRange range, const Constant* constant);

  // variables
  struct Declared {
    uint32_t slot = 0;
    SourceRange range;
    bool assigned = false;
    bool used = false;
    bool by_let = false;
    bool typed = false;  // `let $x: T`
    bool grows = false;  // `let $x: string`: of that kind, at any size
  };
  // Variables are known by their name and the macro expansion that they belong to.
  using VariableKey = std::pair<std::string, uint32_t>;
  Declared* find_variable(const Variable& variable);
  Declared& declare(const Variable& variable, SourceRange range);
  void declare_type(Declared& declared, const TypeSpec& spec);
  // Whether the variable can be given a value of the type; widens its own type if need be.
  bool accept(const Declared& declared, const Type& type);
  base::Diagnostic& refuse_value(SourceRange range, const std::string& name, const Type& type,
                                 const Type& stored);
  // Whether an integer fits where it is stored; warns of casts that may change it.
  bool check_stored(SourceRange range, const Constant* constant, const Type& type,
                    const Type& stored);
  const Constant* constant_of(const Expr& expr) const;
  void check_unevaluated_store(const Expr& target);
  Type& variable_type(const Declared& declared) { return probe_.variables[declared.slot].type; }
  void warn_unassigned();

  // operators: `a op b` and `a op= b`, whose operands have been checked
  struct Operation {
    BinaryOp op;
    SourceRange range;
    SourceRange op_range;
    const Expr& left_operand;
    const Expr& right_operand;
    Type left;
    Type right;
  };
  ExprInfo operate(const Operation& operation);
  ExprInfo binary_integers(const Operation& operation);
  std::optional<ExprInfo> binary_pointers(const Operation& operation);
  ExprInfo binary_equality(const Operation& operation);
  ExprInfo address_of(const Expr& expr, const Expr& operand);
  ExprInfo mismatch(const Operation& operation);
  void warn_implicit_cast(const Expr& expr, const Type& from, const Type& to);
  void warn_of_cast(SourceRange range, const Type& from, const Type& to);
  std::optional<ExprInfo> folded(const Operation& operation);

  // types, access and casts
  Type resolve(const TypeSpec& spec);
  Type resolve_name(const TypeSpec& spec);
  Type array_type(const TypeSpec& spec, Type element, uint64_t length);
  // The type of an operand of sizeof and its kin, which is never run.
  Type type_of(const TypeOrExpr& operand);
  // As type_of(), where the answer is wanted: reports what has no type.
  Type known_type_of(const TypeOrExpr& operand);
  // The literal that an element of a literal tuple or record is.
  const Constant* literal_element(const Expr& base, size_t index) const;
  std::optional<bool> literals_equal(const Expr& left, const Expr& right) const;
  ExprInfo element(const Expr& base, const Type& type, size_t index);
  ExprInfo record_field(const Expr& base, const FieldAccess& access, const Type& type);
  ExprInfo string_element(const Expr& base, const Type& type, const IntegerConstant* literal,
                          const Expr& index);
  bool fix_array(const Cast& cast, const Type& from, Type& target);
  void unknown_struct(SourceRange range, const std::string& tagged);
  ExprInfo field_of(const Expr& expr, const FieldAccess& access, const Type& base);
  ExprInfo context_field(const FieldAccess& access);
  void unknown_field(const FieldAccess& access, const StructLayout& layout);
  void unreadable_field(const FieldAccess& access, const Field& field);
  ExprInfo cast_to(const Cast& cast, const Expr& expr, const Type& target, const Type& from);
  void check_index(const Expr& index, const Type& type);

  // calls
  ExprInfo use_builtin(const Expr& expr, const Builtin& row, const std::string& name,
                       const Call* call);
  ExprInfo call_external(const Expr& expr, const Call& call, uint32_t number);
  void check_external_argument(const Expr& argument, const ExternalParameter& parameter,
                               size_t number);
  bool is_known_pointee(const Type& type);
  bool check_argument_count(const Expr& expr, const Builtin& row, size_t count);
  bool check_offered(SourceRange range, const Builtin& row, const std::string& name);
  void check_marker_argument(SourceRange range, uint32_t index);

  ProgramFacts& facts_;
  TypedProbe& probe_;
  size_t probe_number_;
  std::vector<std::map<VariableKey, Declared>> scopes_;
  uint32_t next_variable_ = 0;
  std::set<uint32_t> contexts_;  // variables that were given the program's context
  uint64_t copies_ = 1;          // how often the statement that is checked is unrolled
  uint32_t loops_ = 0;           // loops around the statement that is checked
  uint32_t for_loops_ = 0;       // those of them that are `for`
  uint32_t unevaluated_ = 0;     // operands of sizeof and its kin around the expression
  bool locking_ = false;  // in a compile-time condition: types that are asked for become final
  const Function* function_ = nullptr;
  const Expr* aggregate_ = nullptr;    // the call that a map is assigned, where one may stand
  std::optional<bool> returns_value_;  // in `for` loops of this probe
};

// Typing of one builtin: the arguments of `call` (null when it is used as a bare name) are checked,
// and the info of the whole expression is returned. One function per row of the builtin table.
using TypeBuiltin = ExprInfo (*)(Checker&, const Expr& expr, const Builtin& row, const Call* call);
TypeBuiltin builtin_typing(BuiltinId id);

}  // namespace gimlet::ast::sema
