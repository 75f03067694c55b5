// External code: functions written in C (or anything else that compiles to BPF) that a program
// imports (language §2.4) and calls by name (§14.6).
//
// Semantic analysis checks calls against ExternalFunction, codegen declares the functions that are
// called, and the runtime links the objects with the program's own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ast/type.h"

namespace gimlet::ast {

struct ExternalParameter {
  std::string name;  // may be empty
  Type type;         // kind None: a type that the language does not have
};

struct ExternalFunction {
  std::string name;
  std::vector<ExternalParameter> parameters;
  Type result;          // Void, or kind None as above
  uint32_t object = 0;  // index into ExternalCode::objects
};

struct ExternalObject {
  std::string name;  // the imported file, for messages
  std::vector<uint8_t> bytes;
};

struct ExternalCode {
  std::vector<ExternalObject> objects;  // in the order of their imports
  std::vector<ExternalFunction> functions;
  // Some object says under which license it is. The whole program is then under that.
  bool has_license = false;

  const ExternalFunction* find(std::string_view name) const {
    for (const ExternalFunction& function : functions) {
      if (function.name == name) return &function;
    }
    return nullptr;
  }
};

}  // namespace gimlet::ast
