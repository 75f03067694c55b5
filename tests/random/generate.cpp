// Statements and the whole program: first maps are seeded with values (a value read back from a map
// is unknown to the compiler, so nothing folds away), then variables are read from them, and then
// come results, assignments and control flow at random.
#include "generate.h"

#include <utility>

#include "expressions.h"
#include "infer.h"

namespace gimlet::random_tests {
namespace {

class Generation {
 public:
  Generation(std::uint64_t seed, const Options& options)
      : random_(seed), options_(options), expressions_(random_, options_, scope_, program_) {}

  Program run() {
    if (whole() && options_.has("macros")) macros();
    seed_maps();
    seed_variables();
    while (line_ <= options_.results) top_level(any(2));
    return std::move(program_);
  }

 private:
  bool whole() const { return options_.level >= 2; }

  // Keeps the statements only if the program is still well-typed with them.
  void top_level(Block statements) {
    const auto length = program_.body.size();
    program_.body.insert(program_.body.end(), statements.begin(), statements.end());
    if (infer(program_)) {
      kept_ = scope_;
      kept_line_ = line_;
      return;
    }
    program_.body.resize(length);
    scope_ = kept_;
    line_ = kept_line_;
  }

  static StatementRef make(Statement statement) {
    return std::make_shared<const Statement>(std::move(statement));
  }

  static StatementRef assign(const Place& place, ExpressionRef value) {
    Statement s;
    s.kind = Statement::Kind::assign;
    s.target = place;
    s.operands = {std::move(value)};
    return make(std::move(s));
  }

  int new_variable(std::string name, std::optional<Type> declared = {}) {
    program_.variables.push_back({std::move(name), std::move(declared)});
    return static_cast<int>(program_.variables.size()) - 1;
  }

  std::string fresh_name() { return "v" + std::to_string(program_.variables.size()); }

  KnownMap& new_map(const Shape& value, bool keyed, const Shape& key) {
    const int index = static_cast<int>(program_.maps.size());
    program_.maps.push_back({(keyed ? "k" : "m") + std::to_string(index)});
    scope_.maps.push_back({index, value, keyed, key, false});
    return scope_.maps.back();
  }

  void seed_integers() {
    for (int width : {8, 16, 32, 64}) {
      for (bool is_signed : {false, true}) {
        if (random_.one_in(4)) continue;
        auto& map = new_map({}, false, {});
        map.rigid = true;
        const Place place{-1, map.index, nullptr};
        auto value =
            Expressions::cast(integer_type(width, is_signed), expressions_.integer_literal());
        top_level({assign(place, value)});
      }
    }
    // Only ever a literal: stays flexible until something definite is assigned.
    const Place place{-1, new_map({}, false, {}).index, nullptr};
    top_level({assign(place, expressions_.integer_literal())});
  }

  void seed_maps() {
    seed_integers();
    const std::vector<Shape> values = {{Kind::boolean, {}, {}},
                                       {Kind::string, {}, {}},
                                       {Kind::tuple, {Kind::integer, Kind::string}, {}},
                                       {Kind::tuple, {Kind::integer, Kind::integer}, {}}};
    for (const auto& shape : values) {
      const Place place{-1, new_map(shape, false, {}).index, nullptr};
      top_level({assign(place, expressions_.make(shape, 1))});
    }
    const std::vector<Shape> keys = {{Kind::integer, {}, {}},
                                     {Kind::string, {}, {}},
                                     {Kind::tuple, {Kind::integer, Kind::string}, {}}};
    for (const auto& key : keys) {
      const Shape value = random_.one_in(3) ? Shape{Kind::string, {}, {}} : Shape{};
      const auto map = new_map(value, true, key);
      for (int i = 0; i < 3; ++i) {
        auto at = expressions_.key(key, 1);
        top_level({assign(Place{-1, map.index, at}, expressions_.make(value, 1))});
      }
    }
  }

