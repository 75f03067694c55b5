// Loops (language §13).
//
// `while` and `unroll` are code like any other: the verifier follows each round. The body of a
// `for` becomes a function that the kernel calls, through bpf_loop or bpf_for_each_map_elem (both
// in 5.17). It shares variables with what is around it through memory:
//   captures  a block on the stack of each function that has loops: the block of the function
//   around
//             it (the program has its context here), then one word for each scalar that bodies use
//   scratch   whatever is larger, at a place that every function finds by itself
// The kernel hands the body one pointer, the loop's context: {captures of the caller, first value}.
// A function returns 0 to go on and 1 to stop.
#include <map>

#include "ast/walk.h"
#include "codegen/lowering.h"

namespace gimlet::codegen {
namespace {

constexpr uint32_t kSharedWords = 3;           // kSharedContext, kSharedReturned, kSharedStatus
constexpr uint64_t kMostIterations = 1 << 23;  // BPF_MAX_LOOPS

// Calls `visit` with each block that is part of an expression in `code`, a block or an expression.
template <typename Code, typename Visit>
void for_each_scope(const Code& code, const Visit& visit) {
  ast::for_each_expression(code, [&](const ast::Expr& expr) {
    if (auto* scope = std::get_if<ast::BlockExpr>(&expr.node)) visit(scope->block);
    if (auto* choice = std::get_if<ast::If>(&expr.node)) {
      visit(choice->then);
      if (choice->otherwise) visit(*choice->otherwise);
    }
  });
}

uint32_t loops_inside(const ast::Block& block);

uint32_t loops_of(const ast::Stmt& statement) {
  if (auto* loop = std::get_if<ast::For>(&statement.node)) return 1 + loops_inside(loop->body);
  if (auto* loop = std::get_if<ast::While>(&statement.node)) return loops_inside(loop->body);
  if (auto* loop = std::get_if<ast::Unroll>(&statement.node)) return loops_inside(loop->body);
  return 0;
}

uint32_t loops_among(const ast::Block& block) {
  uint32_t deepest = 0;
  for (const ast::StmtPtr& statement : block.statements) {
    deepest = std::max(deepest, loops_of(*statement));
  }
  return deepest;
}

// `for` loops inside each other, those in blocks that are expressions included.
uint32_t loops_inside(const ast::Block& block) {
  uint32_t deepest = loops_among(block);
  for_each_scope(block,
                 [&](const ast::Block& inner) { deepest = std::max(deepest, loops_among(inner)); });
  return deepest;
}

uint32_t loops_inside(const ast::Probe& probe) {
  uint32_t deepest = loops_inside(probe.body);
  if (!probe.predicate) return deepest;
  for_each_scope(*probe.predicate,
                 [&](const ast::Block& inner) { deepest = std::max(deepest, loops_among(inner)); });
  return deepest;
}

bool returns(const ast::Block& block);

bool returns(const ast::Stmt& statement) {
  if (std::holds_alternative<ast::Return>(statement.node)) return true;
  if (auto* loop = std::get_if<ast::For>(&statement.node)) return returns(loop->body);
  if (auto* loop = std::get_if<ast::While>(&statement.node)) return returns(loop->body);
  if (auto* loop = std::get_if<ast::Unroll>(&statement.node)) return returns(loop->body);
  return false;
}

bool returns(const ast::Block& block) {
  bool found = false;
  auto add = [&](const ast::Block& inner) {
    for (const ast::StmtPtr& statement : inner.statements) found = found || returns(*statement);
  };
  add(block);
  for_each_scope(block, add);
  return found;
}

}  // namespace

// --- captures ---

// Numbers the captured scalars of each function, and makes the program's block.
void Lowering::prepare_captures() {
  variables_.resize(probe_.variables.size());
  find_copied_variables();
  deepest_loop_ = loops_inside(*probe_.source) + std::max(bucket_loops(), unwind_loops());
  std::map<uint32_t, uint32_t> words;
  for (size_t i = 0; i < probe_.variables.size(); i++) {
    const ast::VariableInfo& variable = probe_.variables[i];
    bool by_address =
        variable.type.is(ast::TypeKind::Struct) || variable.type.is(ast::TypeKind::Array);
    if (!variable.captured || (!in_register(variable.type) && !by_address)) continue;
    uint32_t first = variable.loop == 0 ? kSharedWords : 1;
    auto [next, added] = words.emplace(variable.loop, first);
    variables_[i].captured = next->second++;
  }
  capture_words_ = std::move(words);
  if (deepest_loop_ == 0) return;
  make_captures(frame_.context);
  Address shared = captures_of(0);
  store(constant(0), shared.at(kSharedReturned), 8);
  store(b_.CreateLoad(b_.getInt64Ty(), frame_.status), shared.at(kSharedStatus), 8);
}

// The block of the function that is being lowered; its first word leads to what is around.
void Lowering::make_captures(llvm::Value* around) {
  auto known = capture_words_.find(frame_.loop);
  uint32_t words = known != capture_words_.end() ? known->second : 1;
  if (frame_.loop == 0) words = std::max(words, kSharedWords);
  llvm::IRBuilder<> at_entry(frame_.entry, frame_.entry->begin());
  auto* block = at_entry.CreateAlloca(llvm::ArrayType::get(b_.getInt64Ty(), words));
  block->setAlignment(llvm::Align(8));
  frame_.captures = block;
  b_.CreateStore(around, block);
}

Address Lowering::captures_of(uint32_t loop) {
  if (loop == frame_.loop) return {frame_.captures, 0, true};
  // frame_.around is the block of the next loop outwards.
  llvm::Value* block = frame_.around;
  for (uint32_t level = frame_.loop - 1; level > loop; level--) {
    block = b_.CreateLoad(b_.getPtrTy(), block);
  }
  return {block, 0, true};
}

llvm::Value* Lowering::context() {
  if (frame_.loop == 0) return frame_.context;
  return b_.CreateLoad(b_.getPtrTy(), pointer(captures_of(0).at(kSharedContext)));
}

Address Lowering::loop_context(std::initializer_list<llvm::Value*> words) {
  Address result = allocate_on_stack(8 + 8 * static_cast<uint32_t>(words.size()));
  b_.CreateStore(frame_.captures, result.base);
  uint32_t offset = 8;
  for (llvm::Value* word : words) {
    b_.CreateStore(word, pointer(result.at(offset)));
    offset += 8;
  }
  return result;
}

// --- bodies ---

llvm::Function* Lowering::lower_callback(const Callback& callback) {
  llvm::IRBuilderBase::InsertPointGuard guard(b_);
  Frame outer = std::move(frame_);
  Frame* program = program_frame_;
  if (outer.loop == 0) program_frame_ = &outer;
  base::SourceRange location = location_;
  uint32_t lasting = lasting_scratch_;

  frame_ = Frame{};
  frame_.loop = outer.loop + 1;
  frame_.stage = 1;
  std::vector<llvm::Type*> types;
  for (const char* name : callback.parameters) {
    bool number = std::string_view(name) == "index";
    types.push_back(number ? static_cast<llvm::Type*>(b_.getInt64Ty()) : b_.getPtrTy());
  }
  auto* type = llvm::FunctionType::get(b_.getInt64Ty(), types, false);
  frame_.function = llvm::Function::Create(type, llvm::GlobalValue::InternalLinkage,
                                           probe_.name + "_loop", module_.llvm());
  frame_.function->setSection(".text");
  frame_.function->addFnAttr(llvm::Attribute::NoUnwind);
  frame_.function->addFnAttr(llvm::Attribute::NoInline);
  frame_.subprogram =
      module_.debug().callback(*frame_.function, callback.parameters, callback.range);
  frame_.entry = block("entry");
  frame_.setup[1] = block("setup");
  frame_.after_setup[1] = block("body");
  frame_.exit = block("stop");
  frame_.break_to = frame_.exit;
  frame_.continue_to = block("next");
  set_location(callback.range);

  b_.SetInsertPoint(frame_.entry);
  frame_.around = b_.CreateLoad(b_.getPtrTy(), frame_.function->getArg(callback.context));
  make_captures(frame_.around);
  b_.CreateBr(frame_.setup[1]);
  b_.SetInsertPoint(frame_.after_setup[1]);
  callback.code(frame_.function);
  b_.CreateBr(frame_.continue_to);

  set_location(callback.range);
  b_.SetInsertPoint(frame_.setup[1]);
  b_.CreateBr(frame_.after_setup[1]);
  b_.SetInsertPoint(frame_.continue_to);
  b_.CreateRet(constant(0));
  b_.SetInsertPoint(frame_.exit);
  b_.CreateRet(constant(1));

  llvm::Function* function = frame_.function;
  frame_ = std::move(outer);
  program_frame_ = program;
  location_ = location;
  lasting_scratch_ = lasting;
  return function;
}

llvm::Function* Lowering::lower_body(const LoopBody& body) {
  Callback callback{body.node->body.range, body.parameters, body.context, {}};
  callback.code = [&](llvm::Function* function) {
    declare_variable(std::get<ast::VariableUse>(info(*body.node->variable).use).variable);
    declare_variables(body.node->body);
    TemporaryMark mark = mark_temporaries();
    body.start(function);
    release_temporaries(mark);
    lower_block(body.node->body);
  };
  return lower_callback(callback);
}

void Lowering::lower_node(const ast::For& node) {
  node.map ? over_map(node) : over_range(node);
  leave_if_returned(node.body);
}

void Lowering::over_range(const ast::For& node) {
  const auto& use = std::get<ast::VariableUse>(info(*node.variable).use);
  const ast::Type counter = probe_.variables[use.variable].type;
  llvm::Value* begin = convert(lower_number(*node.begin), type(*node.begin), counter);
  llvm::Value* end = convert(lower_number(*node.end), type(*node.end), counter);
  Address loop = loop_context({begin});
  llvm::Value* any =
      counter.is_signed ? b_.CreateICmpSLT(begin, end) : b_.CreateICmpULT(begin, end);
  llvm::Value* distance = b_.CreateSub(end, begin);
  // More than the kernel's limit stays more when it is cut to 32 bits.
  llvm::Value* too_many = b_.CreateICmpUGT(distance, constant(kMostIterations));
  distance = b_.CreateSelect(too_many, constant(kMostIterations + 1), distance);
  llvm::Value* count = b_.CreateSelect(any, distance, constant(0));
  if (!llvm::isa<llvm::ConstantInt>(count)) {
    // A verifier that knows that there is no round never looks at the body, and then cannot compile
    // it. This zero could be one for all it knows.
    count = b_.CreateAdd(count, b_.CreateAnd(unknown_zero(), constant(1)));
  } else if (llvm::cast<llvm::ConstantInt>(count)->isZero()) {
    return;
  }

  LoopBody body{&node, {"index", "loop"}, 1, {}};
  body.start = [&](llvm::Function* function) {
    Address own{function->getArg(1), 0, true};
    llvm::Value* value = b_.CreateAdd(load(own.at(8), 8), function->getArg(0));
    store(convert(value, ast::integer_type(8, counter.is_signed), counter),
          variable_memory(use.variable), 8);
  };
  llvm::Function* function = lower_body(body);
  llvm::Value* result = call(Helper::Loop, {count, function, pointer(loop), constant(0)});
  // Some kernels give an error as 32 bits.
  llvm::Value* status = b_.CreateSExt(b_.CreateTrunc(result, b_.getInt32Ty()), b_.getInt64Ty());
  when(
      b_.CreateICmpSLT(status, constant(0)), [&] { helper_error("loop", status); }, true);
}

void Lowering::over_map(const ast::For& node) {
  uint32_t map = std::get<ast::MapUse>(info(*node.map).use).map;
  const ast::MapPlan& plan = module_.map_plan(map);
  uint32_t variable = std::get<ast::VariableUse>(info(*node.variable).use).variable;
  const ast::Type pair = probe_.variables[variable].type;
  const ast::TupleField& key_field = (*pair.fields)[0];
  const ast::TupleField& value_field = (*pair.fields)[1];
  Address loop = loop_context({});

  LoopBody body{&node, {"map", "key", "value", "loop"}, 3, {}};
  body.start = [&](llvm::Function* function) {
    Address to = variable_memory(variable);
    Value key = reference(Place::Memory, function->getArg(1), 0, plan.key);
    key.padded = true;
    write(key, *key_field.type, to.at(key_field.offset), true);
    if (ast::is_aggregate(plan.value)) {
      // What is handed over is the slot of one CPU.
      Address copied = allocate(plan.key_size);
      copy(copied, key, plan.key_size);
      llvm::Value* total = read_aggregate(map, copied);
      return store(total, to.at(value_field.offset), value_field.type->size);
    }
    Value value = reference(Place::Memory, function->getArg(2), 0, plan.value);
    value.padded = true;
    write(value, *value_field.type, to.at(value_field.offset), true);
  };
  llvm::Function* function = lower_body(body);
  call(Helper::ForEachMapElement, {map_pointer(map), function, pointer(loop), constant(0)});
}

void Lowering::leave_if_returned(const ast::Block& body) {
  if (!returns(body)) return;
  Address shared = captures_of(0);
  llvm::BasicBlock* leaving = block("leave");
  llvm::BasicBlock* after = block("after");
  llvm::Value* returned = load(shared.at(kSharedReturned), 8);
  b_.CreateCondBr(b_.CreateICmpNE(returned, constant(0)), leaving, after);
  b_.SetInsertPoint(leaving);
  if (frame_.loop == 0) {
    b_.CreateStore(load(shared.at(kSharedStatus), 8), frame_.status);
  }
  b_.CreateBr(way_out());
  b_.SetInsertPoint(after);
}

// --- loops without a function ---

void Lowering::lower_node(const ast::While& node) {
  llvm::BasicBlock* head = block("while");
  llvm::BasicBlock* body = block("round");
  llvm::BasicBlock* after = block("done");
  b_.CreateBr(head);
  b_.SetInsertPoint(head);
  TemporaryMark mark = mark_temporaries();
  llvm::Value* wanted = lower_condition(*node.condition);
  release_temporaries(mark);
  b_.CreateCondBr(wanted, body, after);
  b_.SetInsertPoint(body);
  llvm::BasicBlock* outer_break = std::exchange(frame_.break_to, after);
  llvm::BasicBlock* outer_continue = std::exchange(frame_.continue_to, head);
  std::set<uint32_t> outer_bounds = frame_.bounds;
  ast::for_each_expression(*node.condition, [&](const ast::Expr& expr) {
    if (auto variable = variable_of(expr)) frame_.bounds.insert(*variable);
  });
  lower_block(node.body);
  frame_.bounds = std::move(outer_bounds);
  frame_.break_to = outer_break;
  frame_.continue_to = outer_continue;
  b_.CreateBr(head);
  b_.SetInsertPoint(after);
}

void Lowering::lower_node(const ast::Unroll& node) {
  const auto& count = std::get<ast::IntegerConstant>(*info(*node.count).constant);
  for (uint64_t i = 0; i < count.bits; i++) lower_block(node.body);
}

void Lowering::lower_node(const ast::Jump& node) {
  b_.CreateBr(node.kind == ast::JumpKind::Break ? frame_.break_to : frame_.continue_to);
  // What follows is lowered, too, and removed by LLVM.
  b_.SetInsertPoint(block("unreachable"));
}

}  // namespace gimlet::codegen
