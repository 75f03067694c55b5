#include "runtime/output.h"

#include <sys/mman.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

#include "ast/map_plan.h"

using namespace gimlet;
using namespace gimlet::runtime;

namespace {

// A file in memory to write to.
class Captured {
 public:
  Captured() : fd_(memfd_create("captured", MFD_CLOEXEC)) {}
  ~Captured() { close(fd_); }
  int fd() const { return fd_; }
  std::string text() const {
    std::string out(1 << 20, '\0');
    ssize_t n = pread(fd_, out.data(), out.size(), 0);
    out.resize(n < 0 ? 0 : static_cast<size_t>(n));
    return out;
  }

 private:
  int fd_;
};

struct Bench {
  Captured out_file, err_file;
  Sink out{out_file.fd(), Buffering::Line};
  Sink err{err_file.fd(), Buffering::None};
};

MapView map_of(const char* name, bool keyed, const ast::Type& type,
               const std::vector<MapView::Entry>& entries) {
  MapView view{name, keyed, type, 1, {}, [entries](size_t number) { return entries[number]; }};
  for (size_t i = 0; i < entries.size(); i++) view.order.push_back(i);
  return view;
}

MapView counts() {
  TupleValue key{{{std::string("get x")}, {int64_t{1}}}};
  return map_of("@by", true, ast::aggregate_type(ast::TypeKind::Count, false),
                {{{key}, {int64_t{4}}}, {{std::string("b")}, {int64_t{9}}}});
}

}  // namespace

TEST_CASE("Line buffering shows finished lines only", "[runtime][output]") {
  Captured file;
  Sink sink(file.fd(), Buffering::Line);
  sink.write("a");
  CHECK(file.text().empty());
  sink.write("b\nc");
  CHECK(file.text() == "ab\nc");
  sink.hold(true);
  sink.write("d\n");
  CHECK(file.text() == "ab\nc");
  sink.write("e");
  sink.hold(false);
  CHECK(file.text() == "ab\ncd\ne");
}

TEST_CASE("The first failed write is kept", "[runtime][output]") {
  Sink sink(-1, Buffering::None);
  sink.write("x");
  REQUIRE_FALSE(sink.status().ok());
  CHECK(sink.status().error().errnum == EBADF);
}

TEST_CASE("Text: results, maps, and messages to the other stream", "[runtime][output]") {
  Bench b;
  auto output = text_output(b.out, b.err);
  output->attached(1);
  output->printf("partial");
  output->lost_events(12);
  output->value({std::string("")});
  output->join("a b");
  output->map(counts());
  MapView divided = counts();
  divided.div = 2;
  divided.order.pop_back();
  output->map(divided);
  MapView empty = counts();
  empty.order.clear();
  output->map(empty);
  output->end_of_events();
  CHECK(b.out_file.text() == "partial\na b\n@by[get x, 1]: 4\n@by[b]: 9\n@by[get x, 1]: 2\n\n\n");
  CHECK(b.err_file.text() == "Attached 1 probe\nLost 12 events\n");
}

TEST_CASE("Text: a zeroed histogram is a header and a blank line", "[runtime][output]") {
  Bench b;
  auto output = text_output(b.out, b.err);
  ast::Type type = ast::aggregate_type(ast::TypeKind::Hist, true);
  HistogramValue value{type, std::vector<uint64_t>(ast::bucket_count(type))};
  output->map(map_of("@h", false, type, {{{}, {value}}}));
  CHECK(b.out_file.text() == "@h:\n\n");
}

TEST_CASE("Text: a flood of identical messages is counted", "[runtime][output]") {
  Bench b;
  auto output = text_output(b.out, b.err);
  for (int i = 0; i < 1500; i++) output->runtime_error("m", {}, "stdin:1:2-3: WARNING: m\nx\n~\n");
  output->end_of_events();
  std::string text = b.err_file.text();
  CHECK(text.size() == 1000 * 28 + sizeof("stdin:1:2-3: WARNING: m (repeated 500 times)\n") - 1);
  CHECK(text.ends_with("stdin:1:2-3: WARNING: m (repeated 500 times)\n"));
}

TEST_CASE("JSON records", "[runtime][output]") {
  Bench b;
  auto output = json_output(b.out, b.err);
  output->attached(3);
  output->printf("n=5\n");
  output->value({int64_t{7}});
  output->map(counts());
  auto aggregate = [](ast::TypeKind kind) { return ast::aggregate_type(kind, true); };
  output->map(map_of("@a", false, aggregate(ast::TypeKind::Avg), {{{}, {int64_t{5}}}}));
  output->map(map_of("@s", true, aggregate(ast::TypeKind::Stats), {}));
  output->map(map_of("@c", true, aggregate(ast::TypeKind::Count), {}));
  output->lost_events(12);
  output->helper_error("Bad address", "probe_read_user", -14, {"stdin", 1, 66}, "");
  output->runtime_error("oops", {"stdin", 2, 3}, "");
  output->end_of_events();
  CHECK(b.out_file.text() ==
        "{\"type\": \"attached_probes\", \"count\": 3, \"data\": {\"probes\": 3}}\n"
        "{\"type\": \"printf\", \"data\": \"n=5\\n\"}\n"
        "{\"type\": \"value\", \"data\": 7}\n"
        "{\"type\": \"map\", \"data\": {\"@by\": {\"getx,1\": 4, \"b\": 9}}}\n"
        "{\"type\": \"stats\", \"data\": {\"@a\": 5}}\n"
        "{\"type\": \"stats\", \"data\": {\"@s\": {}}}\n"
        "{\"type\": \"lost_events\", \"count\": 12, \"data\": {\"events\": 12}}\n"
        "{\"type\": \"helper_error\", \"msg\": \"Bad address\", \"helper\": \"probe_read_user\", "
        "\"retcode\": -14, \"filename\": \"stdin\", \"line\": 1, \"col\": 66}\n"
        "{\"type\": \"runtime_error\", \"msg\": \"oops\", \"filename\": \"stdin\", \"line\": 2, "
        "\"col\": 3}\n");
  CHECK(b.err_file.text().empty());
}
