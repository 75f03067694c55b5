// The interpreter: operators as the specification defines them at run time (6.3), on 64 bits, with
// gimlet's sane choices where the specification leaves one (signed division, sign-correct unary
// operators). Literals were folded when the program was built and arrive here as values.
#include "evaluate.h"

#include <map>
#include <utility>

#include "value.h"

namespace gimlet::random_tests {
namespace {

enum class Flow { next, leave, again };

class Evaluation {
 public:
  Evaluation(const Program& program, const Typing& typing) : program_(program), typing_(typing) {
    variables_.resize(program.variables.size());
    maps_.resize(program.maps.size());
  }

  Outcome run() {
    block(program_.body);
    return std::move(outcome_);
  }

 private:
  static constexpr int most_steps = 20000;
  using Entries = std::map<std::string, std::pair<Value, Value>>;

  Flow block(const Block& body) {
    for (const auto& part : body) {
      auto flow = statement(*part);
      if (flow != Flow::next) return flow;
    }
    return Flow::next;
  }

  const Type& type_of_place(const Place& place) const {
    return place.variable >= 0 ? *typing_.variables[static_cast<std::size_t>(place.variable)]
                               : *typing_.map_values[static_cast<std::size_t>(place.map)];
  }

  Value key_of(const Place& place) {
    if (!place.key) return Value{};
    return convert(value_of(*place.key), *typing_.map_keys[static_cast<std::size_t>(place.map)]);
  }

  Entries& entries(int map) { return maps_[static_cast<std::size_t>(map)]; }

  Value load(const Place& place) {
    if (place.variable >= 0) {
      auto& value = variables_[static_cast<std::size_t>(place.variable)];
      return value.type.kind == Type::Kind::none ? zero(type_of_place(place)) : value;
    }
    auto key = key_of(place);
    auto found = entries(place.map).find(identity(key));
    return found == entries(place.map).end() ? zero(type_of_place(place)) : found->second.second;
  }

  void store(const Place& place, const Value& value) {
    auto converted = convert(value, type_of_place(place));
    if (place.variable >= 0) {
      variables_[static_cast<std::size_t>(place.variable)] = std::move(converted);
      return;
    }
    auto key = key_of(place);
    auto name = identity(key);
    entries(place.map)[name] = {std::move(key), std::move(converted)};
  }

  // Returns the value before the step.
  Value step(const Place& place, const std::string& op) {
    auto before = load(place);
    auto after = integer_value(before.bits + (op == "++" ? 1 : ~std::uint64_t{0}), before.type);
    store(place, after);
    return before;
  }

  std::uint64_t divide(const std::string& op, std::uint64_t left, std::uint64_t right,
                       bool is_signed) {
    if (right == 0) {
      outcome_.divided_by_zero = true;
      return 1;
    }
    if (!is_signed) return op == "/" ? left / right : left % right;
    if (right == ~std::uint64_t{0}) return op == "/" ? 0 - left : 0;
    const auto a = static_cast<std::int64_t>(left);
    const auto b = static_cast<std::int64_t>(right);
    return static_cast<std::uint64_t>(op == "/" ? a / b : a % b);
  }

  std::uint64_t compute(const std::string& op, std::uint64_t left, std::uint64_t right,
                        bool is_signed) {
    if (op == "+") return left + right;
    if (op == "-") return left - right;
    if (op == "*") return left * right;
    if (op == "&") return left & right;
    if (op == "|") return left | right;
    if (op == "^") return left ^ right;
    if (op == "<<") return left << (right & 63);
    if (op == ">>") return left >> (right & 63);
    return divide(op, left, right, is_signed);
  }

  static bool compare(const std::string& op, const Value& left, const Value& right) {
    auto decide = [&](auto a, auto b) {
      if (op == "==") return a == b;
      if (op == "!=") return a != b;
      if (op == "<") return a < b;
      if (op == "<=") return a <= b;
      if (op == ">") return a > b;
      return a >= b;
    };
    if (left.type.is_signed && left.type.is_integer()) {
      return decide(static_cast<std::int64_t>(left.bits), static_cast<std::int64_t>(right.bits));
    }
    return decide(left.bits, right.bits);
  }

  Value comparison(const std::string& op, const Value& left, const Value& right) {
    const bool integers = left.type.is_integer() || right.type.is_integer();
    if (integers) {
      const auto common = comparison_type(left.type, right.type);
      return boolean_value(compare(op, convert(left, common), convert(right, common)));
    }
    if (left.type.is_boolean()) return boolean_value(compare(op, left, right));
    // Strings are compared by content, aggregates after promotion of their parts.
    const auto common = *promote(left.type, right.type);
    return boolean_value(equal(convert(left, common), convert(right, common)) == (op == "=="));
  }

