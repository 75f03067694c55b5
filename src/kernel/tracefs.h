// The tracing file system: which tracepoints exist, and what their records hold.
#pragma once

#include <string>
#include <vector>

#include "ast/type.h"
#include "base/result.h"
#include "kernel/tracepoint_format.h"

namespace gimlet::kernel {

class Tracefs {
 public:
  // `roots`: folders where it may be mounted; the first that has events is used.
  explicit Tracefs(std::vector<std::string> roots) : roots_(std::move(roots)) {}

  bool exists(const std::string& category, const std::string& event);
  // Every "CATEGORY:EVENT", sorted.
  base::Result<std::vector<std::string>> events();
  base::Result<std::vector<FormatField>> fields(const std::string& category,
                                                const std::string& event);
  // The lines of available_filter_functions: "FUNCTION" or "FUNCTION [MODULE]".
  base::Result<std::string> traceable_functions();
  std::string traceable_functions_path() { return root() + "/available_filter_functions"; }
  // All fields with their types.
  base::Result<ast::StructLayout> layout(const std::string& category, const std::string& event,
                                         const TypeLookup& lookup);

 private:
  const std::string& root();
  std::string format_path(const std::string& category, const std::string& event);

  std::vector<std::string> roots_;
  size_t chosen_ = SIZE_MAX;  // index into roots_ once known
};

}  // namespace gimlet::kernel
