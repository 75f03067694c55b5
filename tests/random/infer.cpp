// The walk that collects every assignment's type, and the typing of single expressions.
#include "infer.h"

#include <limits>
#include <set>

namespace gimlet::random_tests {
namespace {

using Types = std::vector<std::optional<Type>>;

std::optional<Type>& slot(Types& types, int index) {
  return types[static_cast<std::size_t>(index)];
}

bool is_comparison(const std::string& op) {
  static const std::set<std::string> all = {"==", "!=", "<", "<=", ">", ">="};
  return all.contains(op);
}

bool is_logical(const std::string& op) { return op == "&&" || op == "||"; }

bool is_scalar(const Type& type) { return type.is_integer() || type.is_boolean(); }

// A literal above int64 is only usable where the other side is unsigned.
bool too_large(const Expression& e, const Type& target) {
  return e.folded && e.folded->is_integer() && target.is_integer() &&
         !fits(e.folded->integer(), target) && target.bits == 64;
}

// Run-time shift counts outside 0..63 are undefined, so they stay visibly bounded.
bool is_shift_count(const Expression& e) {
  auto bounded = [](const Expression& literal) {
    return literal.folded && literal.folded->is_integer() && literal.folded->integer() >= 0 &&
           literal.folded->integer() < 64;
  };
  return bounded(e) || (e.kind == Expression::Kind::binary && e.text == "&" &&
                        (bounded(*e.operands[0]) || bounded(*e.operands[1])));
}

std::optional<Type> type_of_binary(const Typing& typing, const Expression& e) {
  auto left = type_of(typing, *e.operands[0]);
  auto right = type_of(typing, *e.operands[1]);
  if (!left || !right) return std::nullopt;
  if (is_logical(e.text)) {
    return is_scalar(*left) && is_scalar(*right) ? std::optional(boolean_type()) : std::nullopt;
  }
  if (is_comparison(e.text)) {
    if (is_scalar(*left) && is_scalar(*right)) {
      auto common = comparison_type(*left, *right);
      if (too_large(*e.operands[0], common) || too_large(*e.operands[1], common)) {
        return std::nullopt;
      }
      return boolean_type();
    }
    return promote(*left, *right) ? std::optional(boolean_type()) : std::nullopt;
  }
  if (!is_scalar(*left) || !is_scalar(*right)) return std::nullopt;
  if ((e.text == "<<" || e.text == ">>") && !is_shift_count(*e.operands[1])) return std::nullopt;
  auto result = arithmetic_type(e.text, *left, *right);
  // A negative literal beside an unsigned operand makes the result signed, so only large ones
  // can fail to fit.
  if (too_large(*e.operands[0], result) || too_large(*e.operands[1], result)) return std::nullopt;
  return result;
}

std::optional<Type> type_of_call(const Expression& e) {
  if (e.text == "len") return integer_type(64, true);
  if (e.text == "strncmp" || e.text == "strlen") return integer_type(64, false);
  if (e.text == "strstr") return integer_type(32, true);
  if (e.text == "str") {
    return string_type(static_cast<std::size_t>(e.operands[1]->folded->integer()) + 1);
  }
  return boolean_type();  // has_key, find, delete, strcontains
}

std::optional<Type> type_of_parts(const Typing& typing, const Expression& e) {
  std::vector<Type> elements;
  for (const auto& operand : e.operands) {
    auto type = type_of(typing, *operand);
    if (!type) return std::nullopt;
    elements.push_back(std::move(*type));
  }
  if (e.kind == Expression::Kind::tuple) return tuple_type(std::move(elements));
  return record_type(e.type.fields, std::move(elements));
}

std::optional<Type> type_of_element(const Typing& typing, const Expression& e) {
  auto base = type_of(typing, *e.operands[0]);
  if (!base) return std::nullopt;
  if (e.kind == Expression::Kind::index) {
    if (base->is_string()) {
      if (static_cast<std::size_t>(e.number) >= base->length) return std::nullopt;
      return integer_type(8, true);
    }
    if (base->kind != Type::Kind::array) return std::nullopt;
    return base->elements.front();
  }
  if (e.kind == Expression::Kind::element) {
    const auto at = static_cast<std::size_t>(e.number);
    if (base->kind != Type::Kind::tuple || at >= base->elements.size()) return std::nullopt;
    return base->elements[at];
  }
  for (std::size_t i = 0; i < base->fields.size(); ++i) {
    if (base->fields[i] == e.text) return base->elements[i];
  }
  return std::nullopt;
}

bool is_condition(const Typing& typing, const Expression& e);

std::optional<Type> join(const Typing& typing, const Expression& condition, const Expression& yes,
                         const Expression& no) {
  if (!is_condition(typing, condition)) return std::nullopt;
  auto left = type_of(typing, yes);
  auto right = type_of(typing, no);
  if (!left || !right) return std::nullopt;
  auto result = promote(*left, *right);
  if (result && (too_large(yes, *result) || too_large(no, *result))) return std::nullopt;
  return result;
}

Type type_of_literal(const Literal& literal) {
  if (literal.is_integer()) return literal_type(literal.integer());
  if (literal.is_boolean()) return boolean_type();
  return string_type(literal.text().size() + 1);
}

bool is_castable(const Type& from, const Type& to) {
  switch (to.kind) {
    case Type::Kind::integer:
      return is_scalar(from) || (from.kind == Type::Kind::array && size_of(from) == size_of(to));
    case Type::Kind::boolean: return is_scalar(from) || from.is_string();
    case Type::Kind::string: return from.is_string() && from.length <= to.length;
    case Type::Kind::array: return from.is_integer() && size_of(from) <= size_of(to);
    case Type::Kind::none:
    case Type::Kind::tuple:
    case Type::Kind::record: break;
  }
  return false;
}

std::optional<Type> type_of_cast(const Typing& typing, const Expression& e) {
  auto from = type_of(typing, *e.operands[0]);
  if (!from) return std::nullopt;
  if (!is_castable(*from, e.type)) return std::nullopt;
  return e.type;
}

// Integer, bool, or (if literal) text.
bool is_condition(const Typing& typing, const Expression& e) {
  auto type = type_of(typing, e);
  return type && (is_scalar(*type) || (type->is_string() && e.folded));
}

// print() of one prints the map, not the value.
bool is_bare_map(const Expression& e) {
  return e.kind == Expression::Kind::place && e.place.map >= 0 && !e.place.key;
}

class Inference {
 public:
  explicit Inference(const Program& program) : program_(program) {
    typing_.variables.resize(program.variables.size());
    typing_.map_values.resize(program.maps.size());
    typing_.map_keys.resize(program.maps.size());
    for (std::size_t i = 0; i < program.variables.size(); ++i) {
      typing_.variables[i] = program.variables[i].declared;
    }
  }

