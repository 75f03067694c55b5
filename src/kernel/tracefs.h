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
  // `root`: its folder; empty stands for that of the running machine, which is looked for when it
  // is needed.
  explicit Tracefs(std::string root) : root_(std::move(root)) {}

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
  const std::string& root() const;
  std::string format_path(const std::string& category, const std::string& event);

  std::string root_;
};

}  // namespace gimlet::kernel
