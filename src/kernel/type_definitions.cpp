// libbpf writes a type together with all that it is made of, as one text in which every definition
// starts and ends at the left margin. The definitions that were asked for are cut out of it.
#include "kernel/type_definitions.h"

#include <bpf/btf.h>
#include <fmt/format.h>

#include <cstdarg>
#include <cstdio>
#include <string_view>

#include "base/glob.h"

namespace gimlet::kernel {
namespace {

const char* tag_of(const btf_type& type) {
  switch (btf_kind(type)) {
    case BTF_KIND_STRUCT: return "struct";
    case BTF_KIND_UNION: return "union";
    case BTF_KIND_ENUM:
    case BTF_KIND_ENUM64: return "enum";
    default: return nullptr;
  }
}

void append(void* text, const char* format, va_list arguments) {
  char* piece = nullptr;
  const int size = vasprintf(&piece, format, arguments);
  if (size < 0) return;
  static_cast<std::string*>(text)->append(piece, static_cast<size_t>(size));
  free(piece);
}

// Calls visit(tagged name, text) for each definition.
template <typename Visit>
void for_each_definition(std::string_view text, Visit visit) {
  size_t begin = std::string_view::npos;  // of the open definition
  for (size_t line = 0; line < text.size();) {
    const size_t end = std::min(text.find('\n', line), text.size());
    const std::string_view content = text.substr(line, end - line);
    if (begin == std::string_view::npos && content.find('{') != std::string_view::npos)
      begin = line;
    const bool closes = content.starts_with('}') || content.ends_with("};");
    if (begin != std::string_view::npos && closes && !content.starts_with('\t')) {
      const std::string_view whole = text.substr(begin, end - begin);
      visit(whole.substr(0, whole.find(" {")), whole);
      begin = std::string_view::npos;
    }
    line = end + 1;
  }
}

}  // namespace

struct DefinitionWriter::Reader {
  struct btf* types = nullptr;
  ~Reader() { btf__free(types); }
};

DefinitionWriter::DefinitionWriter(std::string vmlinux) : vmlinux_file_(std::move(vmlinux)) {}
DefinitionWriter::~DefinitionWriter() = default;

MatchingTypes matching_types(const BtfTypes& types, const std::string& pattern) {
  const Btf& btf = types.btf();
  MatchingTypes found;
  for (uint32_t id : btf.type_ids()) {
    const btf_type& type = *btf.type(id);
    const char* tag = tag_of(type);
    const std::string_view name = btf.name(type);
    if (!tag || name.empty()) continue;
    std::string tagged = fmt::format("{} {}", tag, name);
    if (base::glob_matches(pattern, tagged)) found.try_emplace(std::move(tagged), id);
  }
  return found;
}

std::map<std::string, std::string> DefinitionWriter::write(const std::string& module_file,
                                                           const MatchingTypes& types) {
  std::map<std::string, std::string> texts;
  if (!vmlinux_) {
    vmlinux_ = std::make_unique<Reader>();
    vmlinux_->types = btf__parse_raw(vmlinux_file_.c_str());
  }
  if (!vmlinux_->types) return texts;
  Reader module;
  if (!module_file.empty()) {
    module.types = btf__parse_raw_split(module_file.c_str(), vmlinux_->types);
    if (!module.types) return texts;
  }
  std::string all;
  btf_dump* dump =
      btf_dump__new(module_file.empty() ? vmlinux_->types : module.types, append, &all, nullptr);
  if (!dump) return texts;
  for (const auto& [name, id] : types) btf_dump__dump_type(dump, id);
  btf_dump__free(dump);
  for_each_definition(all, [&](std::string_view name, std::string_view text) {
    std::string key(name);
    if (types.contains(key)) texts.try_emplace(std::move(key), text);
  });
  return texts;
}

}  // namespace gimlet::kernel
