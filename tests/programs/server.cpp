// server [N [T]]: T threads (default 4) at the same time, each calling with i = 0 .. N-1 (default
// 10000):
//
//   app::Server::handle(i, "the text", {i, -1}, -5)   gives 7 + i
//   app::Server::handle(i)                            an overload, gives 2 * i
//   app::twice<long>(i)                               a template, gives 2 * i
#include <cstdint>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace app {

struct Point {
  int32_t x;
  int32_t y;
};

class Server {
 public:
  explicit Server(int64_t base) : base_(base) {}
  [[gnu::noinline]] int64_t handle(uint32_t id, const std::string& name, Point at, int8_t last) {
    asm volatile("" : : "r"(&name), "r"(at.x), "r"(last) : "memory");
    return base_ + id;
  }
  [[gnu::noinline]] int64_t handle(uint32_t id) {
    asm volatile("");
    return 2 * int64_t{id};
  }

 private:
  int64_t base_;
};

template <typename T>
[[gnu::noinline]] T twice(T value) {
  asm volatile("");
  return value + value;
}

}  // namespace app

int main(int argc, char** argv) {
  const int n = argc > 1 ? std::atoi(argv[1]) : 10000;
  const int count = argc > 2 ? std::atoi(argv[2]) : 4;
  std::vector<std::thread> threads;
  for (int t = 0; t < count; t++) {
    threads.emplace_back([n] {
      app::Server server(7);
      const std::string name = "the text";
      for (int i = 0; i < n; i++) {
        server.handle(static_cast<uint32_t>(i), name, {i, -1}, -5);
        server.handle(static_cast<uint32_t>(i));
        app::twice<long>(i);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return 0;
}
