// The structs, unions and enums that a program defines itself, as types (language §5.3).
//
// Everything happens at the first question about a name. A definition is measured first (sizes and
// offsets, which need only what it holds by value) and converted afterwards (pointers know the size
// of what they point to, which may be the structure itself). What a definition mentions and the
// program does not define comes from OutsideTypes. If something is not even there, but the program
// includes headers, the whole structure is taken as the compiler sees it with them: they may define
// the macro that an array's length is.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "ast/c_constant.h"
#include "ast/c_definitions.h"
#include "ast/sema/c_layout.h"
#include "ast/sema/outside_types.h"
#include "ast/type.h"
#include "base/diagnostics.h"
#include "kernel/kernel.h"

namespace gimlet::ast::sema {

class ScriptTypes {
 public:
  ScriptTypes(const CDefinitions& definitions, OutsideTypes& outside,
              base::Diagnostics& diagnostics);

  // Null if the program does not define it, or if its definition is wrong; then that is reported
  // at the first question.
  const StructLayout* find_struct(std::string_view tagged_name);
  const EnumLayout* find_enum(std::string_view tagged_name);
  std::optional<kernel::EnumConstant> find_enum_constant(std::string_view name);
  bool defines(std::string_view tagged_name) const;
  // Tagged names of the structs and unions that have a name.
  std::vector<std::string> struct_names() const;
  // Measures everything, so that every mistake is reported.
  void check();

 private:
  // Definitions inside definitions, enums that mention enums: a limit for recursion.
  static constexpr int kMaxDepth = 200;

  // Why something has no size.
  struct Problem {
    base::SourceRange range = {};
    std::string message = {};
    std::string hint = {};
    bool unknown = false;  // headers may know
    bool reported = false;
  };
  struct Measured {
    enum class Kind { Integer, Pointer, Other, Void, Function };
    Kind kind = Kind::Other;
    uint64_t size = 0;  // bytes
    uint32_t alignment = 1;
    bool is_signed = false;
  };
  template <typename T>
  using Or = std::variant<T, Problem>;

  struct Record {
    enum class State { New, Busy, Measured, FromHeaders, Wrong };
    const CRecord* definition = nullptr;
    State state = State::New;
    RecordShape shape;
    const StructLayout* outside = nullptr;  // FromHeaders
    Problem problem;                        // Wrong
    std::unique_ptr<StructLayout> layout;
  };
  struct Enum {
    const CEnum* definition = nullptr;
    enum class State { New, Busy, Measured, Wrong } state = State::New;
    EnumLayout layout;
  };

  // --- measuring ---
  Or<Measured> measure(const CTypeName& type);
  Or<Measured> measure_base(const CSpecifier& base);
  Or<Measured> measure_plain(const CSpecifier& base);
  Or<Measured> measure_record(Record& record);
  Or<RecordShape> measure_members(const CRecord& definition);
  Or<MemberShape> measure_member(const CMember& member, bool last);
  std::optional<Problem> measure_width(const CMember& member, const Measured& type,
                                       MemberShape& shape);
  Or<Measured> measure_array(const Measured& element, const CTypeName& type, size_t step);
  Or<uint32_t> aligned(const CLayoutAttributes& attributes);
  Or<uint64_t> length(const CDerivation& array);
  Or<CInteger> value(const CConstant& constant);
  std::optional<CInteger> constant(std::string_view name);
  std::optional<int64_t> enumerator(std::string_view name);
  std::optional<CTypeFacts> facts(const CTypeName& type);
  bool measure_enum(Enum& found);
  bool measure_enumerators(Enum& found);
  void report(Problem& problem);

  // --- converting ---
  Type convert(const CTypeName& type);
  Type convert_base(const CSpecifier& base);
  Type convert_array(Type element, const CDerivation& array, bool of_char);
  uint32_t record_size(const CSpecifier& base);
  void convert_members(const CRecord& definition, const RecordShape& shape, StructLayout& layout);
  Field convert_field(const CMember& member, uint64_t bits, uint64_t record_size);

  const CDefinitions& definitions_;
  OutsideTypes& outside_;
  base::Diagnostics& diagnostics_;
  std::unordered_map<std::string_view, Record> records_;
  std::unordered_map<std::string_view, Enum> enums_;
  std::unordered_map<std::string_view, const CEnum*> enumerators_;
  int depth_ = 0;
};

}  // namespace gimlet::ast::sema
