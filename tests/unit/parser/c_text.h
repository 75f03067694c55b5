// C text for tests: the whole text is one program; every `#` line outside braces and every
// definition is one piece, as the scanner of the language cuts them.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "ast/c_definitions.h"
#include "base/diagnostics.h"
#include "base/source.h"
#include "parser/c_parser.h"

class CText {
 public:
  explicit CText(std::string text, std::vector<std::string> predefined = {}) {
    const auto file = sources.add("test.bt", std::move(text));
    cut(file);
    definitions = gimlet::parser::parse_c(sources, pieces, predefined, diagnostics);
  }

  // Every message and hint, for comparison and for INFO.
  std::string messages() const {
    std::string out;
    for (const auto& d : diagnostics.all()) {
      if (d.range) out += gimlet::base::show_place(sources, *d.range) + ": ";
      out += d.message + "\n";
    }
    return out;
  }
  std::string first_message() const {
    return diagnostics.all().empty() ? "" : diagnostics.all().front().message;
  }

  gimlet::base::SourceSet sources;
  gimlet::base::Diagnostics diagnostics;
  std::vector<gimlet::base::SourceRange> pieces;
  gimlet::ast::CDefinitions definitions;

 private:
  void cut(gimlet::base::FileId file) {
    const std::string_view text = sources.file(file).text();
    int depth = 0;
    uint32_t begin = 0;
    bool line_start = true;
    const auto piece = [&](uint32_t end) {
      if (end > begin) pieces.push_back({file, begin, end});
      begin = end;
    };
    for (uint32_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (line_start && depth == 0 && c == '#') {
        const auto end = static_cast<uint32_t>(std::min(text.find('\n', i), text.size()));
        begin = i;
        piece(end);
        i = end;
        line_start = true;
        continue;
      }
      if (c == '{') ++depth;
      if (c == '}') --depth;
      if (c == ';' && depth == 0) piece(i + 1);
      if (c == '\n') line_start = true;
      if (c != ' ' && c != '\n') line_start = false;
    }
    piece(static_cast<uint32_t>(text.size()));
  }
};
