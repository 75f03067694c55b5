#include "runtime/verifier_log.h"

#include <charconv>
#include <unordered_map>
#include <vector>

namespace gimlet::runtime {
namespace {

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    size_t end = text.find('\n');
    lines.push_back(trim(text.substr(0, end)));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

// "5: (85) call bpf_..." and "5: R1=..." are steps of the walk, not complaints.
bool is_step(std::string_view line) {
  size_t digits = line.find_first_not_of("0123456789");
  return digits != std::string_view::npos && digits > 0 && line[digits] == ':';
}

// "R1_w=ctx() R10=fp0"; a sentence about a register goes on with a blank: "R1 !read_ok".
bool is_registers(std::string_view line) {
  if (!line.starts_with('R')) return false;
  size_t end = line.find_first_not_of("0123456789", 1);
  return end != std::string_view::npos && end > 1 && (line[end] == '=' || line[end] == '_');
}

// What the verifier adds for its own developers, before, between and after its sentences.
bool is_statistics(std::string_view line) {
  for (std::string_view start :
       {"processed ", "verification time ", "stack depth ", "mark_precise:", "from ", "last_idx ",
        "regs=", "parent ", "cur state:", "old state:", "frame",
        "caller:", "callee:", "returning from callee:", "to caller at "}) {
    if (line.starts_with(start)) return true;
  }
  return is_registers(line);
}

std::optional<uint32_t> leading_number(std::string_view text) {
  uint32_t number = 0;
  auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc()) return std::nullopt;
  return number;
}

// The instruction that a sentence names, where that is not the step before it.
std::optional<uint32_t> named_instruction(std::string_view sentence) {
  constexpr std::string_view kLoop = "infinite loop detected at insn ";
  if (!sentence.starts_with(kLoop)) return std::nullopt;
  return leading_number(sentence.substr(kLoop.size()));
}

struct SourceLine {
  std::string_view text;
  std::optional<uint32_t> number;
};

// "; text @ FILE:LINE" (6.9 and later) or "; text".
SourceLine read_source_comment(std::string_view line) {
  line = trim(line.substr(1));
  size_t at = line.rfind(" @ ");
  if (at == std::string_view::npos) return {line, std::nullopt};
  std::string_view place = line.substr(at + 3);
  size_t colon = place.rfind(':');
  if (colon == std::string_view::npos) return {line, std::nullopt};
  auto number = leading_number(place.substr(colon + 1));
  if (!number || *number == 0) return {line, std::nullopt};
  return {trim(line.substr(0, at)), number};
}

base::SourceRange line_range(const base::SourceFile& file, base::FileId id, uint32_t number) {
  std::string_view line = file.line(number);
  std::string_view text = trim(line);
  auto begin = static_cast<uint32_t>(line.data() - file.text().data());
  if (!text.empty()) begin = static_cast<uint32_t>(text.data() - file.text().data());
  return {id, begin, begin + static_cast<uint32_t>(text.size())};
}

}  // namespace

VerifierComplaint read_verifier_log(std::string_view log) {
  VerifierComplaint complaint;
  SourceLine here;
  std::unordered_map<uint32_t, SourceLine> lines;  // of the instructions that were walked through
  std::optional<uint32_t> named;
  for (std::string_view line : split_lines(log)) {
    if (line.empty() || is_statistics(line)) continue;
    if (line[0] == ';') {
      here = read_source_comment(line);
    } else if (is_step(line)) {
      if (auto instruction = leading_number(line)) lines[*instruction] = here;
    } else {
      complaint.sentence = std::string(line);
      named = named_instruction(line);
    }
  }
  if (auto found = named ? lines.find(*named) : lines.end(); found != lines.end()) {
    here = found->second;
  }
  complaint.source_text = std::string(here.text);
  complaint.line = here.number;
  return complaint;
}

// Before 6.12 the kernel knows of no function where it does not allow one. For some helpers it does
// not say which: then the last step tells.
std::optional<RefusedHelper> refused_helper(std::string_view log) {
  std::string sentence = read_verifier_log(log).sentence;
  constexpr std::string_view kNamed[] = {"program of this type cannot use helper ",
                                         "unknown func "};
  std::string_view text;
  for (std::string_view start : kNamed) {
    if (sentence.starts_with(start)) text = std::string_view(sentence).substr(start.size());
  }
  if (sentence.starts_with("helper call is not allowed in probe")) {
    constexpr std::string_view kStep = "(85) call ";
    size_t at = log.rfind(kStep);
    if (at != std::string_view::npos) text = log.substr(at + kStep.size());
  }
  size_t mark = text.find('#');
  if (mark == std::string_view::npos) return std::nullopt;
  RefusedHelper helper{std::string(text.substr(0, mark))};
  const char* end = text.data() + text.size();
  if (std::from_chars(text.data() + mark + 1, end, helper.number).ec != std::errc()) {
    return std::nullopt;
  }
  return helper;
}

base::SourceRange locate(const VerifierComplaint& complaint, const base::SourceSet& sources,
                         base::SourceRange probe) {
  const base::SourceFile& file = sources.file(probe.file);
  uint32_t first = file.position(probe.begin).line;
  uint32_t last = file.position(probe.end).line;
  if (complaint.line && *complaint.line >= first && *complaint.line <= last) {
    // In a program of one line the whole line would say less than the probe does.
    if (first == last) return probe;
    return line_range(file, probe.file, *complaint.line);
  }
  if (complaint.source_text.empty() || first == last) return probe;
  for (uint32_t number = first; number <= last; number++) {
    if (trim(file.line(number)) == complaint.source_text) {
      return line_range(file, probe.file, number);
    }
  }
  return probe;
}

}  // namespace gimlet::runtime
