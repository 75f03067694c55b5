// One line of input on a terminal, through libedit: editing with the keys of emacs or vi, history,
// completion. While a line is being typed the caller's work goes on between two keys, and what it
// prints pushes the line down instead of running into it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "interactive/completion.h"

namespace gimlet::interactive {

class LineEditor {
 public:
  struct Callbacks {
    // Called again and again while no key is pressed; false abandons the line.
    std::function<bool()> work;
    std::function<Completion(std::string_view before_cursor)> complete;
    // What is to be said about a name, or nothing.
    std::function<std::string(const std::string& name)> explain;
  };
  enum class End { Line, Abandoned, EndOfInput };

  static base::Result<std::unique_ptr<LineEditor>> create(Callbacks callbacks,
                                                          std::string history_file);
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;

  // Reads a line, which begins with `given`. Afterwards line() has it, without its newline.
  End read(const std::string& prompt, const std::string& given = {});
  const std::string& line() const;
  void remember(const std::string& entry);
  void choose_keys(bool vi);
  uint64_t rows() const;

  // Around every write to the terminal: the line steps aside and comes back.
  void before_write();
  void after_write();

  struct State;

 private:
  explicit LineEditor(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace gimlet::interactive
