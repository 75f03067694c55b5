// Results as text (cli-and-output C5). Everything goes to `out` but losses and run-time errors,
// which go to `err` after what is pending on `out`, so that the true order shows on a shared pipe.
#include <fmt/format.h>

#include <chrono>
#include <map>
#include <utility>

#include "base/terminal.h"
#include "runtime/histogram.h"
#include "runtime/output.h"
#include "runtime/time_series.h"
#include "runtime/value_text.h"

namespace gimlet::runtime {
namespace {

// A flood of identical messages: this many are shown in one second, the others are counted.
constexpr uint64_t kShownPerSecond = 1000;

class TextOutput final : public Output {
 public:
  TextOutput(Sink& out, Sink& err, int terminal) : out_(out), err_(err), terminal_(terminal) {}

  void attached(uint32_t probes) override {
    to_err(fmt::format("Attached {} probe{}\n", probes, probes == 1 ? "" : "s"));
  }
  void printf(std::string_view text) override { out_.write(text); }
  void time(std::string_view text) override { out_.write(text); }
  void cat(std::string_view bytes) override { out_.write(bytes); }
  void system(std::string_view said) override { write_line(std::string(said)); }
  void join(std::string_view text) override { write_line(std::string(text)); }
  void value(const Value& value) override { write_line(text_of(value)); }
  void map(const MapView& view) override;
  void lost_events(uint64_t count) override { to_err(fmt::format("Lost {} events\n", count)); }
  void runtime_error(std::string_view, const Place&, const std::string& shown) override {
    report(shown);
  }
  void helper_error(std::string_view, std::string_view, int64_t, const Place&,
                    const std::string& shown) override {
    report(shown);
  }
  void message(std::string_view, std::string_view, const Place&,
               const std::string& shown) override {
    to_err(shown);
  }
  void end_of_events() override {
    report_repeated();
    out_.write("\n\n");
  }
  void flush() override {
    out_.flush();
    err_.flush();
  }
  void hold(bool held) override { out_.hold(held); }
  const base::Status& status() const override { return out_.status(); }

 private:
  using Clock = std::chrono::steady_clock;
  struct Flood {
    Clock::time_point since;
    uint64_t count = 0;
  };

  void write_line(std::string text) {
    text += '\n';
    out_.write(text);
  }
  void to_err(std::string_view text) {
    out_.flush();
    err_.write(text);
    err_.flush();
  }
  void report(const std::string& shown);
  void report_repeated();
  static void close_flood(std::string& out, const std::string& shown, const Flood& flood);

  Sink& out_;
  Sink& err_;
  int terminal_;
  std::map<std::string, Flood> floods_;
};

void TextOutput::map(const MapView& view) {
  const size_t columns = base::terminal_columns(terminal_);
  std::string out;
  for (size_t i = 0; i < view.size(); i++) {
    MapView::Entry entry = view.entry(i);
    out += view.name;
    if (view.keyed) out += "[" + key_text(entry.key) + "]";
    if (auto* histogram = std::get_if<HistogramValue>(&entry.value.data)) {
      out += ":\n" + histogram_rows(*histogram, view.div, columns) + "\n";
    } else if (auto* series = std::get_if<SeriesValue>(&entry.value.data)) {
      out += ":\n" + series_rows(*series, columns) + "\n";
    } else {
      out += ": ";
      append_text(out, view.div > 1 ? divided(entry.value, view.div) : entry.value);
      out += '\n';
    }
    // A large map is written in parts, so that its text never stands in memory as a whole.
    if (out.size() > 32 * 1024) {
      out_.write(out);
      out.clear();
    }
  }
  out_.write(out);
}

void TextOutput::report(const std::string& shown) {
  Clock::time_point now = Clock::now();
  Flood& flood = floods_[shown];
  if (now - flood.since > std::chrono::seconds(1)) {
    std::string out;
    close_flood(out, shown, flood);
    if (!out.empty()) to_err(out);
    flood = {now, 0};
  }
  if (++flood.count <= kShownPerSecond) to_err(shown);
}

void TextOutput::close_flood(std::string& out, const std::string& shown, const Flood& flood) {
  if (flood.count <= kShownPerSecond) return;
  out += fmt::format("{} (repeated {} times)\n", shown.substr(0, shown.find('\n')),
                     flood.count - kShownPerSecond);
}

void TextOutput::report_repeated() {
  std::string out;
  for (const auto& [shown, flood] : floods_) close_flood(out, shown, flood);
  floods_.clear();
  if (!out.empty()) to_err(out);
}

}  // namespace

std::unique_ptr<Output> text_output(Sink& out, Sink& err, int terminal) {
  return std::make_unique<TextOutput>(out, err, terminal);
}

}  // namespace gimlet::runtime
