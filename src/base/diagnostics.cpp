#include "base/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>

namespace gimlet::base {
namespace {

std::string_view label(Severity severity) {
  return severity == Severity::Error ? "ERROR" : "WARNING";
}

// What follows the first line is additional information.
std::string coloured(std::string text, Severity severity, const ShowOptions& options) {
  if (!options.colour) return text;
  size_t end = std::min(text.find('\n'), text.size());
  return fmt::format("\033[{}m{}\033[0m{}", severity == Severity::Error ? 31 : 33,
                     text.substr(0, end), text.substr(end));
}

// Text of the script without bytes that would command the terminal. One byte stays one, so that
// columns remain right.
std::string harmless(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    const auto byte = static_cast<unsigned char>(c);
    const bool commands = byte < ' ' || byte == 0x7f;
    if (commands && c != '\t' && c != '\n') c = '?';
  }
  return out;
}

// A line of the script as it is echoed; the end of one that was written for Windows says nothing.
std::string echo(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return harmless(line);
}

// A tab is echoed as four blanks, so that the marker below stands under the same text everywhere.
std::string expand_tabs(std::string_view line) {
  std::string out;
  for (char c : line) {
    if (c == '\t') {
      out += "    ";
    } else {
      out += c;
    }
  }
  return out;
}

std::string excerpt(const SourceFile& file, SourceRange range) {
  Position from = file.position(range.begin);
  Position to = file.position(std::max(range.begin, range.end));
  if (from.line != to.line) {
    std::string out;
    for (uint32_t n = from.line; n <= to.line; n++) out += echo(file.line(n)) + "\n";
    return out;
  }
  std::string_view line = file.line(from.line);
  std::string before = expand_tabs(line.substr(0, from.column - 1));
  std::string marked = expand_tabs(line.substr(from.column - 1, to.column - from.column));
  return expand_tabs(echo(line)) + "\n" + std::string(before.size(), ' ') +
         std::string(std::max<size_t>(marked.size(), 1), '~') + "\n";
}

}  // namespace

Diagnostic& Diagnostic::hint(std::string text) {
  if (!text.empty()) hints.push_back(std::move(text));
  return *this;
}

Diagnostic& Diagnostic::note(SourceRange where, std::string text) {
  context.push_back({where, std::move(text)});
  return *this;
}

Diagnostic& Diagnostics::error(SourceRange range, std::string message) {
  return add({Severity::Error, range, std::move(message), {}, {}});
}

Diagnostic& Diagnostics::warning(SourceRange range, std::string message) {
  return add({Severity::Warning, range, std::move(message), {}, {}});
}

Diagnostic& Diagnostics::add(Diagnostic diagnostic) {
  all_.push_back(std::move(diagnostic));
  return all_.back();
}

bool Diagnostics::has_errors() const { return error_count() > 0; }

size_t Diagnostics::error_count() const {
  return static_cast<size_t>(std::count_if(
      all_.begin(), all_.end(), [](const Diagnostic& d) { return d.severity == Severity::Error; }));
}

std::string show_place(const SourceSet& sources, SourceRange range) {
  const SourceFile& file = sources.file(range.file);
  Position from = file.position(range.begin);
  Position to = file.position(std::max(range.begin, range.end));
  if (from.line != to.line) return fmt::format("{}:{}-{}", file.name(), from.line, to.line);
  return fmt::format("{}:{}:{}-{}", file.name(), from.line, from.column,
                     std::max(to.column, from.column + 1));
}

std::string show_line(const SourceSet& sources, Severity severity,
                      const std::optional<SourceRange>& range, std::string_view message,
                      const ShowOptions& options) {
  std::string place = range ? show_place(sources, *range) + ": " : std::string();
  return coloured(fmt::format("{}{}: {}", place, label(severity), message), severity, options) +
         "\n";
}

std::string show_message(const SourceSet& sources, Severity severity,
                         const std::optional<SourceRange>& range, std::string_view message,
                         const ShowOptions& options) {
  std::string line = show_line(sources, severity, range, message, options);
  return range ? line + excerpt(sources.file(range->file), *range) : line;
}

std::string show_expansions(const SourceSet& sources, Severity severity, SourceRange range,
                            const ShowOptions& options) {
  std::string out;
  for (uint32_t expansion = range.expansion; expansion != 0;) {
    SourceRange call = sources.expansion(expansion);
    out += show_message(sources, severity, call, "expanded from", options);
    expansion = call.expansion;
  }
  return out;
}

std::string show(const SourceSet& sources, const Diagnostics& diagnostics,
                 const ShowOptions& options) {
  std::string out;
  for (Severity severity : {Severity::Error, Severity::Warning}) {
    if (severity == Severity::Warning && !options.warnings) break;
    for (const Diagnostic& d : diagnostics.all()) {
      if (d.severity != severity) continue;
      out += show_message(sources, severity, d.range, harmless(d.message), options);
      for (const Context& c : d.context) {
        out += show_message(sources, severity, c.range, harmless(c.message), options);
      }
      for (const std::string& hint : d.hints) out += fmt::format("HINT: {}\n", harmless(hint));
      if (d.range) out += show_expansions(sources, d.severity, *d.range, options);
    }
  }
  return out;
}

}  // namespace gimlet::base
