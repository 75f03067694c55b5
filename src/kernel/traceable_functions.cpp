// All names are views into the texts that were read, so that a hundred thousand of them cost little
// more than reading.
#include "kernel/traceable_functions.h"

#include <algorithm>
#include <charconv>
#include <tuple>
#include <utility>

#include "base/glob.h"

namespace gimlet::kernel {
namespace {

constexpr std::string_view kNeverMatched[] = {"arch_cpu_idle", "bpf_dispatcher_xdp_func",
                                              "default_idle"};
constexpr std::string_view kNeverMatchedPrefixes[] = {"rcu_", "__ftrace_invalid_address__"};

// Names in kallsyms that stand for no function: what compilers put in front of functions, and the
// slots of static calls.
constexpr std::string_view kNoFunctions[] = {"__pfx_", "__cfi_", "__SCT__", "__SCK__"};
// Code of these sections is not instrumented: it runs where the tracer itself cannot, or is gone
// after the start. The kernel marks where they begin and end.
struct Section {
  std::string_view begin;
  std::string_view end;
};
constexpr Section kBareSections[] = {{"__entry_text_start", "__entry_text_end"},
                                     {"__noinstr_text_start", "__noinstr_text_end"},
                                     {"__kprobes_text_start", "__kprobes_text_end"},
                                     {"__static_call_text_start", "__static_call_text_end"},
                                     {"_sinittext", "_einittext"}};
// Code made at run time, which kallsyms shows as if it were of modules.
constexpr std::string_view kNoModules[] = {"bpf", "__builtin__ftrace", "__builtin__kprobes"};

template <typename Table>
bool contains(const Table& table, std::string_view text) {
  return std::find(std::begin(table), std::end(table), text) != std::end(table);
}

template <typename Table>
bool has_prefix(const Table& prefixes, std::string_view text) {
  return std::any_of(std::begin(prefixes), std::end(prefixes),
                     [&](std::string_view prefix) { return text.starts_with(prefix); });
}

bool never_matched(std::string_view name) {
  return name.find(".part.") != std::string_view::npos || has_prefix(kNeverMatchedPrefixes, name) ||
         contains(kNeverMatched, name);
}

template <typename Visit>
void for_each_line(std::string_view text, Visit visit) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) visit(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::string_view up_to_blank(std::string_view text) {
  return text.substr(0, text.find_first_of(" \t"));
}

// "NAME [MODULE]" -> "MODULE"; empty without one.
std::string_view in_brackets(std::string_view text) {
  const size_t open = text.find('[');
  const size_t close = text.find(']', open);
  if (open == std::string_view::npos || close == std::string_view::npos) return {};
  return text.substr(open + 1, close - open - 1);
}

// A line "ADDRESS TYPE NAME [MODULE]" of kallsyms.
struct Symbol {
  uint64_t address = 0;  // 0 where the kernel does not show addresses
  char type = 0;
  std::string_view name;
  std::string_view module;
};

Symbol parse_symbol(std::string_view line) {
  Symbol symbol;
  const size_t blank = line.find(' ');
  if (blank == std::string_view::npos || line.size() < blank + 4) return symbol;
  std::from_chars(line.data(), line.data() + blank, symbol.address, 16);
  symbol.type = line[blank + 1];
  const std::string_view rest = line.substr(blank + 3);
  symbol.name = up_to_blank(rest);
  symbol.module = in_brackets(rest.substr(symbol.name.size()));
  return symbol;
}

bool is_code(char type) { return type == 't' || type == 'T' || type == 'w' || type == 'W'; }

// The address ranges of kBareSections; unknown ones are empty.
struct Range {
  uint64_t begin = 0;
  uint64_t end = 0;
};
std::vector<Range> bare_ranges(std::string_view kallsyms) {
  std::vector<Range> ranges(std::size(kBareSections));
  for_each_line(kallsyms, [&](std::string_view line) {
    const Symbol symbol = parse_symbol(line);
    for (size_t i = 0; i < ranges.size(); i++) {
      if (symbol.name == kBareSections[i].begin) ranges[i].begin = symbol.address;
      if (symbol.name == kBareSections[i].end) ranges[i].end = symbol.address;
    }
  });
  return ranges;
}

}  // namespace

TraceableFunctions::TraceableFunctions(const Sources& sources) : read_kallsyms_(sources.kallsyms) {
  auto list = sources.list();
  known_ = list.ok();
  if (known_) {
    list_ = std::move(*list);
  } else {
    problem_ = list.error();
  }
  if (auto blacklist = sources.blacklist(); blacklist.ok()) blacklist_ = std::move(*blacklist);
  for_each_line(blacklist_, [&](std::string_view line) {
    const size_t blank = line.find_last_of(" \t");
    if (blank != std::string_view::npos) refused_.insert(line.substr(blank + 1));
  });
}

bool TraceableFunctions::is_refused(std::string_view name) const {
  return never_matched(name) || refused_.contains(name);
}

const std::vector<TraceableFunctions::Function>& TraceableFunctions::functions() const {
  if (std::exchange(has_functions_, true)) return functions_;
  if (known_) {
    for_each_line(list_, [&](std::string_view line) {
      const std::string_view name = up_to_blank(line);
      functions_.push_back({in_brackets(line.substr(name.size())), name});
    });
    return functions_;
  }
  if (auto text = read_kallsyms_(); text.ok()) kallsyms_ = std::move(*text);
  const std::vector<Range> bare = bare_ranges(kallsyms_);
  for_each_line(kallsyms_, [&](std::string_view line) {
    const Symbol symbol = parse_symbol(line);
    if (!is_code(symbol.type) || has_prefix(kNoFunctions, symbol.name)) return;
    if (contains(kNoModules, symbol.module)) return;
    const bool is_bare = std::any_of(bare.begin(), bare.end(), [&](const Range& range) {
      return symbol.address >= range.begin && symbol.address < range.end;
    });
    if (!is_bare) functions_.push_back({symbol.module, symbol.name});
  });
  return functions_;
}

bool TraceableFunctions::has(const std::string& module, std::string_view name) const {
  if (is_refused(name)) return false;
  if (!known_) return true;
  if (modules_of_.empty()) {
    modules_of_.reserve(functions().size());
    for (const Function& function : functions()) {
      modules_of_.emplace(function.name, function.module);
    }
  }
  auto [begin, end] = modules_of_.equal_range(name);
  return std::any_of(begin, end, [&](const auto& entry) {
    return module.empty() || entry.second == (module == "vmlinux" ? "" : module);
  });
}

std::vector<KernelFunction> TraceableFunctions::match(const std::string& module,
                                                      const std::string& pattern) const {
  std::vector<Function> found;
  for (const Function& function : functions()) {
    const std::string_view where = function.module.empty() ? "vmlinux" : function.module;
    if (!module.empty() && !base::glob_matches(module, where)) continue;
    if (!base::glob_matches(pattern, function.name) || is_refused(function.name)) continue;
    found.push_back({module.empty() ? std::string_view{} : where, function.name});
  }
  auto key = [](const Function& function) { return std::tie(function.module, function.name); };
  std::sort(found.begin(), found.end(),
            [&](const Function& a, const Function& b) { return key(a) < key(b); });
  found.erase(std::unique(found.begin(), found.end(),
                          [&](const Function& a, const Function& b) { return key(a) == key(b); }),
              found.end());
  std::vector<KernelFunction> functions;
  functions.reserve(found.size());
  for (const Function& function : found) {
    functions.push_back({std::string(function.module), std::string(function.name), 0});
  }
  return functions;
}

}  // namespace gimlet::kernel
