// The arguments of a USDT marker. Where they lie is known from the file, so each becomes one or two
// loads; only where the locations of a marker differ does the program ask at which of them it is:
// the runtime attaches each location with its usdt_cookie().
//
// All arguments that the probe mentions are fetched once, before the predicate: later the task may
// have been preempted and its memory paged out, and the values must not differ within one run.
#include <fmt/format.h>

#include "ast/arch.h"
#include "ast/walk.h"
#include "codegen/lowering.h"

namespace gimlet::codegen {
namespace {

using ast::UsdtArgument;
using ast::UsdtLocation;
using Form = UsdtArgument::Form;

// One location for each kind of arguments.
std::vector<const UsdtLocation*> kinds_of(const ast::UsdtMarker& marker) {
  std::vector<const UsdtLocation*> kinds;
  for (const UsdtLocation& location : marker.locations) {
    if (location.arguments_number >= kinds.size()) kinds.resize(location.arguments_number + 1);
    kinds[location.arguments_number] = &location;
  }
  return kinds;
}

const UsdtArgument* find_argument(const UsdtLocation* location, uint32_t index) {
  return location && index < location->arguments.size() ? &location->arguments[index] : nullptr;
}

bool same_everywhere(const std::vector<const UsdtLocation*>& kinds, uint32_t index) {
  const UsdtArgument* first = find_argument(kinds[0], index);
  for (const UsdtLocation* kind : kinds) {
    const UsdtArgument* other = find_argument(kind, index);
    if (!first != !other || (first && !(*first == *other))) return false;
  }
  return true;
}

llvm::Value* register_word(Lowering& l, const std::string& name) {
  auto offset = ast::register_offset(name);
  if (!offset) {
    l.fail(l.location(), fmt::format("the register {} is not one of this machine", name));
    return l.constant(0);
  }
  return l.load({l.context(), *offset, true}, 8, true);
}

llvm::Value* address_of(Lowering& l, const UsdtArgument& argument) {
  llvm::IRBuilder<>& b = l.builder();
  llvm::Value* address = l.constant(static_cast<uint64_t>(argument.number));
  if (!argument.base.empty()) address = b.CreateAdd(register_word(l, argument.base), address);
  if (!argument.index.empty()) {
    llvm::Value* index = register_word(l, argument.index);
    address = b.CreateAdd(address, b.CreateMul(index, l.constant(argument.scale)));
  }
  return address;
}

llvm::Value* raw_value(Lowering& l, const UsdtArgument& argument) {
  switch (argument.form) {
    case Form::Constant: return l.constant(static_cast<uint64_t>(argument.number));
    case Form::Register: {
      llvm::Value* word = register_word(l, argument.base);
      return argument.shift ? l.builder().CreateLShr(word, argument.shift) : word;
    }
    case Form::Memory: {
      Address memory = l.allocate(8);
      l.store(l.constant(0), memory, 8);
      Value from = Lowering::reference(Place::User, address_of(l, argument), 0,
                                       ast::integer_type(argument.size, false));
      l.probe_read(memory, l.constant(argument.size), from);
      return l.load_word(memory);
    }
    case Form::Unknown: break;
  }
  return l.constant(0);
}

llvm::Value* value_of(Lowering& l, const UsdtArgument* argument) {
  if (!argument) return l.constant(0);
  llvm::Value* word = raw_value(l, *argument);
  if (argument->size == 8) return word;
  llvm::Value* cut = l.builder().CreateTrunc(word, l.integer(argument->size));
  return l.extend(cut, ast::integer_type(argument->size, argument->is_signed));
}

}  // namespace

void Lowering::fetch_marker_arguments() {
  if (probe_.provider != ast::ProviderId::Usdt) return;
  const auto& marker = std::get<ast::UsdtTarget>(probe_.targets.front().place).marker;
  const auto kinds = kinds_of(marker);
  llvm::Value* here = nullptr;
  for (uint32_t index = 0; index < ast::kUsdtArguments; index++) {
    marker_arguments_.push_back(nullptr);
    if (!ast::mentions(*probe_.source, fmt::format("arg{}", index))) continue;
    if (same_everywhere(kinds, index)) {
      marker_arguments_.back() = value_of(*this, find_argument(kinds[0], index));
      continue;
    }
    if (!here) {
      llvm::Value* cookie = call(Helper::GetAttachCookie, {context()});
      here = b_.CreateAnd(cookie, constant((1U << ast::kUsdtCookieShift) - 1));
    }
    llvm::BasicBlock* after = block("fetched");
    llvm::BasicBlock* nowhere = block("nowhere");
    llvm::SwitchInst* choice = b_.CreateSwitch(here, nowhere, static_cast<unsigned>(kinds.size()));
    b_.SetInsertPoint(after);
    llvm::PHINode* value = b_.CreatePHI(b_.getInt64Ty(), static_cast<unsigned>(kinds.size() + 1));
    for (size_t kind = 0; kind < kinds.size(); kind++) {
      llvm::BasicBlock* start = block("location");
      choice->addCase(constant(kind), start);
      b_.SetInsertPoint(start);
      llvm::Value* found = value_of(*this, find_argument(kinds[kind], index));
      value->addIncoming(found, b_.GetInsertBlock());
      b_.CreateBr(after);
    }
    b_.SetInsertPoint(nowhere);
    b_.CreateBr(after);
    value->addIncoming(constant(0), nowhere);
    b_.SetInsertPoint(after);
    marker_arguments_.back() = value;
  }
}

llvm::Value* Lowering::marker_address() {
  const auto& marker = std::get<ast::UsdtTarget>(probe_.targets.front().place).marker;
  if (marker.locations.size() == 1) return constant(marker.locations[0].address);
  llvm::Value* cookie = call(Helper::GetAttachCookie, {context()});
  return b_.CreateLShr(cookie, ast::kUsdtCookieShift);
}

llvm::Value* Lowering::marker_argument(uint32_t index) {
  bool fetched = index < marker_arguments_.size() && marker_arguments_[index];
  return fetched ? marker_arguments_[index] : constant(0);
}

}  // namespace gimlet::codegen