  Value binary(const Expression& e) {
    auto left = value_of(*e.operands[0]);
    if (e.text == "&&" && !left.truth()) return boolean_value(false);
    if (e.text == "||" && left.truth()) return boolean_value(true);
    auto right = value_of(*e.operands[1]);
    if (e.text == "&&" || e.text == "||") return boolean_value(right.truth());
    static const std::string comparisons = "== != <= >=";
    if (e.text == "<" || e.text == ">" || comparisons.find(e.text) != std::string::npos) {
      return comparison(e.text, left, right);
    }
    const auto type = arithmetic_type(e.text, left.type, right.type);
    const auto bits = compute(e.text, left.bits, right.bits, type.is_signed);
    return type.is_boolean() ? boolean_value(bits != 0) : integer_value(bits, type);
  }

  Value unary(const Expression& e) {
    auto operand = value_of(*e.operands[0]);
    if (e.text == "!") return boolean_value(!operand.truth());
    const auto bits = e.text == "-" ? 0 - operand.bits : ~operand.bits;
    return integer_value(bits, integer_type(64, operand.type.is_signed));
  }

  Value call(const Expression& e) {
    if (e.place.map >= 0) return map_call(e);
    auto text = [&](std::size_t i) { return value_of(*e.operands[i]).text; };
    auto found = [&](std::size_t at) {
      return at == std::string::npos ? -1 : static_cast<int>(at);
    };
    if (e.text == "strlen") return integer_value(text(0).size(), integer_type(64, false));
    if (e.text == "str") {
      // n bytes with the NUL: n - 1 characters are kept.
      const auto n = static_cast<std::size_t>(value_of(*e.operands[1]).bits);
      return Value{string_type(n + 1), 0, text(0).substr(0, n == 0 ? 0 : n - 1), {}};
    }
    if (e.text == "strncmp") {
      const auto n = static_cast<std::size_t>(value_of(*e.operands[2]).bits);
      const bool same = text(0).substr(0, n) == text(1).substr(0, n);
      return integer_value(same ? 0 : 1, integer_type(64, false));
    }
    const int at = found(text(0).find(text(1)));
    if (e.text == "strcontains") return boolean_value(at >= 0);
    return integer_value(static_cast<std::uint64_t>(at), integer_type(32, true));
  }

  Value map_call(const Expression& e) {
    auto& all = entries(e.place.map);
    if (e.text == "len") return integer_value(all.size(), integer_type(64, true));
    auto entry = all.find(identity(key_of(e.place)));
    const bool present = entry != all.end();
    if (e.text == "find" && present) store(e.operands[0]->place, entry->second.second);
    if (e.text == "delete" && present) all.erase(entry);
    return boolean_value(present);
  }

  Value element(const Expression& e) {
    auto base = value_of(*e.operands[0]);
    if (e.kind == Expression::Kind::field) {
      std::size_t at = 0;
      while (base.type.fields[at] != e.text) ++at;
      return base.elements[at];
    }
    auto at = static_cast<std::size_t>(e.number);
    if (e.operands.size() > 1) at = static_cast<std::size_t>(value_of(*e.operands[1]).bits);
    if (!base.type.is_string()) return base.elements[at];
    const char c = at < base.text.size() ? base.text[at] : '\0';
    return integer_value(static_cast<std::uint64_t>(c), integer_type(8, true));
  }

  Value parts(const Expression& e) {
    Value value;
    std::vector<Type> types;
    for (const auto& operand : e.operands) {
      value.elements.push_back(value_of(*operand));
      types.push_back(value.elements.back().type);
    }
    value.type = e.kind == Expression::Kind::tuple ? tuple_type(std::move(types))
                                                   : record_type(e.type.fields, std::move(types));
    return value;
  }

  Value literal(const Literal& literal) {
    if (literal.is_integer()) {
      return integer_value(static_cast<std::uint64_t>(literal.integer()),
                           literal_type(literal.integer()));
    }
    if (literal.is_boolean()) return boolean_value(literal.boolean());
    return Value{string_type(literal.text().size() + 1), 0, literal.text(), {}};
  }

  // Only the side taken is evaluated; its value gets the type of both.
  Value choice(const Expression& e) {
    auto condition = value_of(*e.operands[0]);
    const bool yes = condition.truth();
    const auto type = *type_of(typing_, e);
    if (e.kind == Expression::Kind::elvis) {
      return convert(value_of(*e.operands[yes ? 0 : 1]), type);
    }
    block(yes ? e.body : e.otherwise);
    return convert(value_of(*e.operands[yes ? 1 : 2]), type);
  }

