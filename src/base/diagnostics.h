// Mistakes in the user's program.
//
// Passes report into a Diagnostics and carry on, so that one run shows as many mistakes as it can.
// Text form (spec C3.4): all errors, then all warnings; each followed by its context lines and its
// hints. Failures of the environment are not diagnostics: those are base::Error in result.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/source.h"

namespace gimlet::base {

enum class Severity { Error, Warning };

// Extra lines under a diagnostic; they repeat its severity when shown.
struct Context {
  std::optional<SourceRange> range;
  std::string message;
};

struct Diagnostic {
  Severity severity = Severity::Error;
  std::optional<SourceRange> range;  // absent: shown without a place
  std::string message;
  std::vector<Context> context;
  std::vector<std::string> hints;

  // For use while building: diagnostics.error(range, "...").hint("Did you mean ...?")
  // An empty hint is none.
  Diagnostic& hint(std::string text);
  Diagnostic& note(SourceRange where, std::string text);
};

class Diagnostics {
 public:
  // The returned reference is valid until the next diagnostic is added.
  Diagnostic& error(SourceRange range, std::string message);
  Diagnostic& warning(SourceRange range, std::string message);
  Diagnostic& add(Diagnostic diagnostic);

  bool has_errors() const;
  size_t error_count() const;
  const std::vector<Diagnostic>& all() const { return all_; }

 private:
  std::vector<Diagnostic> all_;
};

struct ShowOptions {
  bool warnings = true;
  bool colour = false;
};

// "FILE:LINE:C1-C2: ERROR: message" and a newline.
std::string show_line(const SourceSet& sources, Severity severity,
                      const std::optional<SourceRange>& range, std::string_view message,
                      const ShowOptions& options);

// The same with the source excerpt and marker, as in spec C3.4.
std::string show_message(const SourceSet& sources, Severity severity,
                         const std::optional<SourceRange>& range, std::string_view message,
                         const ShowOptions& options);

// "expanded from" and the call, for each macro that the place comes from, innermost first.
std::string show_expansions(const SourceSet& sources, Severity severity, SourceRange range,
                            const ShowOptions& options);

// Every diagnostic, errors first.
std::string show(const SourceSet& sources, const Diagnostics& diagnostics,
                 const ShowOptions& options = {});

// "FILE:LINE:C1-C2" (or "FILE:L1-L2" when the range covers several lines).
std::string show_place(const SourceSet& sources, SourceRange range);

}  // namespace gimlet::base
