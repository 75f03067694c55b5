// Lowering: one TypedProbe -> one LLVM function.
//
// The class is one concept in several files: the function's frame (lowering), memory (memory),
// expressions (expressions, choices, access, operators, strings, casts), maps (map_entries,
// aggregations, histograms, time_series, aggregate_reads), events (events), statements and
// variables (statements), loops (loops), iterators and imported functions (external). Each builtin
// is a function of its own in lower_builtins_*.
//
// Shape of a function:
//   entry     allocas; the -p test
//   setup 0   what the predicate needs of per-CPU memory
//   predicate
//   setup 1   what the body needs of per-CPU memory, so that a predicate that says no costs nothing
//   body
//   exit      gives the scratch memory back, returns
#pragma once

#include <llvm/IR/IRBuilder.h>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "ast/typed_program.h"
#include "codegen/helpers.h"
#include "codegen/module.h"
#include "codegen/value.h"

namespace gimlet::codegen {

// The scratch memory of one program inside a CPU's part of the per-CPU area.
struct ScratchRegion {
  uint32_t offset = 0;  // from the start of all scratch memory
  uint32_t size = 0;    // grows while the program is lowered
};

// The first captures of a program (loops.cpp): its context, whether a loop ran into a `return`, and
// with what value.
constexpr uint32_t kSharedContext = 0;
constexpr uint32_t kSharedReturned = 8;
constexpr uint32_t kSharedStatus = 16;

class Lowering {
 public:
  Lowering(ProgramModule& module, const ast::TypedProbe& probe, ScratchRegion& region);

  void lower_probe();

  // --- the frame (lowering.cpp) ---
  llvm::IRBuilder<>& builder() { return b_; }
  ProgramModule& module() { return module_; }
  const ast::TypedProbe& probe() const { return probe_; }
  const ast::Config& config() const { return module_.program().config; }
  llvm::Value* context();
  llvm::ConstantInt* constant(uint64_t value) { return b_.getInt64(value); }
  llvm::IntegerType* integer(uint32_t bytes) { return b_.getIntNTy(8 * bytes); }
  void set_location(base::SourceRange range);
  base::SourceRange location() const { return location_; }
  void fail(base::SourceRange range, const std::string& message) { module_.fail(range, message); }

  llvm::Value* call(Helper helper, std::initializer_list<llvm::Value*> arguments);
  // Calls a function of the kernel (kernel_calls.cpp) by its id in BTF; the result is a pointer or
  // a number.
  llvm::Value* call_kernel(uint32_t function, llvm::Value* argument);
  // A pointer to the kernel's per-CPU variable with that id, for the helpers that want one.
  llvm::Value* percpu_variable(uint32_t id);
  // Hides from LLVM where a value comes from, so that bounds tested on it stay visible to the
  // kernel's verifier.
  llvm::Value* opaque(llvm::Value* value) { return opaque_in(b_, value); }
  static llvm::Value* opaque_in(llvm::IRBuilder<>& builder, llvm::Value* value);
  // 64 bits of zeros that could be anything for all that LLVM and the verifier know.
  llvm::Value* unknown_zero();
  // Hides a number from the verifier, too: afterwards it could be anything.
  llvm::Value* forget(llvm::Value* number);
  // At most `limit`, in a form the verifier can follow.
  llvm::Value* clamp(llvm::Value* value, uint64_t limit);
  llvm::BasicBlock* block(const char* name);
  // Emits code that runs when `condition` (i1) holds, and goes on behind it.
  void when(llvm::Value* condition, const std::function<void()>& code, bool unlikely = false);
  // The same with two sides; each returns an i64.
  llvm::Value* choose(llvm::Value* condition, const std::function<llvm::Value*()>& yes,
                      const std::function<llvm::Value*()>& no);
  // Runs code for 0 <= i < count, with the counter; count must be known to the verifier.
  void repeat(llvm::Value* count, const std::function<void(llvm::Value*)>& code);
  void leave(llvm::Value* status);

  // The number of this CPU, masked; the start of its part of the per-CPU area. Set up once.
  llvm::Value* cpu();
  llvm::Value* area();
  // The same for code that rarely runs: nothing is set up ahead for it.
  llvm::Value* area_here();
  llvm::Value* cpu_count();

