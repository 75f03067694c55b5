// Source text and places in it.
//
// A SourceSet owns the text of everything that was read in one run: the program, later its imports
// and the standard library. A SourceRange is a half-open byte range in one of those files; every
// token, tree node and diagnostic carries one. Lines and columns are computed only when shown. What a
// macro expands to keeps the places of the macro's text and remembers which use it came from.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gimlet::base {

using FileId = uint32_t;

struct SourceRange {
  FileId file = 0;
  uint32_t begin = 0;      // byte offset of the first byte
  uint32_t end = 0;        // byte offset one past the last byte
  uint32_t expansion = 0;  // of a macro: which use of it (SourceSet::expansion); 0 = as written

  bool operator==(const SourceRange&) const = default;
};

// The smallest range that holds both; both must lie in the same file.
SourceRange join(SourceRange a, SourceRange b);

// 1-based line and byte column.
struct Position {
  uint32_t line = 1;
  uint32_t column = 1;

  bool operator==(const Position&) const = default;
};

class SourceFile {
 public:
  SourceFile(std::string name, std::string text);

  const std::string& name() const { return name_; }
  std::string_view text() const { return text_; }

  // Offsets past the end are clamped to the end.
  Position position(uint32_t offset) const;
  // Text of a 1-based line without its newline; empty for a line that does not exist.
  std::string_view line(uint32_t number) const;

 private:
  std::string name_;
  std::string text_;
  std::vector<uint32_t> line_starts_;
};

class SourceSet {
 public:
  // `name` is what diagnostics show: the path as given, or "stdin" for -e and piped programs.
  FileId add(std::string name, std::string text);

  const SourceFile& file(FileId id) const { return *files_[id]; }
  std::string_view text(SourceRange range) const;
  size_t size() const { return files_.size(); }

  // A use of a macro at `call`. The number marks the ranges of what it expands to.
  uint32_t add_expansion(SourceRange call);
  // The call, which may itself lie in an expansion.
  SourceRange expansion(uint32_t number) const { return expansions_[number - 1]; }

 private:
  std::vector<std::unique_ptr<SourceFile>> files_;
  std::vector<SourceRange> expansions_;
};

}  // namespace gimlet::base
