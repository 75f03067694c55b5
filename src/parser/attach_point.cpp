#include "parser/attach_point.h"

#include <utility>

namespace gimlet::parser {
namespace {

using Part = ast::AttachPoint::Part;

class Splitter {
 public:
  Splitter(const std::string& text, ast::SourceRange range) : text_(text), range_(range) {}

  std::vector<Part> split() {
    start_part(0);
    for (size_t at = 0; at < text_.size();) at = step(at);
    end_part(text_.size());
    return std::move(parts_);
  }

 private:
  // Handles the byte at `at`; returns where to go on.
  size_t step(size_t at) {
    switch (text_[at]) {
      case '"': return quoted(at + 1);
      case ':':
        end_part(at);
        start_part(at + 1);
        return at + 1;
      case '@':
        end_part(at);
        parts_.push_back({"@", false, place(at, at + 1)});
        start_part(at + 1);
        return at + 1;
      case '=':
        // The user's name for the probe.
        if (parts_.empty() && !part_.quoted && !named_) {
          named_ = true;
          start_part(at + 1);
          return at + 1;
        }
        [[fallthrough]];
      default: part_.text += text_[at]; return at + 1;
    }
  }

  size_t quoted(size_t at) {
    part_.quoted = true;
    while (at < text_.size() && text_[at] != '"') {
      if (text_[at] == '\\' && at + 1 < text_.size()) at++;
      part_.text += text_[at++];
    }
    return at + 1;
  }

  void start_part(size_t begin) {
    part_ = {};
    begin_ = begin;
  }
  void end_part(size_t end) {
    part_.range = place(begin_, end);
    parts_.push_back(std::move(part_));
  }
  ast::SourceRange place(size_t begin, size_t end) const {
    return {range_.file, range_.begin + static_cast<uint32_t>(begin),
            range_.begin + static_cast<uint32_t>(end)};
  }

  const std::string& text_;
  ast::SourceRange range_;
  std::vector<Part> parts_;
  Part part_;
  size_t begin_ = 0;
  bool named_ = false;
};

}  // namespace

ast::AttachPoint split_attach_point(std::string text, ast::SourceRange range) {
  ast::AttachPoint result;
  result.range = range;
  result.parts = Splitter(text, range).split();
  result.text = std::move(text);
  return result;
}

}  // namespace gimlet::parser
