// Reading the kernel verifier's log: which line of the script was it about, and what did it say.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/source.h"

namespace gimlet::runtime {

struct VerifierComplaint {
  std::string sentence;          // the last thing said before states and statistics
  std::string source_text;       // of the instruction that it is about; empty if that is unknown
  std::optional<uint32_t> line;  // 1-based line of the script, if the log gives numbers (6.2+)
};

VerifierComplaint read_verifier_log(std::string_view log);

// The helper that the kernel does not let this program call, if that is what it complains of.
struct RefusedHelper {
  std::string name;     // "bpf_d_path"
  uint32_t number = 0;  // in the kernel's ABI
};
std::optional<RefusedHelper> refused_helper(std::string_view log);

// The place in the script: the line by its number, else by its text inside `probe`, else the probe.
base::SourceRange locate(const VerifierComplaint& complaint, const base::SourceSet& sources,
                         base::SourceRange probe);

}  // namespace gimlet::runtime
