// Attributes. Those that move members are kept, those that would change what a type is are refused,
// and all others say nothing about a layout and are passed over.
#include <fmt/format.h>

#include <algorithm>

#include "parser/c_declarations.h"

namespace gimlet::parser {
namespace {

constexpr std::string_view kRefused[] = {"mode",         "vector_size",          "ms_struct",
                                         "gcc_struct",   "scalar_storage_order", "ext_vector_type",
                                         "address_space"};

// The alignment of `aligned` without a number: the largest that C types have here.
constexpr uint64_t kLargestAlignment = 16;

std::string_view plain(std::string_view name) {
  const bool dressed = name.size() > 4 && name.starts_with("__") && name.ends_with("__");
  return dressed ? name.substr(2, name.size() - 4) : name;
}

ast::CConstant largest_alignment(base::SourceRange range) {
  ast::CConstant constant;
  constant.range = range;
  constant.value = {kLargestAlignment, false, false};
  return constant;
}

}  // namespace

bool CDeclarations::at_attribute() const {
  return peek().is("__attribute__") || peek().is("__attribute");
}

void CDeclarations::attributes(ast::CLayoutAttributes& into, bool* user) {
  while (at_attribute()) {
    const CToken keyword = take();
    bool good = accept("(") && accept("(");
    while (good && !at_end() && !peek().is(")")) {
      if (accept(",")) continue;
      if (!at_word()) break;
      attribute(into, user);
      if (!peek().is(",") && !peek().is(")")) break;
    }
    good = good && accept(")") && accept(")");
    if (good) continue;
    fail(since(keyword), "syntax: __attribute__ syntax error")
        .hint("write it as in __attribute__((packed))");
    return;
  }
}

void CDeclarations::attribute(ast::CLayoutAttributes& into, bool* user) {
  const CToken name = take();
  const std::string_view what = plain(name.text);
  if (what == "packed") {
    into.packed = true;
  } else if (what == "aligned" && !peek().is("(")) {
    into.alignments.push_back(largest_alignment(name.range));
  } else if (what == "aligned") {
    take();
    into.alignments.push_back(constant());
    if (!failed_ && !accept(")")) fail(since(name), "syntax: __attribute__ syntax error");
  } else if (std::find(std::begin(kRefused), std::end(kRefused), what) != std::end(kRefused)) {
    fail(name.range, fmt::format("the attribute '{}' is not supported", what));
  } else {
    const bool is_tag = what == "btf_type_tag" && peek().is("(");
    if (is_tag && user && peek(1).text == "\"user\"") *user = true;
    skip_attribute_arguments();
  }
}

void CDeclarations::skip_attribute_arguments() {
  if (!peek().is("(")) return;
  int open = 0;
  do {
    if (peek().is("(")) ++open;
    if (peek().is(")")) --open;
    take();
  } while (open > 0 && !at_end());
}

// `_Alignas(8)` and `_Alignas(long)`.
void CDeclarations::align_as(ast::CLayoutAttributes& into) {
  const CToken keyword = take();
  if (!expect("(", "after _Alignas")) return;
  if (at_type()) {
    ast::CConstant constant;
    constant.kind = ast::CConstant::Kind::AlignOf;
    constant.type = std::make_shared<ast::CTypeName>(type_name());
    constant.range = since(keyword);
    into.alignments.push_back(std::move(constant));
  } else {
    into.alignments.push_back(constant());
  }
  expect(")", "after _Alignas");
}

}  // namespace gimlet::parser