  std::optional<Typing> result() {
    for (int round = 0; round < 20; ++round) {
      const auto before = typing_;
      pass();
      if (wrong_) return std::nullopt;
      if (typing_ == before) {
        strict_ = true;
        pass();
        if (wrong_) return std::nullopt;
        return typing_;
      }
    }
    return std::nullopt;
  }

 private:
  void pass() {
    visible_.clear();
    block(program_.body);
  }

  void block(const Block& body) {
    const auto outside = visible_;
    for (const auto& part : body) statement(*part);
    visible_ = outside;
  }

  std::optional<Type> expression(const Expression& e) {
    visit(e);
    auto type = type_of(typing_, e);
    if (!type && strict_) wrong_ = true;
    return type;
  }

  // Everything inside an expression that shapes locations: keys, steps, blocks.
  void visit(const Expression& e) {
    if (e.kind == Expression::Kind::block || e.kind == Expression::Kind::choice) {
      return visit_blocks(e);
    }
    if (e.kind == Expression::Kind::macro) return visit(*e.operands[0]);
    const bool assigned = e.kind == Expression::Kind::step;
    use(e.place, assigned);
    for (const auto& operand : e.operands) visit(*operand);
    if (assigned) step(e.place, e.text);
    if (e.kind == Expression::Kind::call && e.text == "find") {
      if (const auto& value = slot(typing_.map_values, e.place.map)) {
        store(e.operands[0]->place, *value);
      }
    }
  }