  // Uninitialised memory until the end of the statement: on the stack, or in scratch memory when
  // large. `lasting` is for variables: outside statements, until the end of the program.
  Address allocate(uint32_t size, bool lasting = false);
  // On the stack in any case: what helpers take from nowhere else.
  Address allocate_on_stack(uint32_t size);
  // process id << 32 | thread id, in gimlet's own PID namespace or the initial one.
  // `warn`: say at run time that the task is not visible there.
  llvm::Value* process_and_thread(bool initial_namespace, bool warn = false);
  // argN of a usdt probe (usdt_arguments.cpp).
  llvm::Value* marker_argument(uint32_t index);
  // The ELF address of the location that a usdt probe fired at.
  llvm::Value* marker_address();
  Address allocate_scratch(uint32_t size);

  // --- memory (memory.cpp) ---
  llvm::Value* pointer(const Address& address);
  llvm::Value* load(const Address& address, uint32_t bytes, bool is_volatile = false);
  void store(llvm::Value* value, const Address& address, uint32_t bytes);
  // A word that a trampoline hands over, as a plain number: a parameter, or the result if none.
  llvm::Value* function_word(std::optional<uint32_t> parameter);
  llvm::Value* load_word(const Address& address) { return load(address, 8); }
  // Extends an iN to i64 by the sign of the type.
  llvm::Value* extend(llvm::Value* value, const ast::Type& type);
  void zero(const Address& to, uint32_t size);
  void copy(const Address& to, const Value& from, uint32_t size);
  // The address as a number, whatever the place.
  llvm::Value* address_of(const Value& value);
  // Reads with the helper of the value's place. Returns the helper's result.
  llvm::Value* probe_read(const Address& to, llvm::Value* size, const Value& from);
  llvm::Value* probe_read_string(const Address& to, llvm::Value* size, Place place,
                                 llvm::Value* address);
  // The value of a scalar type at a place.
  Value read(const Value& reference);
  static Value reference(Place place, llvm::Value* base, uint32_t offset, const ast::Type& type);
  Value register_value(llvm::Value* bits, const ast::Type& type);
  Place place_of(ast::AddressSpace space) const;
  // A field of the probe's context: of `args`, or `retval`.
  Value context_field(const ast::Field& field, const ast::Type& type);

  // --- expressions ---
  const ast::ExprInfo& info(const ast::Expr& expr) const { return probe_.expressions.at(expr.id); }
  const ast::Type& type(const ast::Expr& expr) const { return info(expr).type; }
  Value lower(const ast::Expr& expr);
  // A register value: integers, pointers and the like.
  llvm::Value* lower_bits(const ast::Expr& expr);
  // A register value that may be computed with: never what the verifier knows as a pointer.
  llvm::Value* lower_number(const ast::Expr& expr);
  llvm::Value* lower_condition(const ast::Expr& expr);  // i1
  // Writes the expression's value, converted to `target`, to memory. Bytes behind the NUL of a
  // string are zeroed when `padded`, else left alone.
  void lower_into(const ast::Expr& expr, const ast::Type& target, const Address& to, bool padded);
  void write(const Value& value, const ast::Type& target, const Address& to, bool padded);
  // Memory with the value of any expression that is not in a register.
  Value materialize(const Value& value);
  llvm::Value* convert(llvm::Value* bits, const ast::Type& from, const ast::Type& to);
  void write_text(const std::string& text, uint32_t capacity, const Address& to);
  // The value as a plain number, even of what the verifier knows as a pointer.
  llvm::Value* number(const Value& value);
  // The same of an address (i64).
  llvm::Value* plain(llvm::Value* bits);

  // An operator on register values that are already i64.
  llvm::Value* arithmetic(ast::BinaryOp op, llvm::Value* left, llvm::Value* right,
                          const ast::Type& result);
  llvm::Value* step(ast::BinaryOp op, llvm::Value* left, const ast::Type& left_type,
                    llvm::Value* right, const ast::Type& right_type);