  void seed_variables() {
    const auto maps = scope_.maps;
    for (const auto& map : maps) {
      if (map.keyed) continue;
      const auto source = Expressions::read(Place{-1, map.index, nullptr});
      const int index = new_variable(fresh_name());
      scope_.variables.push_back({index, map.value, map.value == Shape{}, map.rigid, true});
      top_level({assign(Place{index, -1, nullptr}, source)});
    }
    for (int i = 0; i < 3; ++i) top_level(declare(1));
    if (!whole() || !options_.has("records")) return;
    top_level(define(Shape{Kind::record, {Kind::integer, Kind::boolean}, {"a", "b"}}, 1));
    top_level(define(Shape{Kind::tuple, {Kind::integer, Kind::string, Kind::boolean}, {}}, 1));
  }

  // A macro of two parameters; the cast gives its value a definite type.
  void macros() {
    for (int i = 0; i < 2; ++i) {
      static const std::vector<std::string> ops = {"+", "-", "*", "&", "|", "^"};
      auto term = [&]() -> ExpressionRef {
        if (random_.one_in(4)) return Expressions::number(random_.below(100));
        return parameter(random_.one_in(2) ? "x" : "y");
      };
      auto body = Expressions::binary(random_.pick(ops), parameter("x"), term());
      if (random_.one_in(2)) body = Expressions::binary(random_.pick(ops), body, term());
      body = Expressions::cast(expressions_.random_integer_type(), body);
      const auto name = "mac" + std::to_string(i);
      program_.macros.push_back("macro " + name + "(x, y) { " + print(program_, *body) + " }");
      scope_.macros.push_back({name, body});
    }
    program_.macros.push_back("macro add_to($v, x) { $v += x; }");
    program_.macros.push_back("macro put(@m, k, x) { $tmp = x; @m[k] = $tmp; }");
  }

  // `let` with a type: assigned values are cast to it, literals have to fit.
  Block declare(int depth) {
    std::optional<Type> type = expressions_.random_integer_type();
    if (random_.one_in(4)) type.reset();
    auto value = expressions_.integer(depth);
    if (value->folded) value = Expressions::cast(expressions_.random_integer_type(), value);
    const int index = new_variable(fresh_name(), type);
    scope_.variables.push_back({index, {}, !type, type.has_value(), true});
    Statement s;
    s.kind = Statement::Kind::declare;
    s.target.variable = index;
    if (!type || random_.below(8) > 0) s.operands = {value};
    return {make(std::move(s))};
  }

  bool is_visible(const std::string& name) const {
    for (const auto& variable : scope_.variables) {
      if (program_.variables[static_cast<std::size_t>(variable.index)].name == name) return true;
    }
    return false;
  }

  Block define(const Shape& shape, int depth) {
    auto value = expressions_.make(shape, depth);
    // The name of a macro's local variable, which must not clash with this one.
    const bool as_in_macro = random_.one_in(12) && !is_visible("tmp");
    const int index = new_variable(as_in_macro ? "tmp" : fresh_name());
    scope_.variables.push_back({index, shape, shape == Shape{}, false, true});
    return {assign(Place{index, -1, nullptr}, value)};
  }

  Shape some_shape() {
    static const std::vector<Shape> shapes = {
        {Kind::integer, {}, {}}, {Kind::integer, {}, {}},
        {Kind::integer, {}, {}}, {Kind::boolean, {}, {}},
        {Kind::string, {}, {}},  {Kind::tuple, {Kind::integer, Kind::string}, {}}};
    return random_.pick(shapes);
  }

