// %gr: the kernel's memory allocation flags by name (table of probes-and-stdlib B6). Composite
// names come first, so that 0xcc0 is GFP_KERNEL and not its four parts.
#include <fmt/format.h>

#include "ast/format.h"

namespace gimlet::ast {
namespace {

enum Gfp : uint64_t {
  kDma = 1 << 0,
  kHighmem = 1 << 1,
  kDma32 = 1 << 2,
  kMovable = 1 << 3,
  kHigh = 1 << 5,
  kIo = 1 << 6,
  kFs = 1 << 7,
  kZero = 1 << 8,
  kDirect = 1 << 10,
  kKswapd = 1 << 11,
  kWrite = 1 << 12,
  kNowarn = 1 << 13,
  kRetryMayfail = 1 << 14,
  kNofail = 1 << 15,
  kNoretry = 1 << 16,
  kMemalloc = 1 << 17,
  kComp = 1 << 18,
  kNomemalloc = 1 << 19,
  kHardwall = 1 << 20,
  kThisnode = 1 << 21,
  kAccount = 1 << 22,
  kZerotags = 1 << 23,
  kSkipZero = 1 << 24,
  kSkipKasan = 1 << 25,
  kNoObjExt = 1 << 26,
};

constexpr uint64_t kReclaim = kDirect | kKswapd;
constexpr uint64_t kKernel = kReclaim | kIo | kFs;
constexpr uint64_t kUser = kKernel | kHardwall;
constexpr uint64_t kHighuser = kUser | kHighmem;
constexpr uint64_t kHighuserMovable = kHighuser | kMovable | kSkipKasan;
constexpr uint64_t kTranshugeLight = (kHighuserMovable | kComp | kNomemalloc | kNowarn) & ~kReclaim;

struct GfpName {
  uint64_t bits;
  const char* name;
};

constexpr GfpName kNames[] = {
    {kTranshugeLight | kDirect, "GFP_TRANSHUGE"},
    {kTranshugeLight, "GFP_TRANSHUGE_LIGHT"},
    {kHighuserMovable, "GFP_HIGHUSER_MOVABLE"},
    {kHighuser, "GFP_HIGHUSER"},
    {kUser, "GFP_USER"},
    {kKernel | kAccount, "GFP_KERNEL_ACCOUNT"},
    {kKernel, "GFP_KERNEL"},
    {kReclaim | kIo, "GFP_NOFS"},
    {kHigh | kKswapd, "GFP_ATOMIC"},
    {kReclaim, "GFP_NOIO"},
    {kKswapd | kNowarn, "GFP_NOWAIT"},
    {kDma, "GFP_DMA"},
    {kHighmem, "__GFP_HIGHMEM"},
    {kDma32, "GFP_DMA32"},
    {kHigh, "__GFP_HIGH"},
    {kIo, "__GFP_IO"},
    {kFs, "__GFP_FS"},
    {kZero, "__GFP_ZERO"},
    {kDirect, "__GFP_DIRECT_RECLAIM"},
    {kKswapd, "__GFP_KSWAPD_RECLAIM"},
    {kWrite, "__GFP_WRITE"},
    {kNowarn, "__GFP_NOWARN"},
    {kRetryMayfail, "__GFP_RETRY_MAYFAIL"},
    {kNofail, "__GFP_NOFAIL"},
    {kNoretry, "__GFP_NORETRY"},
    {kMemalloc, "__GFP_MEMALLOC"},
    {kComp, "__GFP_COMP"},
    {kNomemalloc, "__GFP_NOMEMALLOC"},
    {kHardwall, "__GFP_HARDWALL"},
    {kThisnode, "__GFP_THISNODE"},
    {kAccount, "__GFP_ACCOUNT"},
    {kZerotags, "__GFP_ZEROTAGS"},
    {kSkipZero, "__GFP_SKIP_ZERO"},
    {kSkipKasan, "__GFP_SKIP_KASAN"},
    {kNoObjExt, "__GFP_NO_OBJ_EXT"},
};

}  // namespace

std::string gfp_text(uint64_t flags) {
  if (flags == 0) return "0";
  std::string out;
  auto add = [&](const std::string& part) { out += (out.empty() ? "" : "|") + part; };
  for (const GfpName& entry : kNames) {
    if ((flags & entry.bits) != entry.bits) continue;
    add(entry.name);
    flags &= ~entry.bits;
  }
  if (flags != 0) add(fmt::format("{:#x}", flags));
  return out;
}

}  // namespace gimlet::ast