  // --- strings (strings.cpp) ---
  // str(): reads up to `size` bytes, the NUL included; returns the number of bytes that count, 0 on
  // failure. `show_cut`: text that does not fit into `capacity` is left without a NUL.
  llvm::Value* read_string(const Address& to, llvm::Value* size, uint32_t capacity, Place place,
                           llvm::Value* address, bool show_cut);
  void keep_last_byte(const Address& to, llvm::Value* length, uint32_t capacity, Place place,
                      llvm::Value* address);
  // Copies a string up to its NUL; returns as read_string does.
  llvm::Value* copy_string(const Address& to, uint32_t capacity, const Value& from);
  llvm::Value* strings_equal(const ast::Expr& left, const ast::Expr& right);       // i1
  llvm::Value* bytes_equal(const Value& left, const Value& right, uint32_t size);  // i1
  llvm::Value* memory_strings_equal(const Value& left, const Value& right);        // i1
  // A value in memory that may be read there.
  Value in_memory(const Value& value);
  // The pointer of an expression that the verifier knows as a typed one, or to a structure behind
  // such a pointer; null if it knows neither.
  llvm::Value* typed_pointer(const ast::Expr& expr);

  // --- maps ---
  // Memory with the key of an access, as the map wants it.
  Address build_key(const ast::MapPlan& plan, std::span<const ast::ExprPtr> keys);
  Address build_key(const ast::MapPlan& plan, const ast::Expr& key);
  Address scalar_key();
  llvm::Value* map_pointer(uint32_t map);
  llvm::Value* find_entry(uint32_t map, const Address& key);  // ptr, may be null
  void update_entry(uint32_t map, const Address& key, const Address& value, uint64_t flags);
  Value read_map(const ast::Expr& expr, const ast::MapAccess& access);
  void read_map_into(const ast::Expr& expr, const ast::MapAccess& access, const ast::Type& target,
                     const Address& to, bool padded);
  void store_map(const ast::MapAccess& access, uint32_t map, const ast::Expr& value);
  // Replaces an integer entry by what `change` makes of it; returns old and new.
  std::pair<llvm::Value*, llvm::Value*> modify_map(
      const ast::MapAccess& access, uint32_t map,
      const std::function<llvm::Value*(llvm::Value*)>& change);
  // What the slots of all CPUs come to, in the layout of one slot.
  Address combined_slots(uint32_t map, const ast::MapAccess& access);
  Address combined_slots(uint32_t map, const Address& key);
  llvm::Value* read_aggregate(uint32_t map, const ast::MapAccess& access);
  llvm::Value* read_aggregate(uint32_t map, const Address& key);
  void update_aggregate(const ast::MapAccess& access, uint32_t map, const ast::Expr& value);
  llvm::Value* delete_entry(uint32_t map, std::span<const ast::ExprPtr> keys);
  llvm::Value* has_entry(uint32_t map, const ast::Expr& key);
  // How many keys a map has whose keys have several entries.
  llvm::Value* count_keys(uint32_t map);
  // The boot clock brought to TAI; the number of a map where a test puts one in the clock's place.
  llvm::Value* tai_clock();
  // That number; null if there is no such map.
  llvm::Value* clock_map();
  llvm::Value* histogram_bucket(const ast::Type& histogram, llvm::Value* number);

  // --- events (events.cpp) ---
  // Sends an event; `fill` writes the fields that lie in the fixed part.
  // `lost`: what to do where the ring has no room; by default the loss is counted.
  void send_fixed(uint32_t event, const std::function<void(const Address&)>& fill,
                  const std::function<void()>& lost = {});
  // The same with each field taken from an expression.
  void send(uint32_t event, const std::vector<const ast::Expr*>& fields);
  void write_header(uint32_t event, const Address& record);
  // A finished record in scratch memory.
  void send_record(uint32_t event, const Address& record, llvm::Value* size);
  // One with a number as its only field.
  void send_number(uint32_t event, llvm::Value* number);
  // printf of an iterator's program: the kernel formats it into what the reader gets.
  void print_to_iterator(const ast::Expr& expr, uint32_t event);
  void runtime_error(const std::string& message);
  // `map`: which one it was called for, if any.
  void helper_error(const char* helper, llvm::Value* result, int32_t map = -1);
  void report_failed_read(const char* helper, llvm::Value* result);

  // Writes the user stack, unwound by tables.
  void unwind_stack(const ast::Expr& expr, const Address& to);

  // --- statements ---
  void lower_block(const ast::Block& block);
  void exit_now();
  void assign_found(uint32_t variable, const Value& value, const ast::Type& type);
  Address variable_memory(uint32_t variable);
  void store_scalar(uint32_t variable, llvm::Value* bits);

 private:
  struct TemporaryMark {
    size_t count = 0;
    uint32_t stack = 0;
    uint32_t scratch = 0;
  };
  TemporaryMark mark_temporaries() const;
  void release_temporaries(const TemporaryMark& mark);

