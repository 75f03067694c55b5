// Shrinking: every candidate is re-inferred and re-evaluated, so it needs no bookkeeping; one that
// lost a declaration is not well-typed, and `check` finds nothing wrong with it.
#include <chrono>
#include <functional>

#include "check.h"

namespace gimlet::random_tests {
namespace {

class Shrinking {
 public:
  Shrinking(Program program, const Failure& failure, const Tool& tool)
      : program_(std::move(program)), failure_(failure), tool_(tool) {}

  Program run() {
    drop_halves();
    for (bool changed = true; changed && tries_ < limit;) {
      changed = try_blocks(program_.body, [this](Block body) { return accept(std::move(body)); });
    }
    return std::move(program_);
  }

 private:
  static constexpr int limit = 1500;
  static constexpr auto patience = std::chrono::seconds(25);

  bool accept(Block body) {
    if (++tries_ > limit || std::chrono::steady_clock::now() > deadline_) return false;
    Program candidate = program_;
    candidate.body = std::move(body);
    if (check(candidate, tool_).signature != failure_.signature) return false;
    program_ = std::move(candidate);
    return true;
  }

  // Large steps first: a run of statements at a time.
  void drop_halves() {
    for (auto size = program_.body.size() / 2; size > 1; size /= 2) {
      for (std::size_t at = 0; at + size <= program_.body.size();) {
        auto body = program_.body;
        const auto first = body.begin() + static_cast<std::ptrdiff_t>(at);
        body.erase(first, first + static_cast<std::ptrdiff_t>(size));
        if (!accept(std::move(body))) at += size;
      }
    }
  }

  // Tries every smaller form of the block; `take` says whether one keeps the failure. Returns at
  // the first that does, since `block` is then stale.
  template <typename Take>
  bool try_blocks(const Block block, const Take& take) {
    for (std::size_t i = block.size(); i-- > 0;) {
      if (try_statement(block, i, take)) return true;
    }
    return false;
  }

  template <typename Take>
  bool try_statement(const Block& block, std::size_t i, const Take& take) {
    auto replaced = [&](const Block& by) {
      Block result(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(i));
      result.insert(result.end(), by.begin(), by.end());
      result.insert(result.end(), block.begin() + static_cast<std::ptrdiff_t>(i) + 1, block.end());
      return take(std::move(result));
    };
    const Statement& s = *block[i];
    if (replaced({})) return true;
    if (!s.body.empty() && s.kind != Statement::Kind::expansion) {
      if (replaced(s.body) || (!s.otherwise.empty() && replaced(s.otherwise))) return true;
    }
    auto with = [&](auto change) {
      Statement copy = s;
      change(copy);
      return replaced({std::make_shared<const Statement>(std::move(copy))});
    };
    if (!s.otherwise.empty() && with([](Statement& copy) { copy.otherwise.clear(); })) return true;
    if (s.kind == Statement::Kind::expansion) return false;
    std::function<bool(Block)> in_body = [&](Block body) {
      return !body.empty() && with([&](Statement& copy) { copy.body = body; });
    };
    std::function<bool(Block)> in_otherwise = [&](Block body) {
      return !body.empty() && with([&](Statement& copy) { copy.otherwise = body; });
    };
    if (try_blocks(s.body, in_body) || try_blocks(s.otherwise, in_otherwise)) return true;
    for (std::size_t k = 0; k < s.operands.size(); ++k) {
      std::function<bool(ExpressionRef)> in_operand = [&](ExpressionRef e) {
        return with([&](Statement& copy) { copy.operands[k] = e; });
      };
      if (try_expression(s.operands[k], in_operand)) return true;
    }
    return false;
  }

  // An operand in place of the whole, or the same within an operand.
  bool try_expression(const ExpressionRef& e, const std::function<bool(ExpressionRef)>& take) {
    if (e->kind == Expression::Kind::macro) return take(e->operands[0]);
    if (e->kind == Expression::Kind::block || e->kind == Expression::Kind::call) return false;
    for (const auto& operand : e->operands) {
      if (take(operand)) return true;
    }
    for (std::size_t k = 0; k < e->operands.size(); ++k) {
      std::function<bool(ExpressionRef)> inner = [&](ExpressionRef smaller) {
        Expression copy = *e;
        copy.folded.reset();
        copy.operands[k] = std::move(smaller);
        auto rebuilt = build(std::move(copy));
        return rebuilt && take(rebuilt);
      };
      if (try_expression(e->operands[k], inner)) return true;
    }
    return false;
  }

  Program program_;
  const Failure& failure_;
  const Tool& tool_;
  int tries_ = 0;
  const std::chrono::steady_clock::time_point deadline_ =
      std::chrono::steady_clock::now() + patience;
};

}  // namespace

Program shrink(Program program, const Failure& failure, const Tool& tool) {
  return Shrinking(std::move(program), failure, tool).run();
}

}  // namespace gimlet::random_tests
