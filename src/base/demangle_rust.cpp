// Bad input only ever sets failed_; whoever loops or recurses asks for it.
#include "base/demangle_rust.h"

#include <algorithm>
#include <cstdint>

namespace gimlet::base {
namespace {

constexpr int kMaxDepth = 100;
constexpr size_t kMaxText = 1U << 14;  // references back may repeat what repeats already

std::string_view basic_type(char letter) {
  constexpr std::string_view kNames[26] = {"i8",   "bool",  "char",  "f64", "str", "f32", "",
                                           "u8",   "isize", "usize", "",    "i32", "u32", "i128",
                                           "u128", "_",     "",      "",    "i16", "u16", "()",
                                           "...",  "",      "i64",   "u64", "!"};
  return letter >= 'a' && letter <= 'z' ? kNames[letter - 'a'] : std::string_view();
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::optional<std::string> read() {
    path(true);
    // The crate that the code was made for says nothing to a reader.
    if (!failed_ && at_ < text_.size() && text_[at_] >= 'A' && text_[at_] <= 'Z') {
      const size_t length = out_.size();
      path(false);
      if (!failed_) out_.resize(length);
    }
    if (failed_ || at_ != text_.size()) return std::nullopt;
    return std::move(out_);
  }

 private:
  struct Nested {
    explicit Nested(Reader& reader) : reader(reader) {
      if (++reader.depth_ > kMaxDepth) reader.failed_ = true;
    }
    ~Nested() { reader.depth_--; }
    Reader& reader;
  };

  char take() {
    if (at_ < text_.size()) return text_[at_++];
    failed_ = true;
    return 0;
  }
  bool take_if(char wanted) {
    const bool there = at_ < text_.size() && text_[at_] == wanted;
    at_ += there;
    return there;
  }
  void say(std::string_view text) {
    if (out_.size() + text.size() > kMaxText) failed_ = true;
    if (!failed_) out_ += text;
  }

  uint64_t decimal() {
    uint64_t value = 0;
    if (take_if('0')) return 0;
    const size_t begin = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9' && at_ - begin < 9) {
      value = 10 * value + static_cast<uint64_t>(text_[at_++] - '0');
    }
    failed_ |= at_ == begin;
    return value;
  }
  // "_" is 0, "0_" is 1, ...
  uint64_t base62() {
    if (take_if('_')) return 0;
    uint64_t value = 0;
    for (int digits = 0; digits < 12; digits++) {
      const char c = take();
      if (c == '_') return value + 1;
      if (c >= '0' && c <= '9') {
        value = 62 * value + static_cast<uint64_t>(c - '0');
      } else if (c >= 'a' && c <= 'z') {
        value = 62 * value + static_cast<uint64_t>(c - 'a') + 10;
      } else if (c >= 'A' && c <= 'Z') {
        value = 62 * value + static_cast<uint64_t>(c - 'A') + 36;
      } else {
        break;
      }
    }
    failed_ = true;
    return 0;
  }

  uint64_t disambiguator() { return take_if('s') ? base62() + 1 : 0; }
  // A name of several alphabets is left in the form that it is coded in.
  std::string identifier() {
    const bool coded = take_if('u');
    const uint64_t length = decimal();
    take_if('_');
    if (failed_ || length > text_.size() - at_) {
      failed_ = true;
      return {};
    }
    std::string name(text_.substr(at_, length));
    at_ += length;
    return coded ? "punycode{" + name + "}" : name;
  }

  // Goes back to what was read before, and returns.
  template <typename Read>
  void again(Read read) {
    const size_t tag = at_ - 1;
    const uint64_t place = base62();
    const size_t after = at_;
    if (failed_ || place >= tag) {
      failed_ = true;
      return;
    }
    at_ = place;
    read();
    at_ = after;
  }

  // `in_value`: generic arguments are written with a "::" before them, as in expressions.
  void path(bool in_value) {
    Nested nested(*this);
    if (failed_) return;
    switch (take()) {
      case 'C':
        disambiguator();
        say(identifier());
        return;
      case 'M':
        skip_impl_path();
        say("<");
        type();
        say(">");
        return;
      case 'X': skip_impl_path(); [[fallthrough]];
      case 'Y':
        say("<");
        type();
        say(" as ");
        path(false);
        say(">");
        return;
      case 'N': nested_name(in_value); return;
      case 'I':
        path(in_value);
        say(in_value ? "::<" : "<");
        list([&] { generic_argument(); });
        say(">");
        return;
      case 'B': again([&] { path(in_value); }); return;
      default: failed_ = true;
    }
  }

  void nested_name(bool in_value) {
    const char space = take();
    path(in_value);
    const uint64_t number = disambiguator();
    const std::string name = identifier();
    if (space >= 'A' && space <= 'Z') {
      const std::string kind = space == 'C'   ? "closure"
                               : space == 'S' ? "shim"
                                              : std::string(1, space);
      say("::{" + kind + (name.empty() ? "" : ":" + name) + "#" + std::to_string(number) + "}");
    } else if (!name.empty()) {
      say("::" + name);
    }
  }

  void skip_impl_path() {
    disambiguator();
    const size_t length = out_.size();
    path(false);
    if (!failed_) out_.resize(length);
  }

  // Items up to an 'E', with commas between them; how many there were.
  template <typename Item>
  size_t list(Item item) {
    size_t count = 0;
    while (!failed_ && !take_if('E')) {
      if (count++ > 0) say(", ");
      item();
    }
    return count;
  }