  uint64_t initial_status() const;
  bool is_guarded() const { return module_.program().recursion_guard; }
  void begin_function(bool is_program);
  void lower_guard();
  void create_function();
  void leave_if_stopped();
  void filter_process();
  void fetch_marker_arguments();
  // Those of the function that is being lowered that `code`, a block or an expression, mentions.
  template <typename Code>
  void declare_variables(const Code& code);
  // Where a return leads from here.
  llvm::BasicBlock* way_out() const;
  void finish_setup(int stage);
  llvm::Value* in_setup(const std::function<llvm::Value*()>& code);
  void take_scratch();

  void lower_statement(const ast::Stmt& statement);
  void lower_node(const ast::ExpressionStatement& node);
  void lower_node(const ast::Assignment& node);
  void lower_node(const ast::Let& node);
  void lower_node(const ast::While& node);
  void lower_node(const ast::Unroll& node);
  void lower_node(const ast::For& node);
  void lower_node(const ast::Jump& node);
  void lower_node(const ast::Return& node);
  void lower_node(const ast::Discard& node);
  void lower_node(const ast::ImportStatement&) {}

  // --- loops (loops.cpp) ---
  // A function that the kernel calls for each round of a loop.
  struct Callback {
    base::SourceRange range;
    std::vector<const char*> parameters;
    uint32_t context = 0;  // which parameter is the loop's context
    std::function<void(llvm::Function*)> code;
  };
  llvm::Function* lower_callback(const Callback& callback);
  struct LoopBody {
    const ast::For* node = nullptr;
    std::vector<const char*> parameters;
    uint32_t context = 0;  // which parameter is the loop's context
    // Gives the loop variable its value from the parameters.
    std::function<void(llvm::Function*)> start;
  };
  llvm::Function* lower_body(const LoopBody& body);
  void over_range(const ast::For& node);
  void over_map(const ast::For& node);
  // `words` are 8 bytes each and follow the captures of the caller.
  Address loop_context(std::initializer_list<llvm::Value*> words);
  void leave_if_returned(const ast::Block& body);
  void prepare_captures();
  void make_captures(llvm::Value* around);
  Address captures_of(uint32_t loop);
  void declare_variable(uint32_t variable);
  uint32_t stack_budget() const;
  void lower_effect(const ast::Expr& expr);
  void lower_branches(const ast::Expr& expr, const ast::If& node);
  // --- structs and arrays in variables (copies.cpp) ---
  Value keep(const Value& copied);
  bool is_copy(const ast::Expr& expr) const;
  bool is_copy(const ast::Block& block) const;
  void find_copied_variables();
  void assign_variable(uint32_t variable, const ast::Expr& value);
  bool keeps_padding(const ast::Type& variable) const;
  // The variable that an expression is the name of.
  std::optional<uint32_t> variable_of(const ast::Expr& expr) const;
  bool mentions(const ast::Expr& value, uint32_t variable) const;
  void compound_assign(const ast::Assignment& node);