  void visit_blocks(const Expression& e) {
    const auto outside = visible_;
    std::size_t value = 0;
    if (e.kind == Expression::Kind::choice) visit(*e.operands[value++]);
    for (const auto& part : e.body) statement(*part);
    visit(*e.operands[value++]);
    visible_ = outside;
    if (e.kind == Expression::Kind::block) return;
    for (const auto& part : e.otherwise) statement(*part);
    visit(*e.operands[value]);
    visible_ = outside;
  }

  void use(const Place& place, bool) {
    if (place.variable >= 0 && !visible_.contains(place.variable)) wrong_ = true;
    if (place.key) key(place);
  }

  void key(const Place& place) {
    if (auto type = expression(*place.key)) merge(slot(typing_.map_keys, place.map), *type);
  }

  void merge(std::optional<Type>& present, const Type& arriving) {
    if (!present) {
      present = arriving;
      return;
    }
    auto promoted = promote(*present, arriving);
    if (promoted) {
      present = std::move(promoted);
    } else {
      wrong_ = true;
    }
  }

  bool is_declared(const Place& place) const {
    return place.variable >= 0 &&
           program_.variables[static_cast<std::size_t>(place.variable)].declared;
  }

  std::optional<Type>& location(const Place& place) {
    return place.variable >= 0 ? slot(typing_.variables, place.variable)
                               : slot(typing_.map_values, place.map);
  }

  void store(const Place& place, const Type& type) {
    if (!is_declared(place)) {
      merge(location(place), type);
    } else if (!promote(*location(place), type) ||
               (type.is_string() && type.length > location(place)->length)) {
      wrong_ = true;
    }
  }

  void store(const Place& place, const Expression& value) {
    auto type = expression(value);
    if (!type) return;
    store(place, *type);
    const auto& target = location(place);
    if (strict_ && value.folded && value.folded->is_integer() && target && target->is_integer() &&
        !fits(value.folded->integer(), *target)) {
      wrong_ = true;
    }
  }

  void step(const Place& place, const std::string& op) {
    if (is_declared(place)) return;
    auto& type = location(place);
    if (type && !type->is_integer()) {
      wrong_ = true;
      return;
    }
    merge(type, type ? stepped_type(op, *type) : integer_type(64, true));
  }

  void assign(const Statement& s) {
    if (s.target.key) key(s.target);
    store(s.target, *s.operands[0]);
    if (s.target.variable >= 0) visible_.insert(s.target.variable);
  }

  void compound(const Statement& s) {
    use(s.target, true);
    auto value = expression(*s.operands[0]);
    auto type = type_of(typing_, as_binary(s));
    if (!value) return;
    if (type) {
      store(s.target, *type);
    } else if (strict_) {
      wrong_ = true;
    }
  }

  void range(const Statement& s) {
    auto start = expression(*s.operands[0]);
    auto end = expression(*s.operands[1]);
    if (start && end)
      merge(slot(typing_.variables, s.target.variable), comparison_type(*start, *end));
    loop(s);
  }

  void entries(const Statement& s) {
    const auto& key = slot(typing_.map_keys, s.map);
    const auto& value = slot(typing_.map_values, s.map);
    if (key && value) {
      merge(slot(typing_.variables, s.target.variable), tuple_type({*key, *value}));
    } else if (strict_) {
      wrong_ = true;
    }
    loop(s);
  }

  void loop(const Statement& s) {
    const auto outside = visible_;
    visible_.insert(s.target.variable);
    block(s.body);
    visible_ = outside;
  }

