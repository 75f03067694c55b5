// Program text -> Image: the front half of a run, one stage after another.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "ast/node.h"
#include "ast/sema/analyze.h"
#include "ast/typed_program.h"
#include "base/source.h"
#include "cli/messages.h"
#include "cli/options.h"
#include "image/image.h"
#include "kernel/kernel.h"

namespace gimlet::cli {

struct ProgramSource {
  std::string name;  // as diagnostics show it
  std::string text;
};

// The program of -e, a file or standard input. `consumed` is the number of operands it took.
base::Result<ProgramSource> read_program(const CommandLine& line, size_t& consumed);

// A program that was understood, with everything that must live as long as it does.
struct Understood {
  ast::Program tree;
  ast::TypedProgram typed;
};

// The passes of understand(), by the names that `-d ast` shows where a tree is what they make.
inline constexpr const char* kFrontPasses[] = {"parse", "C definitions", "expand macros",
                                               "analyze"};
// Called after each pass; false leaves it at that, silently.
using PassEnded = std::function<bool(const char* pass)>;

// Parses and checks. Diagnostics have been printed; nothing if there were errors, and then the
// status to exit with is set.
std::unique_ptr<Understood> understand(const CommandLine& line, base::SourceSet& sources,
                                       base::FileId file, kernel::Kernel& kernel,
                                       ast::sema::Options options, const Messages& messages,
                                       int& exit_status, const PassEnded& pass_ended = {});

// Generates code and writes the files that --emit-* ask for.
base::Result<image::Image> compile(const CommandLine& line, const ast::TypedProgram& typed,
                                   const base::SourceSet& sources, const Messages& messages);

}  // namespace gimlet::cli