  Value lower_node(const ast::Expr& expr, const ast::IntegerLiteral& node);
  Value lower_node(const ast::Expr& expr, const ast::StringLiteral& node);
  Value lower_node(const ast::Expr& expr, const ast::BoolLiteral& node);
  Value lower_node(const ast::Expr& expr, const ast::PositionalParameter& node);
  Value lower_node(const ast::Expr& expr, const ast::ParameterCount& node);
  Value lower_node(const ast::Expr& expr, const ast::Identifier& node);
  Value lower_node(const ast::Expr& expr, const ast::Variable& node);
  Value lower_node(const ast::Expr& expr, const ast::MapAccess& node);
  Value lower_node(const ast::Expr& expr, const ast::Call& node);
  Value lower_node(const ast::Expr& expr, const ast::Unary& node);
  Value lower_node(const ast::Expr& expr, const ast::Step& node);
  Value lower_node(const ast::Expr& expr, const ast::Binary& node);
  Value lower_node(const ast::Expr& expr, const ast::Ternary& node);
  Value lower_node(const ast::Expr& expr, const ast::FieldAccess& node);
  Value lower_node(const ast::Expr& expr, const ast::TupleAccess& node);
  Value lower_node(const ast::Expr& expr, const ast::Index& node);
  Value lower_node(const ast::Expr& expr, const ast::Cast& node);
  Value lower_node(const ast::Expr& expr, const ast::Tuple& node);
  Value lower_node(const ast::Expr& expr, const ast::Record& node);
  Value lower_node(const ast::Expr& expr, const ast::If& node);
  Value lower_node(const ast::Expr& expr, const ast::BlockExpr& node);
  Value lower_node(const ast::Expr& expr, const ast::SizeOf& node);
  Value lower_node(const ast::Expr& expr, const ast::OffsetOf& node);
  Value lower_node(const ast::Expr& expr, const ast::TypeInfo& node);
  Value lower_node(const ast::Expr& expr, const ast::TypeArgument& node);
  Value lower_node(const ast::Expr& expr, const ast::Comptime& node);
  // A choice between two sides, each of which gives a value of its type.
  struct Side {
    std::function<Value()> value;
    ast::Type type;
    bool copied = false;  // a struct or array that the value is a copy of
    std::function<void(const ast::Type&, const Address&)> into;
  };
  Value lower_choice(llvm::Value* condition, const ast::Type& result, const Side& yes,
                     const Side& no);
  Side side_of(const ast::Expr& expr);
  Side side_of(const ast::Block& block);
  Value lower_block_value(const ast::Block& block);
  const ast::Block* block_of(const ast::Expr& expr) const;
  Value not_folded(const ast::Expr& expr);
  bool writes_itself(const ast::Expr& expr) const;
  Value lower_fields(const ast::Expr& expr);
  Value element(const Value& whole, const ast::TupleField& field, const ast::Type& result);
  Value record_field(const ast::Expr& expr, const ast::FieldAccess& node);
  void rewrite(const Value& value, const ast::Type& target, const Address& to, bool padded);
  Value address_of_operand(const ast::Expr& operand);
  void write_fields(const ast::Expr& expr, const ast::Type& target, const Address& to, bool padded);
  Value array_cast(const Value& value, const ast::Type& from, const ast::Type& target);
  Value lower_constant(const ast::ExprInfo& info);
  Value lower_builtin(const ast::Expr& expr, const ast::Call* call);
  Value lower_external(const ast::Expr& expr, const ast::Call& call, uint32_t number);

  Value field_of(const Value& base, const ast::Field& field, const ast::Type& type);
  Value bitfield(const Value& base, const ast::Field& field, const ast::Type& type);
  bool needs_helper(const ast::Type& type) const;
  Value register_field(const ast::Field& field, const ast::Type& type);
  Value context_word(const ast::Field& field, const ast::Type& type);
  Value iterator_member(const Value& base, const ast::Field& field, const ast::Type& type);
  Value dereference(const Value& pointer, const ast::Type& target);
  Value base_of(const ast::Expr& expr);
  Value element_of(const Value& base, const ast::Expr& index, const ast::Type& element,
                   const ast::Type& result);
  Value comm_field(const ast::FieldUse& use, const ast::Type& type);

  llvm::Value* divide(bool modulo, llvm::Value* left, llvm::Value* right, bool is_signed);
  llvm::Value* compare(const ast::Binary& node);
  llvm::Value* text_equals(const Value& value, const std::string& text);

  llvm::Value* percpu_slot(uint32_t map, llvm::Value* cpu);
  llvm::Value* aggregate_slot(const ast::MapAccess& access, uint32_t map);
  llvm::Value* find_or_insert(uint32_t map, const Address& key);
  void update_slot(const ast::MapPlan& plan, const Address& slot, llvm::Value* number);
  void add_to(const Address& word, llvm::Value* number, bool atomic);
  void update_extreme(const ast::MapPlan& plan, const Address& slot, llvm::Value* number);
  void update_histogram(const ast::MapAccess& access, uint32_t map, llvm::Value* number);
  llvm::Value* log2_of(llvm::Value* number);
  // Whether something holds for any of a key's entries, where every bucket is one of its own.
  llvm::Value* any_bucket(const ast::MapPlan& plan, const Address& key,
                          const std::function<llvm::Value*(const Address&)>& holds);
  llvm::Value* delete_histogram(uint32_t map);
  uint32_t bucket_loops() const;

