// The user-space half of library functions: addresses, cgroup hierarchies, commands, refusals.
#include <sys/wait.h>

#include <catch2/catch_test_macros.hpp>
#include <cstring>

#include "runtime/address_text.h"
#include "runtime/cgroup_paths.h"
#include "runtime/command.h"
#include "runtime/verifier_log.h"

namespace gimlet::runtime {
namespace {

std::vector<uint8_t> inet(int64_t family, std::initializer_list<uint8_t> address) {
  std::vector<uint8_t> bytes(24);
  std::memcpy(bytes.data(), &family, 8);
  std::copy(address.begin(), address.end(), bytes.begin() + 8);
  return bytes;
}

}  // namespace

TEST_CASE("addresses as text") {
  const ast::Type type = ast::inet_type();
  CHECK(address_text(type, inet(2, {127, 0, 0, 1})) == "127.0.0.1");
  CHECK(address_text(type, inet(10, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})) == "::1");
  CHECK(address_text(type, inet(77, {1, 2, 3, 4})).empty());
  CHECK(address_text(type, std::vector<uint8_t>(10)).empty());
  const std::vector<uint8_t> mac{0, 0x1a, 2, 3, 4, 0xff};
  CHECK(address_text(ast::mac_address_type(), mac) == "00:1A:02:03:04:FF");
  CHECK(address_text(ast::mac_address_type(), std::vector<uint8_t>(5)).empty());
}

TEST_CASE("cgroup hierarchies: version 2 first, then by name") {
  auto found = read_hierarchies(
      "tmpfs /sys/fs/cgroup tmpfs ro 0 0\n"
      "cgroup /sys/fs/cgroup/pids cgroup rw,pids 0 0\n"
      "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n"
      "cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\n"
      "damaged\n");
  REQUIRE(found.size() == 3);
  CHECK(found[0].name == "unified");
  CHECK(found[0].root == "/sys/fs/cgroup/unified");
  CHECK(found[1].name == "cpu");
  CHECK(found[2].name == "pids");
}

TEST_CASE("commands are run to their end, and both outputs are kept") {
  auto result = run_command("echo out; echo wrong >&2; exit 3");
  REQUIRE(result.ok());
  CHECK(result->said == "out\nwrong\n");
  CHECK(WEXITSTATUS(result->status) == 3);
}

TEST_CASE("the start of a file, and a file that is not there") {
  auto start = read_start("/proc/version", 5);
  REQUIRE(start.ok());
  CHECK(*start == "Linux");
  auto missing = read_start("/no/such/file", 5);
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().message ==
        "failed to open file '/no/such/file' (No such file or directory)");
}

TEST_CASE("refused helpers in the words of several kernels") {
  auto named = refused_helper(
      "0: (85) call bpf_override_return#58\n"
      "program of this type cannot use helper bpf_override_return#58\n"
      "processed 1 insns (limit 1000000)\n");
  REQUIRE(named);
  CHECK(named->name == "bpf_override_return");
  CHECK(named->number == 58);
  auto older =
      refused_helper("3: (85) call bpf_send_signal#109\nunknown func bpf_send_signal#109\n");
  REQUIRE(older);
  CHECK(older->number == 109);
  auto unnamed = refused_helper(
      "4: (85) call bpf_get_current_comm#16\n9: (85) call bpf_d_path#147\n"
      "helper call is not allowed in probe\n");
  REQUIRE(unnamed);
  CHECK(unnamed->name == "bpf_d_path");
  CHECK(unnamed->number == 147);
  CHECK_FALSE(refused_helper("1: (bf) r1 = r2\nR2 !read_ok\n"));
  CHECK_FALSE(refused_helper("helper call is not allowed in probe\n"));
}

}  // namespace gimlet::runtime