  void statement(const Statement& s) {
    using Kind = Statement::Kind;
    switch (s.kind) {
      case Kind::declare:
        if (!s.operands.empty()) store(s.target, *s.operands[0]);
        visible_.insert(s.target.variable);
        return;
      case Kind::assign: return assign(s);
      case Kind::compound: return compound(s);
      case Kind::step: use(s.target, true); return step(s.target, s.text);
      case Kind::erase: return use(s.target, false);
      case Kind::for_range: return range(s);
      case Kind::for_map: return entries(s);
      case Kind::repeat:
        visible_.insert(s.target.variable);
        merge(location(s.target), integer_type(64, true));
        return block(s.body);
      case Kind::branch:
      case Kind::break_:
      case Kind::continue_: condition(*s.operands[0]); break;
      case Kind::format: formatted(s); break;
      case Kind::print:
        expression(*s.operands[0]);
        if (is_bare_map(*s.operands[0])) wrong_ = true;
        break;
      case Kind::block:
      case Kind::unroll:
      case Kind::expansion: break;
    }
    block(s.body);
    block(s.otherwise);
  }

  void condition(const Expression& e) {
    expression(e);
    if (strict_ && !is_condition(typing_, e)) wrong_ = true;
  }

  void formatted(const Statement& s) {
    auto type = expression(*s.operands[0]);
    if (strict_ && s.text.find('s') == std::string::npos && (!type || !is_scalar(*type))) {
      wrong_ = true;
    }
  }

  const Program& program_;
  Typing typing_;
  std::set<int> visible_;
  bool wrong_ = false;
  bool strict_ = false;  // the last pass: everything must be known by now
};

}  // namespace

Expression as_binary(const Statement& compound) {
  Expression place;
  place.kind = Expression::Kind::place;
  place.place = compound.target;
  Expression binary;
  binary.kind = Expression::Kind::binary;
  binary.text = compound.text.substr(0, compound.text.size() - 1);
  binary.operands = {std::make_shared<const Expression>(std::move(place)), compound.operands[0]};
  return binary;
}

std::optional<Typing> infer(const Program& program) { return Inference(program).result(); }

std::optional<Type> type_of(const Typing& typing, const Expression& e) {
  using Kind = Expression::Kind;
  if (e.folded) return type_of_literal(*e.folded);
  auto at = [&](std::size_t i) { return type_of(typing, *e.operands[i]); };
  switch (e.kind) {
    case Kind::literal: return std::nullopt;
    case Kind::place:
    case Kind::step:
      return e.place.variable >= 0 ? typing.variables[static_cast<std::size_t>(e.place.variable)]
                                   : typing.map_values[static_cast<std::size_t>(e.place.map)];
    case Kind::unary: {
      auto type = at(0);
      if (!type || !is_scalar(*type)) return std::nullopt;
      if (e.text == "!") return boolean_type();
      if (!type->is_integer()) return std::nullopt;
      return integer_type(64, type->is_signed);
    }
    case Kind::binary: return type_of_binary(typing, e);
    case Kind::conditional: return join(typing, *e.operands[0], *e.operands[1], *e.operands[2]);
    case Kind::elvis: return join(typing, *e.operands[0], *e.operands[0], *e.operands[1]);
    case Kind::choice: return join(typing, *e.operands[0], *e.operands[1], *e.operands[2]);
    case Kind::cast: return type_of_cast(typing, e);
    case Kind::tuple:
    case Kind::record: return type_of_parts(typing, e);
    case Kind::element:
    case Kind::field:
    case Kind::index: return type_of_element(typing, e);
    case Kind::call: return type_of_call(e);
    case Kind::size: {
      auto type = e.operands.empty() ? std::optional(e.type) : at(0);
      if (!type) return std::nullopt;
      return literal_type(static_cast<Wide>(size_of(*type)));
    }
    case Kind::block:
    case Kind::macro: return at(0);
  }
  return std::nullopt;
}

}  // namespace gimlet::random_tests