  // --- dw_ustack (unwind.cpp) ---
  uint32_t unwind_loops() const;
  struct Search {
    llvm::Value* start;  // of the array
    uint32_t mask_offset;
    uint32_t stride, bytes;  // of an element; of the address at its start
    uint32_t steps;
  };
  // The last of `count` elements from `first` on whose address is not above `wanted`; the first if
  // there is none.
  Address search(const Search& array, llvm::Value* first, llvm::Value* count, llvm::Value* wanted);
  void unwind_frame(llvm::Function* function, uint32_t limit);
  void unwind_to_caller(const Address& own, const Address& row, llvm::BasicBlock* broken);
  void unwind_signal_frame(const Address& own, llvm::BasicBlock* broken);
  void note_frame(const Address& own, llvm::Value* address, uint32_t limit);
  Address read_user_words(llvm::Value* address, uint32_t bytes, llvm::BasicBlock* failed);
  void go_unless(llvm::Value* wrong, llvm::BasicBlock* otherwise);
  // Choices without branches, for the verifier's sake.
  llvm::Value* mask_below(llvm::Value* left, llvm::Value* right);
  llvm::Value* pick(llvm::Value* mask, llvm::Value* yes, llvm::Value* no);
  void update_series(const ast::MapAccess& access, uint32_t map, llvm::Value* number);
  void update_interval(const ast::Type& series, const Address& slot, llvm::Value* interval,
                       llvm::Value* now, llvm::Value* number);
  void update_free_interval(const Address& slots,
                            const std::function<void(const Address&)>& update);
  void combine(const ast::Type& aggregate, const Address& slot, const Address& total);
  llvm::Value* combined_value(const ast::Type& aggregate, const Address& total);

  llvm::Value* wake_flags();
  void count_lost(uint32_t event);
  void send_variable(uint32_t event, const std::vector<const ast::Expr*>& fields);
  llvm::Value* write_tail(const ast::Expr& expr, const ast::Type& type, const Address& to);

  ProgramModule& module_;
  const ast::TypedProbe& probe_;
  ScratchRegion& region_;
  llvm::IRBuilder<> b_;
  base::SourceRange location_;

  // What belongs to one LLVM function: the program, or the body of a `for`, which the kernel calls.
  struct Frame {
    llvm::Function* function = nullptr;
    llvm::DISubprogram* subprogram = nullptr;
    llvm::Value* context = nullptr;
    llvm::BasicBlock* entry = nullptr;
    llvm::BasicBlock* setup[2] = {nullptr, nullptr};
    llvm::BasicBlock* after_setup[2] = {nullptr, nullptr};
    int stage = 0;  // 0: in the predicate, 1: in the body
    llvm::BasicBlock* exit = nullptr;
    llvm::BasicBlock* reject = nullptr;
    llvm::AllocaInst* status = nullptr;
    llvm::Value* cpu = nullptr;
    llvm::Value* area = nullptr;
    std::vector<llvm::AllocaInst*> temporaries;
    std::vector<llvm::Value*> open_records;  // of the ring, reserved and not yet sent
    uint32_t stack_used = 0;
    // Loops: where `break` and `continue` go.
    llvm::BasicBlock* break_to = nullptr;
    llvm::BasicBlock* continue_to = nullptr;
    // Variables that bodies of `for` loops share with what is around them (loops.cpp).
    llvm::Value* captures = nullptr;
    llvm::Value* around = nullptr;  // the captures of the function around this loop
    uint32_t loop = 0;              // `for` loops around
    std::set<uint32_t> bounds;      // variables in the conditions of the `while` loops around
  };
  Frame frame_;
  Frame* program_frame_ = &frame_;  // while the body of a loop is lowered: the program's

  llvm::Value* busy_ = nullptr;      // pointer to the busy flag
  llvm::Value* was_busy_ = nullptr;  // what it held
  int busy_stage_ = -1;
  uint32_t scratch_used_ = 0;
  uint32_t lasting_scratch_ = 0;
  uint32_t deepest_loop_ = 0;                   // `for` loops inside each other
  std::vector<llvm::Value*> marker_arguments_;  // null where the probe does not mention one
  std::map<uint32_t, uint32_t> capture_words_;  // size of the captures, by Frame::loop

  struct VariableSlot {
    Address memory;  // scalars: an alloca of 8 bytes; structs and arrays: of their address
    bool by_address = false;
    bool copied = false;               // by_address: some value that it is given is a copy
    std::optional<uint32_t> captured;  // index among the captures of its function
    std::optional<uint32_t> scratch;   // offset in the program's scratch memory
  };
  std::vector<VariableSlot> variables_;
};

}  // namespace gimlet::codegen
