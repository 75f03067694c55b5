#include "runtime/event_player.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <cstdlib>
#include <cstring>

#include "runtime/clock_text.h"
#include "runtime/format.h"
#include "runtime/map_view.h"

namespace gimlet::runtime {
namespace {

using ast::EventKind;

// What went wrong, for text and (where they differ) for JSON (cli-and-output C9.1).
struct HelperMessage {
  std::string text;
  std::string json;
};

HelperMessage helper_message(const std::string& helper, int64_t code, const std::string& map) {
  std::string reason = strerror(static_cast<int>(std::llabs(code)));
  if (helper == "map_update_elem" && code == -E2BIG) {
    return {fmt::format("Map full; can't update element. Try increasing max_map_keys config or "
                        "manually setting the max entries in a map declaration e.g. `let {} = "
                        "hash(5000)`",
                        map.empty() ? "@a" : map),
            reason};
  }
  if (helper == "map_lookup_elem") {
    std::string text = "Can't lookup map element because it does not exist.";
    return {text, text};
  }
  return {reason, reason};
}

int64_t integer_of(const Value& value) {
  if (auto* v = std::get_if<int64_t>(&value.data)) return *v;
  if (auto* v = std::get_if<uint64_t>(&value.data)) return static_cast<int64_t>(*v);
  return 0;
}

Place place(const LoadedImage& image, const base::SourceRange& range) {
  const base::SourceFile& file = image.sources.file(range.file);
  base::Position position = file.position(range.begin);
  return {file.name(), position.line, position.column};
}

}  // namespace

EventPlayer::Play EventPlayer::play_of(EventKind kind) {
  switch (kind) {
    case EventKind::Printf: return &EventPlayer::printf;
    case EventKind::ErrorMessage:
    case EventKind::WarningMessage: return &EventPlayer::message;
    case EventKind::PrintValue: return &EventPlayer::print_value;
    case EventKind::PrintMap: return &EventPlayer::print_map;
    case EventKind::PrintMapKey: return &EventPlayer::print_map_key;
    case EventKind::Clear: return &EventPlayer::clear;
    case EventKind::Zero: return &EventPlayer::zero;
    case EventKind::Time: return &EventPlayer::time;
    case EventKind::Exit: return &EventPlayer::exit;
    case EventKind::Cat: return &EventPlayer::cat;
    case EventKind::System: return &EventPlayer::system;
    case EventKind::SkbOutput:
    case EventKind::CgroupPath: return nullptr;
    case EventKind::Join: return &EventPlayer::join;
    case EventKind::RuntimeError: return &EventPlayer::runtime_error;
    case EventKind::HelperError: return &EventPlayer::helper_error;
  }
  return nullptr;
}

void EventPlayer::play(LoadedImage& from, ByteSpan record) {
  if (record.size() < sizeof(ast::RecordHeader)) return damaged(record);
  uint32_t index = read_at<uint32_t>(record, offsetof(ast::RecordHeader, event));
  if (index >= from.image.events.size()) return damaged(record);
  const ast::EventPlan& plan = from.image.events[index];
  Play carry_out = play_of(plan.kind);
  std::optional<std::vector<Value>> values = decode_fields(plan, record, from.context);
  if (!carry_out || !values) return damaged(record);
  Event event{from, plan, index, record, std::move(*values)};
  (this->*carry_out)(event);
}

bool EventPlayer::follows_exit(ByteSpan record) const {
  if (exited_on_.empty() || record.size() < sizeof(ast::RecordHeader)) return false;
  return exited_on_.contains(read_at<uint16_t>(record, offsetof(ast::RecordHeader, cpu)));
}

void EventPlayer::damaged(ByteSpan record) {
  environment_error(
      {fmt::format("An event of {} bytes could not be decoded", record.size()), {}, 0, 1});
}

void EventPlayer::environment_error(const base::Error& error) {
  output_->flush();
  log_(fmt::format("ERROR: {}\n", error.message));
}

std::string EventPlayer::shown_warning(const Event& event, std::string_view message) const {
  const base::SourceSet& sources = event.from.sources;
  constexpr base::Severity kWarning = base::Severity::Warning;
  return base::show_message(sources, kWarning, event.plan.range, message, show_) +
         base::show_expansions(sources, kWarning, event.plan.range, show_);
}

KernelMap* EventPlayer::map_of(const Event& event) const {
  auto index = static_cast<size_t>(event.plan.map);
  return event.plan.map >= 0 && index < event.from.maps.size() ? event.from.maps[index] : nullptr;
}

void EventPlayer::printf(Event& event) {
  text_.clear();
  append_formatted(text_, event.from.formats[event.index], event.values);
  output_->printf(text_);
}

void EventPlayer::message(Event& event) {
  bool is_error = event.plan.kind == ast::EventKind::ErrorMessage;
  error_seen_ = error_seen_ || is_error;
  if (!is_error && !show_.warnings) return;
  text_.clear();
  append_formatted(text_, event.from.formats[event.index], event.values);
  base::Severity severity = is_error ? base::Severity::Error : base::Severity::Warning;
  std::string_view line = text_;
  if (line.ends_with('\n')) line.remove_suffix(1);
  std::string shown = base::show_line(event.from.sources, severity, event.plan.range, line, show_) +
                      base::show_expansions(event.from.sources, severity, event.plan.range, show_);
  output_->message(is_error ? "errorf" : "warnf", text_, place(event.from, event.plan.range),
                   shown);
}

void EventPlayer::print_value(Event& event) {
  if (event.values.empty()) return damaged(event.record);
  output_->value(event.values.front());
}

void EventPlayer::print_map(Event& event) {
  KernelMap* map = map_of(event);
  if (!map) return damaged(event.record);
  base::Result<RawEntries> entries = map->read();
  if (!entries) return environment_error(entries.error());
  ViewOptions options{event.plan.top, event.plan.div, true};
  output_->map(make_view(map->plan(), std::move(*entries), event.from.context, options));
}

// The value is in the record, or (aggregations that programs cannot read) it is read here.
void EventPlayer::print_map_key(Event& event) {
  if (event.values.size() > 1) return output_->value(event.values[1]);
  KernelMap* map = map_of(event);
  if (!map || event.plan.fields.empty()) return damaged(event.record);
  const ast::EventField& field = event.plan.fields.front();
  // decode_fields() has checked that a fixed field lies inside the record.
  ByteSpan key;
  if (!field.variable) key = event.record.subspan(field.offset, field.type.size);
  std::vector<uint8_t> padded(key.begin(), key.end());
  if (field.variable) {
    size_t length = read_at<uint32_t>(event.record, field.offset);
    ByteSpan tail = event.record.subspan(event.plan.fixed_size, length);
    padded.assign(tail.begin(), tail.end());
  }
  padded.resize(map->plan().key_size);
  base::Result<RawEntries> entries = map->read_one(padded);
  if (!entries) return environment_error(entries.error());
  if (entries->count == 0) {
    entries->count = 1;
    entries->slots = 1;
    entries->slot_size = std::max<uint32_t>(16, map->plan().value_size);
    entries->values.assign(entries->slot_size, 0);
  }
  std::optional<Value> value = reduce(map->plan(), *entries, 0, event.from.context);
  if (!value) return damaged(event.record);
  output_->value(*value);
}

void EventPlayer::clear(Event& event) {
  KernelMap* map = map_of(event);
  if (!map) return damaged(event.record);
  base::Status status = map->clear();
  if (!status.ok()) environment_error(status.error());
}

void EventPlayer::zero(Event& event) {
  KernelMap* map = map_of(event);
  if (!map) return damaged(event.record);
  base::Status status = map->zero();
  if (!status.ok()) environment_error(status.error());
}

void EventPlayer::time(Event& event) {
  std::optional<std::string> text = time_text(event.plan.format, ::time(nullptr));
  if (text) return output_->time(*text);
  environment_error({fmt::format("strftime returned zero (format '{}' gives no text, or more than "
                                 "63 bytes)",
                                 event.plan.format),
                     {},
                     0,
                     1});
}

void EventPlayer::exit(Event& event) {
  exited_ = true;
  exited_images_.insert(event.from.number);
  if (event.plan.returns) {
    exited_on_.insert(read_at<uint16_t>(event.record, offsetof(ast::RecordHeader, cpu)));
  }
  if (!event.values.empty()) {
    exit_status_ = static_cast<int>(integer_of(event.values.front()) & 0xff);
  }
}

void EventPlayer::note_lost_exit(uint64_t word) {
  if (word == 0) return;
  exited_ = true;
  exited_images_.insert(static_cast<uint32_t>(word >> 8) - 1);
  exit_status_ = static_cast<int>(word & 0xff);
}

void EventPlayer::cat(Event& event) {
  text_.clear();
  append_formatted(text_, event.from.formats[event.index], event.values);
  base::Result<std::string> bytes = read_start(text_, event.from.image.config.max_cat_bytes);
  if (!bytes) return environment_error(bytes.error());
  output_->cat(*bytes);
}

// What the command says comes before what is said of it.
void EventPlayer::system(Event& event) {
  text_.clear();
  append_formatted(text_, event.from.formats[event.index], event.values);
  output_->flush();
  base::Result<CommandResult> result = run_command(text_, interruption_);
  if (!result) return environment_error(result.error());
  output_->system(result->said);
  if (!WIFEXITED(result->status)) {
    environment_error({"child process did not exit normally", {}, 0, 1});
  } else if (int code = WEXITSTATUS(result->status)) {
    environment_error({fmt::format("command exited with code {}", code), {}, 0, 1});
  }
}

void EventPlayer::join(Event& event) {
  const Array* words =
      event.values.empty() ? nullptr : std::get_if<Array>(&event.values.front().data);
  if (!words) return damaged(event.record);
  std::string text;
  for (size_t i = 0; i < words->elements.size(); i++) {
    const auto* word = std::get_if<std::string>(&words->elements[i].data);
    if (!word || word->empty()) break;
    if (i > 0) text += event.plan.format;
    text += *word;
  }
  output_->join(text);
}

void EventPlayer::runtime_error(Event& event) {
  error_seen_ = true;
  if (!show_.warnings) return;
  const std::string& message = event.plan.format;
  output_->runtime_error(message, place(event.from, event.plan.range),
                         shown_warning(event, message));
}

void EventPlayer::helper_error(Event& event) {
  error_seen_ = true;
  if (!show_.warnings || event.values.empty()) return;
  int64_t code = integer_of(event.values.front());
  const std::string& helper = event.plan.format;
  KernelMap* map = map_of(event);
  HelperMessage message = helper_message(helper, code, map ? map->plan().name : "");
  std::string shown =
      fmt::format("{}\nAdditional Info - helper: {}, retcode: {}", message.text, helper, code);
  output_->helper_error(message.json, helper, code, place(event.from, event.plan.range),
                        shown_warning(event, shown));
}

}  // namespace gimlet::runtime