  Block result(int depth) {
    Statement s;
    s.kind = Statement::Kind::format;
    s.line = line_++;
    ExpressionRef value;
    Shape shape = some_shape();
    if (random_.one_in(6)) {
      value = expressions_.literal_only(3);
      shape = Shape{
          value->folded && value->folded->is_boolean() ? Kind::boolean : Kind::integer, {}, {}};
    } else if (random_.one_in(12)) {
      value = expressions_.step_value();
      shape = Shape{};
    }
    if (!value) value = expressions_.make(shape, depth);
    s.text = conversion(shape);
    // print() of a bare scalar map prints the map, not the value.
    const bool bare_map = value->kind == Expression::Kind::place && value->place.map >= 0;
    if (s.text.empty() && bare_map) s.text = "%s";
    if (s.text.empty()) s.kind = Statement::Kind::print;
    s.operands = {value};
    return {make(std::move(s))};
  }

  std::string conversion(const Shape& shape) {
    static const std::vector<std::string> integers = {"%lld", "%lld", "%ld",  "%llu", "%llx",
                                                      "%d",   "%hhd", "%hu",  "%x",   "%u",
                                                      "%s",   "%o",   "%20s", "%-9d"};
    static const std::vector<std::string> booleans = {"%d", "%s", "%lld"};
    static const std::vector<std::string> others = {"%s", "%s", "%12s"};
    if (random_.one_in(3)) return "";
    if (shape.kind == Kind::integer) return random_.pick(integers);
    return random_.pick(shape.kind == Kind::boolean ? booleans : others);
  }

  std::vector<KnownVariable> assignable() const {
    std::vector<KnownVariable> found;
    for (const auto& variable : scope_.variables) {
      if (variable.assignable) found.push_back(variable);
    }
    return found;
  }

  Block assignment(int depth) {
    if (random_.one_in(3)) return map_assignment(depth);
    const auto all = assignable();
    if (all.empty()) return result(depth);
    const auto& variable = random_.pick(all);
    const Place place{variable.index, -1, nullptr};
    auto value = expressions_.make(variable.shape, depth);
    const bool declared =
        program_.variables[static_cast<std::size_t>(variable.index)].declared.has_value();
    // An inferred variable known to have a definite sign keeps it; others may gain one.
    if (declared && value->folded && value->folded->is_integer()) value = expressions_.rigid(value);
    return {assign(place, value)};
  }

  Block map_assignment(int depth) {
    if (scope_.maps.empty()) return result(depth);
    const auto map = random_.pick(scope_.maps);
    auto at = map.keyed ? expressions_.key(map.key, 1) : nullptr;
    return {assign(Place{-1, map.index, at}, expressions_.make(map.value, depth))};
  }

  Place integer_place() {
    std::vector<Place> places;
    for (const auto& variable : assignable()) {
      if (variable.shape == Shape{}) places.push_back(Place{variable.index, -1, nullptr});
    }
    for (const auto& map : scope_.maps) {
      if (!(map.value == Shape{})) continue;
      places.push_back(Place{-1, map.index, map.keyed ? expressions_.key(map.key, 1) : nullptr});
    }
    return places.empty() ? Place{} : random_.pick(places);
  }

  Block compound(int depth) {
    static const std::vector<std::string> ops = {
        "+=", "-=", "*=", "&=", "|=", "^=", "<<=", ">>=", "/=", "%="};
    Statement s;
    s.kind = Statement::Kind::compound;
    s.target = integer_place();
    if (s.target.variable < 0 && s.target.map < 0) return result(depth);
    s.text = random_.pick(ops);
    auto value = expressions_.integer(depth - 1);
    if (s.text == "<<=" || s.text == ">>=") {
      value = random_.one_in(2) ? Expressions::number(random_.below(20))
                                : Expressions::binary("&", expressions_.variable_integer(),
                                                      Expressions::number(31));
    } else if (s.text == "/=" || s.text == "%=") {
      value = Expressions::binary("|", expressions_.variable_integer(), Expressions::number(1));
    }
    s.operands = {value};
    return {make(std::move(s))};
  }

  Block step() {
    Statement s;
    s.kind = Statement::Kind::step;
    s.text = random_.one_in(2) ? "++" : "--";
    s.target = integer_place();
    if (s.target.variable < 0 && s.target.map < 0) return result(2);
    return {make(std::move(s))};
  }

