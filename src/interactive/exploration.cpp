#include "interactive/exploration.h"

#include <fmt/format.h>

#include <algorithm>

#include "ast/sema/dispensable.h"
#include "interactive/entry.h"
#include "interactive/probe_lines.h"

namespace gimlet::interactive {

using base::Result;
using base::Status;

namespace {

constexpr size_t kChangesKept = 100;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// Whether there is something to do for the image after it was started.
bool goes_on(const image::Image& image) {
  return std::any_of(image.programs.begin(), image.programs.end(), [](const auto& plan) {
    return plan.provider != ast::ProviderId::Begin && plan.provider != ast::ProviderId::Iter;
  });
}

bool has_iterator(const image::Image& image) {
  return std::any_of(image.programs.begin(), image.programs.end(),
                     [](const auto& plan) { return plan.provider == ast::ProviderId::Iter; });
}

}  // namespace

Exploration::Exploration(std::unique_ptr<kernel::Kernel> kernel, CompileSettings settings)
    : kernel_(std::move(kernel)), settings_(std::move(settings)) {}

Exploration::~Exploration() {
  if (session_) (void)remove_all();
}

Result<std::unique_ptr<Exploration>> Exploration::create(std::unique_ptr<kernel::Kernel> kernel,
                                                         CompileSettings settings,
                                                         runtime::SessionOptions options,
                                                         runtime::Output& output,
                                                         runtime::Log log) {
  const uint64_t pages = settings.options.config.perf_rb_pages;
  std::unique_ptr<Exploration> self(new Exploration(std::move(kernel), std::move(settings)));
  auto session = runtime::Session::create(self->no_sources_, output, options, std::move(log),
                                          runtime::Ahead{runtime::RingAhead::start(pages), {}});
  if (!session) return session.error();
  self->session_ = std::move(*session);
  return self;
}

Cell* Exploration::find(uint32_t number) {
  for (auto& cell : cells_) {
    if (cell->number == number) return cell.get();
  }
  return nullptr;
}

Cell* Exploration::find(const std::string& word) {
  for (auto& cell : cells_) {
    if (!cell->name.empty() && cell->name == word) return cell.get();
    if (std::to_string(cell->number) == word) return cell.get();
  }
  return nullptr;
}

Outcome Exploration::enter(const std::string& text) {
  EntryName name = entry_name(text);
  Cell* known = name.name.empty() ? nullptr : find(name.name);
  Place place{known && known->name == name.name ? known : nullptr};
  return run(text, place);
}

Outcome Exploration::replace(Cell& cell, const std::string& text) { return run(text, {&cell}); }

CompiledEntry Exploration::compile(const Entry& entry) {
  std::vector<const Cell*> declaring;
  for (const auto& cell : cells_) {
    if (cell->declares && cell.get() != entry.place.replaced) declaring.push_back(cell.get());
  }
  std::vector<ast::MapPlan> maps;
  for (const runtime::MapState& map : session_->maps()) maps.push_back(map.plan);
  return compile_entry(
      {entry.label, entry.text, entry.name.body, std::move(declaring), std::move(maps), origins_},
      settings_, *kernel_);
}

Result<Exploration::Started> Exploration::try_to_start(CompiledEntry& compiled,
                                                       uint32_t& attached) {
  Started started;
  started.probes = probe_lines(*compiled.tree, *compiled.image);
  started.iterates = has_iterator(*compiled.image);
  started.goes_on = goes_on(*compiled.image);
  // Maps are shown when they are asked for.
  compiled.image->config.print_maps_on_exit = false;
  auto image = session_->load(std::move(*compiled.image), *compiled.sources);
  if (!image) return image.error();
  session_->follow(settings_.options.target_pid, false);
  auto count = session_->attach(*image);
  if (!count) {
    (void)session_->unload({*image});
    return count.error();
  }
  attached = *count;
  started.image = *image;
  return started;
}

// By other mechanisms if the kernel refuses the first.
Exploration::Started Exploration::start(const Entry& entry, CompiledEntry& compiled,
                                        Outcome& outcome) {
  Result<Started> started = try_to_start(compiled, outcome.probes);
  while (!started) {
    auto feature = ast::sema::dispensable(compiled.typed, started.error(), *kernel_);
    if (!feature) break;
    kernel_->withhold(*feature);
    CompiledEntry other = compile(entry);
    if (other.failed() || !other.image) break;
    compiled = std::move(other);
    started = try_to_start(compiled, outcome.probes);
  }
  if (!started) {
    outcome.failure = started.error();
    if (outcome.failure->message.empty()) outcome.failure->message = "Interrupted";
    return {};
  }
  note_origins(entry.label, entry.text);
  return std::move(*started);
}

Outcome Exploration::run(const std::string& text, Place place) {
  Clock::time_point began = Clock::now();
  Entry entry{text, entry_name(text), place, {}};
  if (place.replaced) entry.place.number = place.replaced->number;
  if (entry.place.number == 0) entry.place.number = last_number_ + 1;
  // What runs once gets no number.
  entry.label = is_program(text) ? fmt::format("cell {}", entry.place.number) : "entry";
  CompiledEntry compiled = compile(entry);
  Outcome outcome;
  Started started;
  if (!compiled.failed() && compiled.image) {
    // What is new runs before what it replaces ends: if it cannot, nothing has changed.
    started = start(entry, compiled, outcome);
    if (started.image) outcome.milliseconds = milliseconds_since(began);
  }
  outcome.sources = compiled.sources;
  outcome.diagnostics = compiled.diagnostics;
  if (compiled.failure) outcome.failure = compiled.failure;
  if (outcome.failed()) return outcome;
  if (started.image) run_once(started, outcome);
  settings_.options.config = compiled.config;
  bool stays =
      compiled.declares || started.image || (!compiled.statements && started.probes.empty());
  if (stays) keep(entry, compiled, std::move(started), outcome);
  return outcome;
}

// Iterators are walked; what has nothing more to do is let go.
void Exploration::run_once(Started& started, Outcome& outcome) {
  if (started.iterates) session_->walk(*started.image);
  if (started.goes_on) return;
  Status ended = session_->unload({*started.image});
  if (!ended.ok()) outcome.failure = ended.error();
  started.image.reset();
}

void Exploration::keep(const Entry& entry, CompiledEntry& compiled, Started started,
                       Outcome& outcome) {
  Cell* cell = entry.place.replaced;
  if (cell) {
    note({Change::Kind::Replaced, cell->number, cell->text});
    Status ended = unload(*cell);
    if (!ended.ok()) outcome.failure = ended.error();
  } else {
    uint32_t number = entry.place.number;
    auto position = std::find_if(cells_.begin(), cells_.end(),
                                 [&](const auto& other) { return other->number > number; });
    cell = cells_.insert(position, std::make_unique<Cell>())->get();
    cell->number = number;
    last_number_ = std::max(last_number_, number);
    note({Change::Kind::Added, number});
  }
  if (!entry.name.name.empty()) cell->name = entry.name.name;
  cell->text = entry.text;
  cell->body = entry.name.body;
  cell->declares = compiled.declares;
  cell->image = started.image;
  cell->sources = compiled.sources;
  cell->enabled = started.image.has_value();
  cell->probes = started.image ? std::move(started.probes) : std::vector<ProbeLine>{};
  cell->since = Clock::now();
  outcome.cell = cell->number;
  outcome.name = cell->name;
  outcome.replaced = entry.place.replaced != nullptr;
}

void Exploration::note_origins(const std::string& label, const std::string& text) {
  for (const runtime::MapState& map : session_->maps()) {
    if (!origins_.contains(map.plan.name)) origins_[map.plan.name] = {label, text};
  }
}

Status Exploration::unload(Cell& cell) {
  if (!cell.image) return base::Done{};
  Status ended = session_->unload({*cell.image});
  cell.image.reset();
  cell.enabled = false;
  return ended;
}

void Exploration::forget(Cell& cell) {
  std::erase_if(cells_, [&](const auto& kept) { return kept.get() == &cell; });
}

void Exploration::note(Change change) {
  if (changes_.size() == kChangesKept) changes_.erase(changes_.begin());
  changes_.push_back(std::move(change));
}

Result<uint32_t> Exploration::enable(Cell& cell) {
  if (!cell.image) return base::Error{fmt::format("{} has no probes", cell.label()), {}, 0, 1};
  if (cell.enabled)
    return base::Error{fmt::format("{} is attached already", cell.label()), {}, 0, 1};
  auto attached = session_->attach(*cell.image, true);
  if (!attached) return attached.error();
  cell.enabled = true;
  note({Change::Kind::Enabled, cell.number});
  return attached;
}

Status Exploration::disable(Cell& cell) {
  if (!cell.image || !cell.enabled) {
    return base::Error{fmt::format("{} is not attached", cell.label()), {}, 0, 1};
  }
  session_->detach({*cell.image});
  cell.enabled = false;
  note({Change::Kind::Disabled, cell.number});
  return base::Done{};
}

Status Exploration::remove(Cell& cell) {
  note({Change::Kind::Removed, cell.number, cell.text});
  Status ended = unload(cell);
  forget(cell);
  return ended;
}

Status Exploration::remove_all() {
  std::vector<uint32_t> images;
  for (const auto& cell : cells_) {
    if (cell->image) images.push_back(*cell->image);
  }
  Status ended = session_->unload(images);
  cells_.clear();
  changes_.clear();
  return ended;
}

Result<std::string> Exploration::undo() {
  if (changes_.empty()) return base::Error{"There is nothing to undo", {}, 0, 1};
  Change change = std::move(changes_.back());
  changes_.pop_back();
  size_t before = changes_.size();
  Cell* cell = find(change.cell);
  std::string label = fmt::format("cell {}", change.cell);
  std::string said;
  Status status = base::Done{};
  auto run_again = [&](Place place) {
    Outcome outcome = run(change.text, place);
    if (outcome.failure) status = *outcome.failure;
    for (const base::Diagnostic& d : outcome.diagnostics.all()) {
      if (d.severity == base::Severity::Error) status = base::Error{d.message, {}, 0, 1};
    }
  };
  switch (change.kind) {
    case Change::Kind::Added:
      said = label + " is gone again";
      if (cell) status = remove(*cell);
      break;
    case Change::Kind::Replaced:
      said = label + " is as it was before";
      run_again({cell});
      break;
    case Change::Kind::Removed:
      said = label + " is back";
      run_again({nullptr, change.cell});
      break;
    case Change::Kind::Disabled:
      said = label + " is attached again";
      if (!cell) break;
      if (auto attached = enable(*cell); !attached) status = attached.error();
      break;
    case Change::Kind::Enabled:
      said = label + " is detached again";
      if (cell) status = disable(*cell);
      break;
  }
  changes_.resize(std::min(before, changes_.size()));
  if (!status.ok()) return status.error();
  return said;
}

std::vector<std::string> Exploration::turn() {
  runtime::Turn turn = session_->turn();
  std::vector<std::string> ended;
  for (uint32_t image : turn.exited) {
    for (auto& cell : cells_) {
      if (cell->image != image) continue;
      ended.push_back(fmt::format("{} called exit() and has ended", cell->label()));
      (void)remove(*cell);
      break;
    }
  }
  if (turn.process_ended) ended.push_back("The traced process has ended");
  return ended;
}

Status Exploration::drop_map(const std::string& name) {
  Status dropped = session_->drop(name);
  if (dropped.ok()) origins_.erase(name);
  return dropped;
}

}  // namespace gimlet::interactive
