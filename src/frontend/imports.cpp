#include "frontend/imports.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/owners.h"
#include "frontend/merge.h"
#include "frontend/stdlib_files.h"
#include "parser/parse.h"

namespace gimlet::frontend {
namespace {

namespace fs = std::filesystem;

bool world_writable(const fs::path& path) {
  struct stat st {};
  return ::stat(path.c_str(), &st) == 0 && (st.st_mode & S_IWOTH) != 0;
}

class Importer {
 public:
  Importer(base::SourceSet& sources, const std::vector<std::string>& search, bool in_blocks,
           base::Diagnostics& diagnostics, ast::NodeId next_id)
      : sources_(sources),
        search_(search),
        in_blocks_(in_blocks),
        diagnostics_(diagnostics),
        next_id_(next_id) {}

  // What a program imports, in front of what it has itself.
  ast::Program with_imports(ast::Program program, const fs::path& folder) {
    ast::Program whole;
    add_all(whole, program.imports, folder);
    if (in_blocks_) add_all(whole, program.block_imports, folder);
    merge(whole, std::move(program));
    whole.node_count = next_id_;
    return whole;
  }

 private:
  void add_all(ast::Program& whole, const std::vector<ast::Import>& imports,
               const fs::path& folder) {
    for (const ast::Import& import : imports) {
      if (std::optional<fs::path> path = find(import, folder)) add(whole, import, *path);
    }
  }

  static bool is_library(const std::string& path) {
    return path == "stdlib" || path.starts_with("stdlib/");
  }

  // The library is always there; a path only says what it is wanted for.
  void check_library_path(const ast::Import& import) {
    const auto parts = files();
    const bool known =
        import.path == "stdlib" || std::any_of(parts.begin(), parts.end(), [&](const File& part) {
          return import.path == "stdlib/" + std::string(part.name);
        });
    if (known) return;
    diagnostics_
        .warning(import.path_range,
                 fmt::format("the built-in library has no file '{}'", import.path))
        .hint("all of the library can be used without an import");
  }

  std::optional<fs::path> find(const ast::Import& import, const fs::path& folder) {
    if (is_library(import.path)) {
      check_library_path(import);
      return std::nullopt;
    }
    std::vector<std::string> checked;
    std::vector<fs::path> folders{folder};
    folders.insert(folders.end(), search_.begin(), search_.end());
    for (const fs::path& start : folders) {
      fs::path path = start / import.path;
      std::error_code failure;
      if (fs::exists(path, failure)) return path;
      checked.push_back(path.string());
      if (fs::path(import.path).is_absolute()) break;
    }
    diagnostics_.error(import.path_range, "Unable to find suitable path for import")
        .hint(fmt::format("checked: {}", fmt::join(checked, ", ")));
    return std::nullopt;
  }

  void add(ast::Program& whole, const ast::Import& import, const fs::path& path) {
    std::error_code failure;
    if (fs::is_directory(path, failure)) return add_folder(whole, import, path);
    if (!kind_of(path)) {
      diagnostics_.error(import.path_range, fmt::format("unknown import type: {}", path.string()))
          .hint("import .bt, .bpf.c, .bpf.o or .h files, or a directory of them");
      return;
    }
    if (world_writable(path) || world_writable(path.parent_path())) {
      diagnostics_.warning(
          import.path_range,
          fmt::format("{}: skipping due to global write permissions", path.string()));
      return;
    }
    add_file(whole, import, path);
  }

  void add_folder(ast::Program& whole, const ast::Import& import, const fs::path& folder) {
    if (world_writable(folder)) {
      diagnostics_.error(import.path_range,
                         fmt::format("{}: cowardly refusing to import from a directory with global "
                                     "write permissions",
                                     folder.string()));
      return;
    }
    std::vector<fs::path> files;
    std::error_code failure;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, failure)) {
      if (entry.is_regular_file() && kind_of(entry.path())) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) add_file(whole, import, file);
  }

  enum class Kind { Script, Header, CSource, Object };

  static std::optional<Kind> kind_of(const fs::path& path) {
    std::string name = path.filename().string();
    if (name.ends_with(".bt")) return Kind::Script;
    if (name.ends_with(".h")) return Kind::Header;
    if (name.ends_with(".bpf.c")) return Kind::CSource;
    if (name.ends_with(".bpf.o")) return Kind::Object;
    return std::nullopt;
  }

  void add_file(ast::Program& whole, const ast::Import& import, const fs::path& path) {
    std::error_code failure;
    fs::path real = fs::weakly_canonical(path, failure);
    if (!seen_.insert(failure ? path : real).second) return;
    // What is not a script is only noted: it is compiled when the whole program has been read.
    auto note = [&](ast::ExternalSource::Kind kind) {
      whole.external_sources.push_back({kind, path.string(), import.path_range});
    };
    switch (*kind_of(path)) {
      case Kind::Header: return note(ast::ExternalSource::Kind::Header);
      case Kind::CSource: return note(ast::ExternalSource::Kind::CSource);
      case Kind::Object: return note(ast::ExternalSource::Kind::Object);
      case Kind::Script: break;
    }
    base::Result<std::string> text = base::read_file(path.string());
    if (!text) {
      diagnostics_.error(import.path_range, text.error().message).hint(text.error().hint);
      return;
    }
    base::FileId file = sources_.add(path.string(), std::move(*text));
    ast::Program program = parser::parse(sources_, file, diagnostics_, next_id_);
    next_id_ = program.node_count;
    if (!program.config.empty()) {
      diagnostics_.error(*program.config_range, "invalid `config` within import")
          .hint("settings belong into the program that is run");
    }
    merge(whole, with_imports(std::move(program), path.parent_path()));
  }

  base::SourceSet& sources_;
  const std::vector<std::string>& search_;
  bool in_blocks_;
  base::Diagnostics& diagnostics_;
  ast::NodeId next_id_;
  std::set<fs::path> seen_;
};

}  // namespace

void import_files(ast::Program& program, base::SourceSet& sources, const std::string& folder,
                  const std::vector<std::string>& search, bool in_blocks,
                  base::Diagnostics& diagnostics) {
  Importer importer(sources, search, in_blocks, diagnostics, program.node_count);
  program = importer.with_imports(std::move(program), folder);
}

}  // namespace gimlet::frontend
