// Attaching: one function for each provider turns a target into links.
#pragma once

#include <linux/bpf.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ast/mechanism.h"
#include "ast/target.h"
#include "base/result.h"
#include "runtime/link.h"

namespace gimlet::runtime {

class UserEventAhead;

// What a program must be loaded for to be attached by one link to many functions.
bpf_attach_type multi_link_kind(ast::ProviderId provider, ast::Mechanism mechanism);

struct AttachContext {
  ast::Mechanism mechanism = ast::Mechanism::Native;
  int program = -1;                 // descriptor of the loaded program
  bool btf_context = false;         // loaded as BPF_PROG_TYPE_TRACING
  uint64_t pid = 0;                 // scope of user and perf probes; 0 = every process
  UserEventAhead* ahead = nullptr;  // an event that may be open already
};

// The links of one target, appended to `links`.
base::Status attach_target(const ast::Target& target, const AttachContext& context,
                           std::vector<Link>& links);

// What to say when the kernel refuses to load or attach fentry and fexit programs as such.
base::Error trampolines_refused(int error);

// One link for several functions: of the kernel, or of one user file. The program must have been
// loaded for it. If one of the functions cannot be probed, none is.
base::Status attach_multi(std::span<const ast::Target* const> targets, const AttachContext& context,
                          std::vector<Link>& links);

// Which targets attach in the second pass, from the last to the first: the kernel runs the newest
// attachment of these first, and events must fire in source order (cli-and-output C4.1).
bool attaches_backward(ast::ProviderId provider, ast::Mechanism mechanism);

}  // namespace gimlet::runtime
