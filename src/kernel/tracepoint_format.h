// The text of a tracepoint's `format` file, and the types of the fields it declares
// (probes-and-stdlib B2.7).
//
// Each field is a line such as
//   field:const char * filename;  offset:24;  size:8;  signed:0;
// The C declaration gives the name and a first idea of the type; size and sign are the file's word
// (system call arguments, for example, are widened to 8 bytes whatever their C type).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ast/type.h"
#include "base/result.h"

namespace gimlet::kernel {

struct FormatField {
  std::string declaration;  // between "field:" and the first ";"
  uint32_t offset = 0;      // bytes
  uint32_t size = 0;        // bytes
  bool is_signed = false;

  // The first 8 bytes of every record are the tracing system's own.
  bool is_common() const { return offset < 8; }
};

// `path` is for messages. Lines other than field lines are skipped.
base::Result<std::vector<FormatField>> parse_format(std::string_view text, const std::string& path);

// Looks up "struct x", "union x", "enum x" or a typedef's name, where type information exists.
using TypeLookup = std::function<std::optional<ast::Type>(std::string_view)>;

// The field's name and type; kind None where the language has no type for the declaration.
ast::Field typed_field(const FormatField& field, ast::AddressSpace pointers,
                       const TypeLookup& lookup);

}  // namespace gimlet::kernel
