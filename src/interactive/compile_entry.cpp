#include "interactive/compile_entry.h"

#include <fmt/format.h>

#include <cctype>

#include "ast/provider.h"
#include "ast/sema/apply_config.h"
#include "ast/sema/type_scope.h"
#include "codegen/generate.h"
#include "frontend/read.h"
#include "interactive/declarations.h"
#include "interactive/entry.h"
#include "kernel/external_code.h"
#include "kernel/header_types.h"

namespace gimlet::interactive {
namespace {

using ast::SourceRange;

bool continues_word(char c) { return isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// Where a text mentions a map first.
std::optional<std::pair<uint32_t, uint32_t>> find_map(std::string_view text,
                                                      const std::string& name) {
  for (size_t at = 0; (at = text.find(name, at)) != std::string_view::npos; at++) {
    size_t end = at + name.size();
    if (end < text.size() && continues_word(text[end])) continue;
    return std::pair(static_cast<uint32_t>(at), static_cast<uint32_t>(end));
  }
  return std::nullopt;
}

ast::sema::Environment environment(const CompileRequest& request, base::SourceSet& sources) {
  ast::sema::Environment known;
  known.shared = true;
  for (const ast::MapPlan& plan : request.maps) {
    ast::sema::KnownMap map{plan};
    auto origin = request.origins.find(plan.name);
    if (origin != request.origins.end() && find_map(request.text, plan.name)) {
      if (auto place = find_map(origin->second.text, plan.name)) {
        base::FileId file = sources.add(origin->second.label, origin->second.text);
        map.origin = SourceRange{file, place->first, place->second};
      }
    }
    known.maps.emplace(plan.name, std::move(map));
  }
  return known;
}

// Statements become a program that runs once: `begin { STATEMENTS }`.
void make_program(ParsedEntry& entry) {
  ast::Probe& probe = entry.program.probes.front();
  ast::AttachPoint point;
  point.id = entry.program.node_count++;
  point.range = SourceRange{probe.range.file, probe.range.begin, probe.range.begin};
  point.text = "begin";
  point.parts.push_back({"begin", false, point.range});
  probe.attach_points.push_back(std::move(point));
}

// `e` -> `print(e)`
void print_value(ParsedEntry& entry) {
  ast::Block& body = entry.program.probes.front().body;
  ast::ExprPtr value;
  if (body.value) {
    value = std::move(body.value);
  } else {
    value = std::move(std::get<ast::ExpressionStatement>(body.statements.front()->node).expression);
  }
  SourceRange range = value->range;
  ast::Call call;
  call.name = "print";
  call.name_range = range;
  call.arguments.push_back(std::move(value));
  auto print = std::make_unique<ast::Expr>();
  print->id = entry.program.node_count++;
  print->range = range;
  print->node = std::move(call);
  auto statement = std::make_unique<ast::Stmt>();
  statement->id = entry.program.node_count++;
  statement->range = range;
  statement->node = ast::ExpressionStatement{std::move(print)};
  body.statements.clear();
  body.statements.push_back(std::move(statement));
}

// Whether an expression by itself may be meant for its effect.
bool may_be_effect(const ast::Expr& value) {
  return std::holds_alternative<ast::Call>(value.node) ||
         std::holds_alternative<ast::If>(value.node) ||
         std::holds_alternative<ast::BlockExpr>(value.node);
}

class EntryCompiler {
 public:
  EntryCompiler(const CompileRequest& request, const CompileSettings& settings,
                kernel::Kernel& kernel)
      : request_(request), settings_(settings), kernel_(kernel) {}

  // `show`: a bare expression is printed. `effect_possible` is set if it could be a statement.
  CompiledEntry compile(bool show, bool& effect_possible) {
    CompiledEntry result;
    result.sources = std::make_shared<base::SourceSet>();
    result.config = settings_.options.config;
    base::Diagnostics& diagnostics = result.diagnostics;
    base::SourceSet& sources = *result.sources;
    base::FileId file = sources.add(request_.label, request_.text);

    // The entry becomes a tree, behind what others declare.
    ParsedEntry entry = parse_entry(sources, file, request_.body, diagnostics);
    if (diagnostics.has_errors()) return result;
    result.statements = entry.statements;
    result.declares = declares(entry.program);
    if (entry.statements) make_program(entry);
    if (entry.value && show && !std::holds_alternative<ast::Step>(entry.value->node)) {
      effect_possible = may_be_effect(*entry.value);
      print_value(entry);
    }
    for (const ast::Probe& probe : entry.program.probes) {
      check_provider(probe, diagnostics);
    }
    if (diagnostics.has_errors()) return result;
    ast::Program whole = with_declarations(std::move(entry.program), request_.declaring, sources);
    understand(std::move(whole), file, result);
    return result;
  }

 private:
  // Tests are run on request, by a command line of their own.
  void check_provider(const ast::Probe& probe, base::Diagnostics& diagnostics) {
    for (const ast::AttachPoint& point : probe.attach_points) {
      if (point.parts.empty()) continue;
      const ast::Provider* provider = ast::find_provider(point.parts.front().text);
      if (!provider || !ast::is_run_on_request(provider->id)) continue;
      diagnostics
          .error(point.range,
                 fmt::format("{} probes do not run in an interactive session", provider->name))
          .hint(fmt::format("put them into a file and run it with --{}", provider->name));
    }
  }

  frontend::ReadOptions reading(const ast::sema::Options& options) {
    frontend::ReadOptions reading;
    reading.folder = ".";
    reading.have_btf = [this] { return kernel_.has_btf(); };
    bool in_blocks = options.config.unstable_import_statement != ast::Unstable::Error;
    reading.imports_in_blocks = [in_blocks](const ast::Program&) { return in_blocks; };
    for (const std::string& header : settings_.includes) {
      reading.c_text.push_back("#include \"" + header + "\"");
    }
    return reading;
  }

  std::unique_ptr<kernel::HeaderTypes> headers(const frontend::Source& source,
                                               const base::SourceSet& sources) {
    if (source.definitions.includes.empty()) return nullptr;
    kernel::HeaderUnit unit = kernel::header_unit(sources, source.program.c_text);
    unit.include_folders = settings_.include_folders;
    for (std::string& folder : kernel::kernel_header_folders()) {
      unit.include_folders.push_back(std::move(folder));
    }
    if (kernel_.has_btf()) unit.predefined = {"BPFTRACE_HAVE_BTF", "_LINUX_TYPES_H"};
    return kernel::clang_header_types(unit);
  }

  // Tree -> image. What earlier entries are warned of has been said when they were entered.
  void understand(ast::Program program, base::FileId file, CompiledEntry& result) {
    base::Diagnostics all;
    run_stages(std::move(program), all, result);
    for (const base::Diagnostic& d : all.all()) {
      bool old = d.severity == base::Severity::Warning && d.range && d.range->file != file;
      if (!old) result.diagnostics.add(d);
    }
  }

  void run_stages(ast::Program program, base::Diagnostics& diagnostics, CompiledEntry& result) {
    base::SourceSet& sources = *result.sources;
    ast::sema::Options options = settings_.options;
    ast::sema::apply_config(program, settings_.fixed_keys, options.config, diagnostics);
    if (diagnostics.has_errors()) return;
    frontend::Source source =
        frontend::complete(std::move(program), sources, reading(options), diagnostics);
    if (diagnostics.has_errors()) return;
    if (!source.program.external_sources.empty()) {
      options.external = kernel::read_external_code(source.program.external_sources,
                                                    settings_.include_folders, diagnostics);
      if (diagnostics.has_errors()) return;
    }
    std::unique_ptr<kernel::HeaderTypes> header_types = headers(source, sources);
    ast::sema::TypeScope types(source.definitions, kernel_, diagnostics, header_types.get());
    types.check();
    if (diagnostics.has_errors()) return;
    frontend::FindCMacro c_macro;
    if (!source.definitions.empty()) {
      c_macro = [&](std::string_view name) -> std::optional<std::string> {
        const ast::CMacro* macro = types.find_macro(name);
        if (!macro || macro->function_like) return std::nullopt;
        return macro->replacement;
      };
    }
    frontend::expand(source.program, sources, c_macro, {}, diagnostics);
    if (diagnostics.has_errors()) return;
    result.tree = std::make_unique<ast::Program>(std::move(source.program));
    auto typed = ast::sema::analyze(*result.tree, kernel_, types, environment(request_, sources),
                                    options, diagnostics);
    if (!typed) return;
    result.config = options.config;
    result.typed = std::move(*typed);
    if (result.typed.probes.empty()) return;
    auto image = codegen::generate(result.typed, sources);
    if (image) {
      result.image = std::move(*image);
    } else {
      result.failure = image.error();
    }
  }

  const CompileRequest& request_;
  const CompileSettings& settings_;
  kernel::Kernel& kernel_;
};

}  // namespace

CompiledEntry compile_entry(const CompileRequest& request, const CompileSettings& settings,
                            kernel::Kernel& kernel) {
  bool effect_possible = false;
  CompiledEntry shown = EntryCompiler(request, settings, kernel).compile(true, effect_possible);
  if (!shown.failed() || !effect_possible) return shown;
  return EntryCompiler(request, settings, kernel).compile(false, effect_possible);
}

}  // namespace gimlet::interactive