  Value value_of(const Expression& e) {
    using Kind = Expression::Kind;
    if (e.folded) return literal(*e.folded);
    switch (e.kind) {
      case Kind::literal: break;
      case Kind::place: return load(e.place);
      case Kind::unary: return unary(e);
      case Kind::binary: return binary(e);
      case Kind::conditional:
      case Kind::elvis:
      case Kind::choice: return choice(e);
      case Kind::cast: return convert(value_of(*e.operands[0]), e.type);
      case Kind::tuple:
      case Kind::record: return parts(e);
      case Kind::element:
      case Kind::field:
      case Kind::index: return element(e);
      case Kind::call: return call(e);
      case Kind::step: {
        auto before = step(e.place, e.text);
        return e.number == 1 ? load(e.place) : before;
      }
      case Kind::size: {
        const auto type = e.operands.empty() ? e.type : *type_of(typing_, *e.operands[0]);
        return literal(Literal{static_cast<Wide>(size_of(type))});
      }
      case Kind::block: block(e.body); return value_of(*e.operands[0]);
      case Kind::macro: return value_of(*e.operands[0]);
    }
    return Value{};
  }

  void result(const Statement& s) {
    auto value = value_of(*s.operands[0]);
    auto text = s.kind == Statement::Kind::print ? text_form(value) : format(s.text, value);
    outcome_.lines.push_back("#" + std::to_string(s.line) + " " + text);
  }

  Flow repeat(const Statement& s) {
    variables_[static_cast<std::size_t>(s.target.variable)] =
        integer_value(0, type_of_place(s.target));
    while (static_cast<std::int64_t>(load(s.target).bits) < s.number) {
      step(s.target, "++");
      if (block(s.body) == Flow::leave) break;
    }
    return Flow::next;
  }

  Flow unroll(const Statement& s) {
    for (int i = 0; i < s.number; ++i) {
      auto flow = block(s.body);
      if (flow != Flow::next) return flow;
    }
    return Flow::next;
  }

  Flow range(const Statement& s) {
    const auto type = type_of_place(s.target);
    auto at = convert(value_of(*s.operands[0]), type);
    const auto end = convert(value_of(*s.operands[1]), type);
    for (; go_on() && compare("<", at, end); at = integer_value(at.bits + 1, type)) {
      variables_[static_cast<std::size_t>(s.target.variable)] = at;
      if (block(s.body) == Flow::leave) break;
    }
    return Flow::next;
  }

  Flow for_map(const Statement& s) {
    const auto all = entries(s.map);
    for (const auto& [name, entry] : all) {
      Value pair{type_of_place(s.target), 0, "", {entry.first, entry.second}};
      variables_[static_cast<std::size_t>(s.target.variable)] = std::move(pair);
      if (block(s.body) == Flow::leave) break;
    }
    return Flow::next;
  }

  // False once the program has taken too many steps.
  bool go_on() {
    if (++steps_ > most_steps) outcome_.too_long = true;
    return !outcome_.too_long;
  }

  Flow statement(const Statement& s) {
    if (!go_on()) return Flow::leave;
    using Kind = Statement::Kind;
    switch (s.kind) {
      case Kind::declare:
        store(s.target,
              s.operands.empty() ? zero(type_of_place(s.target)) : value_of(*s.operands[0]));
        break;
      case Kind::assign: store(s.target, value_of(*s.operands[0])); break;
      case Kind::compound: store(s.target, value_of(as_binary(s))); break;
      case Kind::step: step(s.target, s.text); break;
      case Kind::erase: entries(s.target.map).erase(identity(key_of(s.target))); break;
      case Kind::branch: return block(value_of(*s.operands[0]).truth() ? s.body : s.otherwise);
      case Kind::expansion:
      case Kind::block: return block(s.body);
      case Kind::repeat: return repeat(s);
      case Kind::unroll: return unroll(s);
      case Kind::for_range: return range(s);
      case Kind::for_map: return for_map(s);
      case Kind::break_:
        if (value_of(*s.operands[0]).truth()) return Flow::leave;
        break;
      case Kind::continue_:
        if (value_of(*s.operands[0]).truth()) return Flow::again;
        break;
      case Kind::print:
      case Kind::format: result(s); break;
    }
    return Flow::next;
  }

  const Program& program_;
  const Typing& typing_;
  std::vector<Value> variables_;
  std::vector<Entries> maps_;
  Outcome outcome_;
  int steps_ = 0;
};

}  // namespace

Outcome evaluate(const Program& program, const Typing& typing) {
  return Evaluation(program, typing).run();
}

}  // namespace gimlet::random_tests
