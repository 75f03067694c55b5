// The parser of C declarations: a recursive descent over the tokens of one piece of C text.
//
// The first mistake of a piece is reported and ends it: the cursor jumps to the end, so that every
// loop stops there and nothing is reported twice. Nesting is counted, and so is the length of an
// expression, because trees are walked by recursion later. One class, four files: definitions
// (c_parser.cpp), types (c_declarator.cpp), attributes (c_attributes.cpp), constant expressions
// (c_constant_parser.cpp).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "ast/c_definitions.h"
#include "base/diagnostics.h"
#include "parser/c_scanner.h"

namespace gimlet::parser {

// What definitions of one program must not define twice.
struct CDefined {
  std::unordered_map<std::string, base::SourceRange> tags;  // "x" of "struct x"
  std::unordered_map<std::string, base::SourceRange> enumerators;
};

class CDeclarations {
 public:
  CDeclarations(std::span<const CToken> tokens, ast::CDefinitions& definitions,
                base::Diagnostics& diagnostics);

  // `struct x {...};`, `union`, `enum`, any number of them.
  void parse_definitions(CDefined& defined);
  // The condition of an #if; `line` is where a missing one is reported.
  std::optional<ast::CConstant> parse_condition(base::SourceRange line);

 private:
  // Counts nesting from construction to destruction.
  class Level {
   public:
    explicit Level(CDeclarations& parser) : parser_(parser) { ++parser_.depth_; }
    ~Level() { --parser_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    CDeclarations& parser_;
  };

  // --- cursor ---
  const CToken& peek(size_t ahead = 0) const;
  bool at_end() const { return peek().kind == CToken::Kind::End; }
  bool at_word() const { return peek().kind == CToken::Kind::Word; }
  CToken take();
  bool accept(std::string_view text);
  bool expect(std::string_view text, std::string_view where);
  base::SourceRange since(const CToken& first) const;
  base::Diagnostic& fail(base::SourceRange range, std::string message);
  base::Diagnostic& fail_here(std::string_view expected);
  bool too_deep();

  // --- definitions ---
  void define_tag(std::string_view name, base::SourceRange range);
  void record_body(ast::CRecord& record);
  void member_declaration(ast::CRecord& record);
  void member(ast::CRecord& record, const ast::CSpecifier& base,
              const ast::CLayoutAttributes& shared);
  void enum_body(ast::CEnum& definition);
  std::string made_up_name(std::string_view keyword);

  // --- types ---
  struct Specified {
    ast::CSpecifier type;
    ast::CLayoutAttributes attributes;
    bool has_body = false;
    bool user = false;  // `__user`, which belongs to the pointer behind it
  };
  struct Words;
  Specified specifiers();
  bool qualifier(Specified& found);
  void tagged(Specified& found);
  std::string record_definition(const CToken& keyword, const std::optional<CToken>& tag,
                                ast::CLayoutAttributes attributes);
  std::string enum_definition(const CToken& keyword, const std::optional<CToken>& tag,
                              const ast::CLayoutAttributes& attributes);
  // The name (if any) and the steps around it.
  struct Declarator {
    std::optional<CToken> name;
    std::vector<ast::CDerivation> derivations;
  };
  void declarator(Declarator& into, bool user, ast::CLayoutAttributes& attributes);
  void declarator_suffixes(Declarator& into);
  void skip_parameters();
  ast::CTypeName type_name();
  bool at_type() const;

  // --- attributes ---
  bool at_attribute() const;
  // Takes all that stand here. `user` receives btf_type_tag("user").
  void attributes(ast::CLayoutAttributes& into, bool* user = nullptr);
  void attribute(ast::CLayoutAttributes& into, bool* user);
  void skip_attribute_arguments();
  void align_as(ast::CLayoutAttributes& into);

  // --- constant expressions ---
  ast::CConstant constant();
  ast::CConstant binary(int lowest);
  ast::CConstant prefix();
  ast::CConstant primary();
  ast::CConstant size_of();
  ast::CConstant number(const CToken& token);
  ast::CConstant character(const CToken& token);

  std::span<const CToken> tokens_;
  ast::CDefinitions& definitions_;
  base::Diagnostics& diagnostics_;
  CDefined* defined_ = nullptr;
  CToken end_;
  size_t at_ = 0;
  int depth_ = 0;
  int expressions_ = 0;     // open ones
  int operators_ = 0;       // in the outermost open expression
  bool condition_ = false;  // numbers are long, sizeof and casts are unknown
  bool failed_ = false;
  base::Diagnostic ignored_;  // what is said after the first mistake
};

}  // namespace gimlet::parser