  Block erase() {
    Statement s;
    s.kind = Statement::Kind::erase;
    std::vector<KnownMap> keyed;
    for (const auto& map : scope_.maps) {
      if (map.keyed) keyed.push_back(map);
    }
    if (keyed.empty()) return result(2);
    const auto map = random_.pick(keyed);
    s.target = Place{-1, map.index, expressions_.key(map.key, 1)};
    return {make(std::move(s))};
  }

  // A nested block: what it declares is gone afterwards, and its names are free again.
  Block nested(int depth, int most = 3) {
    const auto outside = scope_.variables;
    Block body;
    if (random_.one_in(3)) {
      auto value = expressions_.integer(depth);
      if (!is_visible("inner")) {
        const int index = new_variable("inner");
        scope_.variables.push_back({index, {}, true, false, true});
        body.push_back(assign(Place{index, -1, nullptr}, value));
      }
    }
    const int count = random_.between(1, most);
    for (int i = 0; i < count; ++i) {
      for (auto& part : any(depth - 1)) body.push_back(part);
    }
    scope_.variables = outside;
    return body;
  }

  Block branch(int depth) {
    Statement s;
    s.kind = Statement::Kind::branch;
    s.operands = {random_.one_in(4) ? expressions_.integer(2) : expressions_.boolean(2)};
    s.body = nested(depth);
    if (random_.one_in(2)) s.otherwise = nested(depth);
    return {make(std::move(s))};
  }

  Block block(int depth) {
    Statement s;
    s.kind = Statement::Kind::block;
    s.body = nested(depth);
    return {make(std::move(s))};
  }

  void maybe_jump(Block& body) {
    if (random_.one_in(2)) return;
    Statement s;
    s.kind = random_.one_in(2) ? Statement::Kind::break_ : Statement::Kind::continue_;
    s.operands = {expressions_.boolean(1)};
    const auto at = random_.below(static_cast<int>(body.size()) + 1);
    body.insert(body.begin() + at, make(std::move(s)));
  }

  // Loops within loops are rare and those within `while` absent: the verifier walks every round of
  // every path, and programs beyond its limit test nothing.
  Block loop_body(int depth, bool unrolled) {
    return nested(!unrolled && random_.one_in(4) ? depth - 1 : 0, 2);
  }

  Block range(int depth) {
    const bool may_be_empty = options_.has("empty-ranges");
    Statement s;
    s.kind = Statement::Kind::for_range;
    auto start = Expressions::number(random_.below(4));
    if (random_.one_in(4)) start = Expressions::unary("-", start);
    if (random_.one_in(3)) {
      start = Expressions::binary("&", expressions_.variable_integer(), Expressions::number(3));
    }
    auto end = Expressions::cast(
        expressions_.random_integer_type(),
        Expressions::number(may_be_empty ? random_.between(1, 6) : random_.between(5, 8)));
    if (random_.one_in(3) && may_be_empty) {
      end = Expressions::binary("&", expressions_.variable_integer(), Expressions::number(7));
    }
    s.operands = {start, end};
    const auto outside = scope_.variables;
    s.target.variable = new_variable("i" + std::to_string(program_.variables.size()));
    scope_.variables.push_back({s.target.variable, {}, false, false, false});
    s.body = loop_body(depth, false);
    maybe_jump(s.body);
    scope_.variables = outside;
    return {make(std::move(s))};
  }

