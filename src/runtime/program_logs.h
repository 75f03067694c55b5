// Room for what the kernel's verifier says while it checks programs.
//
// The kernel refuses a program, however good, if the log that was asked for does not fit; so the
// room grows from try to try, and beyond a limit the programs are loaded without a log. Memory is
// taken only when the verifier writes.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct bpf_object;
struct bpf_program;

namespace gimlet::runtime {

// How much may be written. Copies are tries.
class LogRoom {
 public:
  explicit LogRoom(size_t wanted);
  // Makes it larger; at last none at all is left, if programs can do without. False if nothing more
  // can be tried.
  bool grow(bool can_do_without);
  size_t bytes() const { return bytes_; }  // 0: no log

 private:
  size_t bytes_;
};

class ProgramLogs {
 public:
  // `each`: every program keeps a log of its own, in all detail; else there is one buffer, in which
  // the log of the program that was loaded last survives.
  ProgramLogs(LogRoom room, bool each) : room_(room), each_(each) {}

  void provide(bpf_program* program);
  // Empty if there is none.
  static std::string_view of(const bpf_program* program);
  // All logs, as -d verifier shows them.
  void show(bpf_object* object, const std::function<void(const std::string&)>& say) const;

 private:
  struct Unmap {
    size_t bytes = 0;
    void operator()(char* memory) const;
  };

  LogRoom room_;
  bool each_;
  std::vector<std::unique_ptr<char, Unmap>> buffers_;
};

}  // namespace gimlet::runtime
