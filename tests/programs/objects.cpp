// objects [N]: calls C++ functions N times each (default 100) with i = 0 .. N-1, and throws N
// exceptions, each caught at once.
//
//   shapes::Square::area(int)         and the overload area(int, int)
//   shapes::largest<int>(int, int)    a template
//   shapes::(anonymous namespace)::hidden(int)
#include <cstdlib>
#include <stdexcept>

namespace shapes {

struct Square {
  int side;
  [[gnu::noinline]] int area(int scale) {
    asm volatile("");
    return side * side * scale;
  }
  [[gnu::noinline]] int area(int x, int y) {
    asm volatile("");
    return x * y;
  }
};

template <typename T>
[[gnu::noinline]] T largest(T a, T b) {
  asm volatile("");
  return a > b ? a : b;
}

namespace {
[[gnu::noinline]] int hidden(int x) {
  asm volatile("");
  return x + 1;
}
}  // namespace

}  // namespace shapes

[[gnu::noinline]] void fail(int i) {
  if (i >= 0) throw std::runtime_error("expected");
}

int main(int argc, char** argv) {
  int n = argc > 1 ? std::atoi(argv[1]) : 100;
  shapes::Square square{3};
  long sum = 0;
  for (int i = 0; i < n; i++) {
    sum += square.area(i) + square.area(i, 2) + shapes::largest<int>(i, 1) + shapes::hidden(i);
    try {
      fail(i);
    } catch (const std::exception&) {
      sum++;
    }
  }
  return sum < 0;
}
