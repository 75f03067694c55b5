// A declaration is a chain of types, from the outermost ("pointer to") to the innermost, whose name
// C writes first. The chain is collected inwards and written outwards. Damaged files may hold
// loops: chains and nesting are limited.
#include "kernel/c_text.h"

#include <fmt/format.h>

#include <vector>

namespace gimlet::kernel {
namespace {

constexpr size_t kMaxChain = 64;
constexpr int kMaxDepth = 8;

std::string text_of(const Btf& btf, uint32_t id, int depth);

bool is_qualifier(uint32_t kind) {
  return kind == BTF_KIND_CONST || kind == BTF_KIND_VOLATILE || kind == BTF_KIND_RESTRICT;
}

const char* qualifier_word(uint32_t kind) {
  if (kind == BTF_KIND_CONST) return "const";
  return kind == BTF_KIND_VOLATILE ? "volatile" : "restrict";
}

class Declaration {
 public:
  Declaration(const Btf& btf, int depth) : btf_(btf), depth_(depth) {}

  std::string write(uint32_t id) {
    collect(id);
    write_innermost();
    write_rest(false);
    return std::move(text_);
  }

 private:
  // Null stands for void.
  void collect(uint32_t id) {
    for (size_t length = 0;; length++) {
      const btf_type* type = btf_.type(id);
      // Tags ("user", "rcu") are for compilers; C would have to write them as attributes.
      const bool is_tag = type && btf_kind(*type) == BTF_KIND_TYPE_TAG;
      if (!is_tag) chain_.push_back(length > kMaxChain ? nullptr : type);
      if (!type || length > kMaxChain) return;
      switch (btf_kind(*type)) {
        case BTF_KIND_PTR:
        case BTF_KIND_CONST:
        case BTF_KIND_VOLATILE:
        case BTF_KIND_RESTRICT:
        case BTF_KIND_TYPE_TAG:
        case BTF_KIND_FUNC_PROTO: id = type->type; break;
        case BTF_KIND_ARRAY: id = btf_array_of(*type).type; break;
        default: return;
      }
    }
  }

  uint32_t next_kind() const {
    if (chain_.empty() || !chain_.back()) return BTF_KIND_UNKN;
    return btf_kind(*chain_.back());
  }

  // Qualifiers of a name stand before it.
  void write_qualifiers() {
    for (; is_qualifier(next_kind()); chain_.pop_back()) {
      text_ += fmt::format("{} ", qualifier_word(next_kind()));
    }
  }

  void write_innermost() {
    const btf_type* type = chain_.back();
    chain_.pop_back();
    write_qualifiers();
    if (!type) {
      text_ += "void";
      return;
    }
    const std::string_view name = btf_.name(*type);
    auto tagged = [&](const char* tag) {
      text_ += name.empty() ? fmt::format("{} {{...}}", tag) : fmt::format("{} {}", tag, name);
    };
    switch (btf_kind(*type)) {
      case BTF_KIND_STRUCT: return tagged("struct");
      case BTF_KIND_UNION: return tagged("union");
      case BTF_KIND_FWD: return tagged(btf_kind_flag(*type) ? "union" : "struct");
      case BTF_KIND_ENUM:
      case BTF_KIND_ENUM64: return tagged("enum");
      default: text_ += name.empty() ? "?" : name;
    }
  }

  // `after_star`: no blank is wanted before the next star.
  void write_rest(bool after_star) {
    while (!chain_.empty()) {
      const btf_type* type = chain_.back();
      chain_.pop_back();
      const uint32_t kind = type ? btf_kind(*type) : uint32_t{BTF_KIND_UNKN};
      if (kind == BTF_KIND_ARRAY) return write_array(btf_array_of(*type).nelems);
      if (kind == BTF_KIND_FUNC_PROTO) return write_function(*type);
      if (kind == BTF_KIND_PTR) {
        text_ += after_star ? "*" : " *";
      } else if (is_qualifier(kind)) {
        text_ += fmt::format(" {}", qualifier_word(kind));
      }
      after_star = kind == BTF_KIND_PTR;
    }
  }

  void write_array(uint32_t count) {
    // Some compilers repeat the qualifiers of the elements for the array.
    while (is_qualifier(next_kind())) chain_.pop_back();
    const bool nested = next_kind() == BTF_KIND_ARRAY;
    if (!chain_.empty()) {
      if (!nested) text_ += "(";
      write_rest(true);
      if (!nested) text_ += ")";
    }
    text_ += fmt::format("[{}]", count);
  }

  void write_function(const btf_type& prototype) {
    write_qualifiers();
    if (!chain_.empty()) {
      text_ += " (";
      write_rest(true);
      text_ += ")";
    }
    const auto parameters = btf_parameters(prototype);
    const bool none = parameters.size() == 1 && parameters[0].type == 0;
    text_ += "(";
    for (size_t i = 0; i < parameters.size() && !none; i++) {
      if (i > 0) text_ += ", ";
      const bool dots = parameters[i].type == 0 && i + 1 == parameters.size();
      text_ += dots ? "..." : text_of(btf_, parameters[i].type, depth_ + 1);
    }
    text_ += ")";
  }

  const Btf& btf_;
  int depth_;
  std::vector<const btf_type*> chain_;
  std::string text_;
};

std::string text_of(const Btf& btf, uint32_t id, int depth) {
  return depth > kMaxDepth ? "?" : Declaration(btf, depth).write(id);
}

}  // namespace

std::string c_type_name(const Btf& btf, uint32_t id) { return text_of(btf, id, 0); }

}  // namespace gimlet::kernel