  // The order of a map's entries is not specified, so the body only adds up.
  Block entries() {
    std::vector<KnownMap> keyed;
    for (const auto& map : scope_.maps) {
      if (map.keyed && map.value == Shape{}) keyed.push_back(map);
    }
    if (keyed.empty()) return range(1);
    const auto map = random_.pick(keyed);
    const int total = new_variable(fresh_name(), integer_type(64, true));
    Statement declare;
    declare.kind = Statement::Kind::declare;
    declare.target.variable = total;
    declare.operands = {Expressions::number(random_.below(9))};
    Statement s;
    s.kind = Statement::Kind::for_map;
    s.map = map.index;
    s.target.variable = new_variable("kv" + std::to_string(program_.variables.size()));
    Expression value;
    value.kind = Expression::Kind::element;
    value.number = map.key == Shape{} ? random_.below(2) : 1;
    value.operands = {Expressions::read(Place{s.target.variable, -1, nullptr})};
    Statement add;
    add.kind = Statement::Kind::compound;
    add.text = random_.one_in(3) ? "^=" : "+=";
    add.target.variable = total;
    add.operands = {build(std::move(value))};
    s.body = {make(std::move(add))};
    Statement show;
    show.kind = Statement::Kind::format;
    show.text = "%lld";
    show.line = line_++;
    show.operands = {Expressions::read(Place{total, -1, nullptr})};
    scope_.variables.push_back({total, {}, false, true, true});
    return {make(std::move(declare)), make(std::move(s)), make(std::move(show))};
  }

  Block repeat(int depth) {
    Statement s;
    s.number = random_.between(1, 4);
    s.kind = Statement::Kind::unroll;
    const auto outside = scope_.variables;
    if (options_.has("while") && random_.one_in(2)) {
      s.kind = Statement::Kind::repeat;
      s.target.variable = new_variable("w" + std::to_string(program_.variables.size()));
      scope_.variables.push_back({s.target.variable, {}, false, false, false});
    }
    s.body = loop_body(depth, true);
    if (s.kind == Statement::Kind::repeat) maybe_jump(s.body);
    scope_.variables = outside;
    return {make(std::move(s))};
  }

  Block expansion(int depth) {
    Statement s;
    s.kind = Statement::Kind::expansion;
    auto value = expressions_.rigid(expressions_.integer(depth));
    for (const auto& variable : assignable()) {
      if (!(variable.shape == Shape{}) || random_.one_in(2)) continue;
      Statement add;
      add.kind = Statement::Kind::compound;
      add.text = "+=";
      add.target.variable = variable.index;
      add.operands = {value};
      s.body = {make(std::move(add))};
      s.text = "add_to($" + program_.variables[static_cast<std::size_t>(variable.index)].name +
               ", " + print(program_, *value) + ")";
      return {make(std::move(s))};
    }
    for (const auto& map : scope_.maps) {
      if (!map.keyed || !(map.value == Shape{})) continue;
      const int local = new_variable("tmp");
      const auto at = expressions_.key(map.key, 0);
      s.body = {assign(Place{local, -1, nullptr}, value),
                assign(Place{-1, map.index, at}, Expressions::read(Place{local, -1, nullptr}))};
      s.text = "put(@" + program_.maps[static_cast<std::size_t>(map.index)].name + ", " +
               print(program_, *at) + ", " + print(program_, *value) + ")";
      return {make(std::move(s))};
    }
    return result(depth);
  }

  Block any(int depth) {
    const int choice = random_.below(depth > 0 ? 24 : 16);
    if (choice < 10) return result(random_.between(1, 4));
    if (choice < 12) return assignment(2);
    if (choice == 12) return compound(2);
    if (choice == 13) return step();
    if (choice == 14) return erase();
    if (choice == 15) return random_.one_in(2) ? declare(2) : define(some_shape(), 2);
    if (choice < 19) return branch(depth);
    if (choice == 19 || !whole()) return block(depth);
    if (random_.one_in(2)) return branch(depth);
    if (choice == 20 && options_.has("for")) return range(depth);
    if (choice == 21 && options_.has("for")) return entries();
    if (choice == 22 && options_.has("macros")) return expansion(1);
    return repeat(depth);
  }

  Random random_;
  Options options_;
  Program program_;
  Scope scope_, kept_;
  Expressions expressions_;
  int line_ = 1, kept_line_ = 1;
};

}  // namespace

Program generate(std::uint64_t seed, const Options& options) {
  return Generation(seed, options).run();
}

}  // namespace gimlet::random_tests
