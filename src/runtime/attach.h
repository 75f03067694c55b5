// Attaching: one function for each provider turns a target into links.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ast/target.h"
#include "base/result.h"
#include "runtime/link.h"

namespace gimlet::runtime {

struct AttachContext {
  int program = -1;          // descriptor of the loaded program
  bool btf_context = false;  // loaded as BPF_PROG_TYPE_TRACING
  uint64_t pid = 0;          // scope of user and perf probes; 0 = every process
  bool user_multi = false;   // loaded for links to many places of a user program
};

// The links of one target, appended to `links`.
base::Status attach_target(const ast::Target& target, const AttachContext& context,
                           std::vector<Link>& links);

// What to say when the kernel refuses to load or attach fentry and fexit programs as such.
base::Error trampolines_refused(int error, const std::string& probe);

// Which targets attach in the second pass, from the last to the first: the kernel runs the newest
// attachment of these first, and events must fire in source order (cli-and-output C4.1).
bool attaches_backward(ast::ProviderId provider);

}  // namespace gimlet::runtime
