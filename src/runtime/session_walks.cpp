// Programs of iterators in a session: the run is one walk over all objects, or, if the script names
// a pin, the link becomes a file and the run is whoever reads it.
#include <fmt/format.h>

#include "runtime/iterator.h"
#include "runtime/session_state.h"

namespace gimlet::runtime {
namespace {

using ast::ProviderId;

// Records that wait until what comes before them has been shown.
class WaitingRecords {
 public:
  void add(ByteSpan record) {
    bytes_.insert(bytes_.end(), record.begin(), record.end());
    sizes_.push_back(record.size());
  }
  void show(const std::function<void(ByteSpan)>& play) const {
    size_t begin = 0;
    for (size_t size : sizes_) {
      play(ByteSpan(bytes_).subspan(begin, size));
      begin += size;
    }
  }

 private:
  std::vector<uint8_t> bytes_;
  std::vector<size_t> sizes_;
};

// Hands out text line by line, as most calls of printf make it.
class Lines {
 public:
  explicit Lines(Output& output) : output_(output) {}
  void add(std::string_view text) {
    for (size_t end; (end = text.find('\n')) != std::string_view::npos;) {
      rest_ += text.substr(0, end + 1);
      text.remove_prefix(end + 1);
      output_.printf(rest_);
      rest_.clear();
    }
    rest_ += text;
  }
  void finish() {
    if (!rest_.empty()) output_.printf(rest_);
  }

 private:
  Output& output_;
  std::string rest_;
};

const std::string& pin_of(const image::ProgramPlan& plan) {
  return std::get<ast::IteratorTarget>(plan.targets.front().place).pin;
}

}  // namespace

// What the programs send otherwise is shown after what the walk itself prints.
void Session::State::walk_iterators() {
  for (auto& image : images) walk_iterators(*image);
}

void Session::State::walk_iterators(LoadedImage& image) {
  for (const image::ProgramPlan& plan : image.image.programs) {
    if (plan.provider != ProviderId::Iter || image.links.empty()) continue;
    if (!pin_of(plan).empty()) continue;
    drain_everything(true);
    if (player.exited()) return;
    WaitingRecords waiting;
    Lines lines(*output);
    auto set_aside = [&] {
      ring->drain([&](ByteSpan record) {
        waiting.add(record);
        return true;
      });
    };
    // A program has at most one iterator, and nothing else to attach.
    base::Status walked = read_iterator(image.links.front(), [&](std::string_view text) {
      output->hold(true);
      lines.add(text);
      output->hold(false);
      set_aside();
      return !signals.any() && output->status().ok();
    });
    // A walk that was broken off ends anywhere: half a line would run into what `end` prints.
    if (!signals.any()) lines.finish();
    set_aside();
    waiting.show([&](ByteSpan record) { show(record, true); });
    if (walked.ok()) continue;
    output->flush();
    log(fmt::format("ERROR: {}\n", walked.error().message));
    failed = true;
  }
}

base::Result<std::vector<std::string>> Session::pin() {
  std::vector<std::string> paths;
  for (auto& image : state_->images) {
    for (const image::ProgramPlan& plan : image->image.programs) {
      if (plan.provider != ProviderId::Iter || image->links.empty()) continue;
      if (pin_of(plan).empty()) continue;
      base::Result<std::string> path = pin_iterator(image->links.front(), pin_of(plan));
      if (!path) return path.error();
      paths.push_back(std::move(*path));
    }
  }
  return paths;
}

}  // namespace gimlet::runtime
