// Exploration: a session of cells. It owns what is resident (the kernel's types and names, cells,
// maps by name, what is attached) and changes one cell at a time, without touching the others.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "interactive/cell.h"
#include "interactive/compile_entry.h"
#include "interactive/entry.h"
#include "kernel/kernel.h"
#include "runtime/session.h"

namespace gimlet::interactive {

// What became of an entry.
struct Outcome {
  base::Diagnostics diagnostics;
  std::shared_ptr<const base::SourceSet> sources;  // what diagnostics refer to
  std::optional<base::Error> failure;
  uint32_t cell = 0;  // 0: nothing stays
  std::string name;
  bool replaced = false;
  uint32_t probes = 0;      // that were attached
  double milliseconds = 0;  // until then

  bool failed() const { return failure || diagnostics.has_errors(); }
};

class Exploration {
 public:
  // `output` must outlive it; `log` takes lines that are no results.
  static base::Result<std::unique_ptr<Exploration>> create(std::unique_ptr<kernel::Kernel> kernel,
                                                           CompileSettings settings,
                                                           runtime::SessionOptions options,
                                                           runtime::Output& output,
                                                           runtime::Log log);
  ~Exploration();

  // Compiles and attaches a program, or runs statements once. An entry with the name of a cell
  // takes its place.
  Outcome enter(const std::string& text);
  // A new text for a cell.
  Outcome replace(Cell& cell, const std::string& text);

  // Attaches the cell's probes again; how many.
  base::Result<uint32_t> enable(Cell& cell);
  base::Status disable(Cell& cell);
  // Ends the probes and forgets what was declared. Maps stay.
  base::Status remove(Cell& cell);
  base::Status remove_all();

  // Takes back the latest change of cells; says what was done.
  base::Result<std::string> undo();

  const std::vector<std::unique_ptr<Cell>>& cells() const { return cells_; }
  // By its number or its name; null if there is none.
  Cell* find(const std::string& word);

  // One turn of the event loop. Cells that called exit() are ended; gives their labels.
  std::vector<std::string> turn();

  runtime::Session& session() { return *session_; }
  kernel::Kernel& kernel() { return *kernel_; }
  CompileSettings& settings() { return settings_; }
  std::vector<runtime::MapState> maps() const { return session_->maps(); }
  // Removes maps that no cell uses.
  base::Status drop_map(const std::string& name);

 private:
  struct Change {
    enum class Kind { Added, Replaced, Removed, Disabled, Enabled } kind;
    uint32_t cell = 0;
    std::string text{};  // of the cell before the change
  };
  // Which cell an entry becomes.
  struct Place {
    Cell* replaced = nullptr;
    uint32_t number = 0;  // 0: the next one
  };

  Exploration(std::unique_ptr<kernel::Kernel> kernel, CompileSettings settings);

  // An entry on its way to a cell.
  struct Entry {
    const std::string& text;
    EntryName name;
    Place place;
    std::string label;  // as messages name it
  };
  // A program that was loaded and attached.
  struct Started {
    std::optional<uint32_t> image{};
    std::vector<ProbeLine> probes{};
    bool iterates = false;
    bool goes_on = false;  // there is something to do for it after its start
  };

  Outcome run(const std::string& text, Place place);
  CompiledEntry compile(const Entry& entry);
  Started start(const Entry& entry, CompiledEntry& compiled, Outcome& outcome);
  base::Result<Started> try_to_start(CompiledEntry& compiled, uint32_t& attached);
  void run_once(Started& started, Outcome& outcome);
  void keep(const Entry& entry, CompiledEntry& compiled, Started started, Outcome& outcome);
  void note_origins(const std::string& label, const std::string& text);
  Cell* find(uint32_t number);
  base::Status unload(Cell& cell);
  void forget(Cell& cell);
  void note(Change change);

  std::unique_ptr<kernel::Kernel> kernel_;
  CompileSettings settings_;
  base::SourceSet no_sources_;
  std::unique_ptr<runtime::Session> session_;
  std::vector<std::unique_ptr<Cell>> cells_;  // by number
  uint32_t last_number_ = 0;
  std::map<std::string, MapOrigin> origins_;
  std::vector<Change> changes_;
};

}  // namespace gimlet::interactive
