// Output: how results are shown. Decoded values go in; text (spec C5) or JSON lines (spec C6) come
// out.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/source.h"
#include "runtime/value.h"

namespace gimlet::runtime {

enum class Buffering { Line, Full, None };

// Writes to a descriptor with the buffering of spec C3.3. The first failed write is kept; later
// ones are not tried.
class Sink {
 public:
  Sink(int fd, Buffering buffering) : fd_(fd), buffering_(buffering) {}
  // Keeps the bytes instead.
  explicit Sink(std::string& kept) : fd_(-1), buffering_(Buffering::None), kept_(&kept) {}
  ~Sink();
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  void write(std::string_view text);
  void flush();
  // While held, finished lines wait (up to 64 KiB); letting go writes them.
  void hold(bool held);
  const base::Status& status() const { return status_; }
  // Whether what was written ends with a finished line.
  bool at_line_start() const { return at_line_start_; }

 private:
  int fd_;
  Buffering buffering_;
  std::string* kept_ = nullptr;
  std::string pending_;
  bool held_ = false;
  bool at_line_start_ = true;
  bool due_ = false;  // something that should have been written waits for hold(false)
  base::Status status_ = base::Done{};
};

// One map, ready to show: sorted as spec C5.3 says, and cut to `top`. Entries are reduced over CPUs
// and decoded when they are asked for: decoded, they take many times the memory of the map.
struct MapView {
  struct Entry {
    Value key;  // unset if not keyed
    Value value;
  };

  std::string name;  // "@x"
  bool keyed = false;
  ast::Type value_type;
  uint64_t div = 1;
  std::vector<size_t> order;                   // numbers of the entries as they are shown
  std::function<Entry(size_t number)> decode;  // holds what it needs of the map's contents

  size_t size() const { return order.size(); }
  Entry entry(size_t place) const { return decode(order[place]); }
};

// What a run-time message refers to.
struct Place {
  std::string file;
  uint32_t line = 0;
  uint32_t column = 0;
};

class Output {
 public:
  virtual ~Output() = default;

  virtual void attached(uint32_t probes) = 0;
  virtual void printf(std::string_view text) = 0;
  virtual void time(std::string_view text) = 0;
  virtual void cat(std::string_view bytes) = 0;
  virtual void system(std::string_view said) = 0;  // as join()
  virtual void join(std::string_view text) = 0;    // without the newline that text mode adds
  virtual void value(const Value& value) = 0;      // print(expression)
  virtual void map(const MapView& map) = 0;
  virtual void lost_events(uint64_t count) = 0;
  // `shown` is the whole diagnostic as text mode writes it to stderr.
  virtual void runtime_error(std::string_view message, const Place& place,
                             const std::string& shown) = 0;
  virtual void helper_error(std::string_view message, std::string_view helper, int64_t code,
                            const Place& place, const std::string& shown) = 0;
  // errorf() and warnf(); `shown` as above.
  virtual void message(std::string_view type, std::string_view text, const Place& place,
                       const std::string& shown) = 0;
  // Between the events and the maps at exit: the two newlines of text mode.
  virtual void end_of_events() = 0;
  virtual void flush() = 0;
  // Between hold(true) and hold(false) lines may be gathered into one write.
  virtual void hold(bool) {}
  virtual const base::Status& status() const = 0;
};

// `out` takes results, `err` what text mode sends to stderr. Pending bytes of `out` are flushed
// before anything goes to `err`. `terminal`: the descriptor that text ends up at; if it is a
// terminal, bars and graphs are made to fit on it. -1: it is none.
std::unique_ptr<Output> text_output(Sink& out, Sink& err, int terminal = -1);
std::unique_ptr<Output> json_output(Sink& out, Sink& err);

}  // namespace gimlet::runtime