  // Lifetimes are written only where they are not left out in source code.
  void lifetime() {
    const uint64_t index = base62();
    if (index == 0) {
      say("'_");
    } else if (index > binders_) {
      failed_ = true;
    } else {
      const uint64_t depth = binders_ - index;
      say(depth < 26 ? "'" + std::string(1, static_cast<char>('a' + depth))
                     : "'_" + std::to_string(depth));
    }
  }

  void generic_argument() {
    if (take_if('L')) {
      lifetime();
    } else if (take_if('K')) {
      constant();
    } else {
      type();
    }
  }

  void reference(std::string_view sign) {
    say("&");
    if (take_if('L')) {
      const size_t length = out_.size();
      lifetime();
      if (!failed_ && out_.substr(length) == "'_") {
        out_.resize(length);
      } else {
        say(" ");
      }
    }
    say(sign);
    type();
  }

  void type() {
    Nested nested(*this);
    if (failed_) return;
    const char tag = take();
    if (const std::string_view name = basic_type(tag); !name.empty()) {
      say(name);
      return;
    }
    switch (tag) {
      case 'R': reference(""); return;
      case 'Q': reference("mut "); return;
      case 'P':
        say("*const ");
        type();
        return;
      case 'O':
        say("*mut ");
        type();
        return;
      case 'A':
      case 'S':
        say("[");
        type();
        if (tag == 'A') {
          say("; ");
          constant();
        }
        say("]");
        return;
      case 'T': {
        say("(");
        const size_t count = list([&] { type(); });
        say(count == 1 ? ",)" : ")");
        return;
      }
      case 'F': function(); return;
      case 'D': dynamic(); return;
      case 'B': again([&] { type(); }); return;
      default: at_--; path(false);
    }
  }

  // for<'a, 'b>; the number of lifetimes that it adds.
  uint64_t binder() {
    if (!take_if('G')) return 0;
    const uint64_t count = base62() + 1;
    if (failed_ || count > 64) {
      failed_ = true;
      return 0;
    }
    say("for<");
    for (uint64_t i = 0; i < count; i++) {
      if (i > 0) say(", ");
      const uint64_t depth = binders_++;
      say(depth < 26 ? "'" + std::string(1, static_cast<char>('a' + depth))
                     : "'_" + std::to_string(depth));
    }
    say("> ");
    return count;
  }

  void function() {
    const uint64_t bound = binder();
    if (take_if('U')) say("unsafe ");
    if (take_if('K')) {
      std::string name = take_if('C') ? "C" : identifier();
      std::replace(name.begin(), name.end(), '_', '-');
      say("extern \"" + name + "\" ");
    }
    say("fn(");
    list([&] { type(); });
    say(")");
    if (!take_if('u')) {
      say(" -> ");
      type();
    }
    binders_ -= bound;
  }

  void dynamic() {
    say("dyn ");
    const uint64_t bound = binder();
    bool first = true;
    while (!failed_ && !take_if('E')) {
      if (!first) say(" + ");
      first = false;
      trait();
    }
    binders_ -= bound;
    if (!take_if('L')) {
      failed_ = true;
      return;
    }
    const size_t length = out_.size();
    lifetime();
    if (failed_) return;
    const std::string name = out_.substr(length);
    out_.resize(length);
    if (name != "'_") say(" + " + name);
  }

  // A trait and what it sets: "Iterator<Item = u8>".
  void trait() {
    const size_t begin = out_.size();
    path(false);
    bool open = out_.size() > begin && out_.back() == '>';
    const bool generic = open;
    if (open && at_ < text_.size() && text_[at_] == 'p') out_.pop_back();
    open = false;
    while (!failed_ && take_if('p')) {
      say(open || generic ? ", " : "<");
      open = true;
      say(identifier() + " = ");
      type();
    }
    if (open) say(">");
  }

  void constant() {
    Nested nested(*this);
    if (failed_) return;
    const char tag = take();
    if (tag == 'p') {
      say("_");
    } else if (tag == 'B') {
      again([&] { constant(); });
    } else if (std::string_view("hjotmyilnasxbc").find(tag) != std::string_view::npos) {
      number(tag);
    } else {
      failed_ = true;
    }
  }

  void number(char type) {
    const bool negative = take_if('n');
    const size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != '_') at_++;
    const std::string_view digits = text_.substr(begin, at_ - begin);
    take();
    uint64_t value = 0;
    for (const char c : digits) {
      const bool decimal = c >= '0' && c <= '9';
      if (!decimal && (c < 'a' || c > 'f')) failed_ = true;
      value = value << 4 | static_cast<uint64_t>(decimal ? c - '0' : c - 'a' + 10);
    }
    if (failed_) return;
    if (type == 'b') {
      say(value != 0 ? "true" : "false");
    } else if (type == 'c' && value >= ' ' && value < 0x7f) {
      say("'" + std::string(1, static_cast<char>(value)) + "'");
    } else {
      if (negative) say("-");
      say(digits.size() > 16 ? "0x" + std::string(digits) : std::to_string(value));
    }
  }

  std::string_view text_;
  size_t at_ = 0;
  std::string out_;
  int depth_ = 0;
  uint64_t binders_ = 0;
  bool failed_ = false;
};

}  // namespace

std::optional<std::string> demangle_rust(std::string_view name) {
  if (!name.starts_with("_R")) return std::nullopt;
  name.remove_prefix(2);
  // Behind a dot there is what the compiler's back end adds.
  const size_t dot = std::min(name.find('.'), name.size());
  auto text = Reader(name.substr(0, dot)).read();
  const std::string_view suffix = name.substr(dot);
  if (text && !suffix.empty() && !suffix.starts_with(".llvm.")) *text += suffix;
  return text;
}

}  // namespace gimlet::base
