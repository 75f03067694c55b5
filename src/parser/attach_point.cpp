#include "parser/attach_point.h"

namespace gimlet::parser {

using ast::AttachPoint;

namespace {

class Splitter {
 public:
  Splitter(base::SourceRange range, const std::string& text) : range_(range), text_(text) {}

  std::vector<AttachPoint::Part> split() {
    start(0);
    for (size_t i = 0; i < text_.size(); i++) {
      char c = text_[i];
      if (in_quotes_ && c == '\\' && i + 1 < text_.size()) {
        part_.text += text_[++i];
      } else if (c == '"') {
        in_quotes_ = !in_quotes_;
        part_.quoted = true;
      } else if (!in_quotes_ && c == ':') {
        finish(i);
        start(i + 1);
      } else if (!in_quotes_ && c == '@') {
        finish(i);
        start(i);
        part_.text = "@";
        finish(i + 1);
        start(i + 1);
      } else {
        part_.text += c;
      }
    }
    finish(text_.size());
    return std::move(parts_);
  }

 private:
  void start(size_t offset) {
    part_ = {};
    begin_ = offset;
  }
  void finish(size_t end) {
    part_.range = {range_.file, range_.begin + static_cast<uint32_t>(begin_),
                   range_.begin + static_cast<uint32_t>(end)};
    parts_.push_back(std::move(part_));
  }

  base::SourceRange range_;
  const std::string& text_;
  std::vector<AttachPoint::Part> parts_;
  AttachPoint::Part part_;
  size_t begin_ = 0;
  bool in_quotes_ = false;
};

}  // namespace

AttachPoint split_attach_point(base::SourceRange range, const std::string& text) {
  AttachPoint point;
  point.range = range;
  point.text = text;
  point.parts = Splitter(range, text).split();
  AttachPoint::Part& first = point.parts[0];
  size_t equals = first.quoted ? std::string::npos : first.text.find('=');
  if (equals != std::string::npos) {
    first.text.erase(0, equals + 1);
    first.range.begin += static_cast<uint32_t>(equals + 1);
  }
  return point;
}

}  // namespace gimlet::parser
