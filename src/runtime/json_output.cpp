// Results as JSON, one object on each line (cli-and-output C6). Nothing but records reaches `out`.
#include <fmt/format.h>

#include <cstdlib>

#include "runtime/histogram.h"
#include "runtime/output.h"
#include "runtime/value_json.h"
#include "runtime/value_text.h"

namespace gimlet::runtime {
namespace {

using ast::TypeKind;

const char* record_type(const ast::Type& type) {
  switch (type.kind) {
    case TypeKind::Avg:
    case TypeKind::Stats: return "stats";
    case TypeKind::Hist:
    case TypeKind::LHist: return "hist";
    case TypeKind::TSeries: return "tseries";
    default: return "map";
  }
}

std::string entry_json(const Value& value, uint64_t div) {
  if (auto* histogram = std::get_if<HistogramValue>(&value.data)) {
    return histogram_json(*histogram, div);
  }
  return json_of(divided(value, div));
}

std::string place_json(const Place& place) {
  return fmt::format("\"filename\": {}, \"line\": {}, \"col\": {}", json_string(place.file),
                     place.line, place.column);
}

class JsonOutput final : public Output {
 public:
  JsonOutput(Sink& out, Sink& err) : out_(out), err_(err) {
    const char* keys = std::getenv("GIMLET_JSON_KEYS");
    exact_keys_ = keys && std::string_view(keys) == "exact";
  }

  void attached(uint32_t probes) override {
    record("attached_probes", fmt::format("\"count\": {0}, \"data\": {{\"probes\": {0}}}", probes));
  }
  void printf(std::string_view text) override { text_record("printf", text); }
  void time(std::string_view text) override { text_record("time", text); }
  void cat(std::string_view bytes) override { text_record("cat", bytes); }
  void system(std::string_view said) override { text_record("syscall", said); }
  void join(std::string_view text) override { text_record("join", text); }
  void value(const Value& value) override { record("value", "\"data\": " + json_of(value)); }
  void map(const MapView& view) override;
  void lost_events(uint64_t count) override {
    record("lost_events", fmt::format("\"count\": {0}, \"data\": {{\"events\": {0}}}", count));
  }
  void runtime_error(std::string_view message, const Place& place, const std::string&) override {
    record("runtime_error",
           fmt::format("\"msg\": {}, {}", json_string(message), place_json(place)));
  }
  void helper_error(std::string_view message, std::string_view helper, int64_t code,
                    const Place& place, const std::string&) override {
    record("helper_error",
           fmt::format("\"msg\": {}, \"helper\": {}, \"retcode\": {}, {}", json_string(message),
                       json_string(helper), code, place_json(place)));
  }
  void message(std::string_view type, std::string_view text, const Place& place,
               const std::string&) override {
    record(type, fmt::format("\"msg\": {}, {}", json_string(text), place_json(place)));
  }
  void end_of_events() override {}
  void flush() override {
    out_.flush();
    err_.flush();
  }
  void hold(bool held) override { out_.hold(held); }
  const base::Status& status() const override { return out_.status(); }

 private:
  void record(std::string_view type, std::string_view members) {
    out_.write(fmt::format("{{\"type\": \"{}\", {}}}\n", type, members));
  }
  void text_record(std::string_view type, std::string_view text) {
    record(type, "\"data\": " + json_string(text));
  }

  Sink& out_;
  Sink& err_;
  bool exact_keys_ = false;
};

void JsonOutput::map(const MapView& view) {
  const char* type = record_type(view.value_type);
  bool shown_when_empty = view.keyed && std::string_view(type) == "stats";
  if (view.size() == 0 && !shown_when_empty) return;
  std::string data;
  if (view.keyed) {
    data = "{";
    for (size_t i = 0; i < view.size(); i++) {
      MapView::Entry entry = view.entry(i);
      if (data.size() > 1) data += ", ";
      data += json_key(entry.key, exact_keys_) + ": " + entry_json(entry.value, view.div);
    }
    data += "}";
  } else {
    data = entry_json(view.entry(0).value, view.div);
  }
  record(type, fmt::format("\"data\": {{{}: {}}}", json_string(view.name), data));
}

}  // namespace

std::unique_ptr<Output> json_output(Sink& out, Sink& err) {
  return std::make_unique<JsonOutput>(out, err);
}

}  // namespace gimlet::runtime
