// Iterators at run time: attaching one changes nothing yet; reading its file has the kernel run the
// program for every object, and gives what the program printed.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ast/target.h"
#include "base/result.h"
#include "runtime/attach.h"
#include "runtime/link.h"

namespace gimlet::runtime {

base::Status attach_iterator(const ast::Target& target, const AttachContext& context,
                             std::vector<Link>& links);

// Walks over all objects. `take` gets the text piece by piece, a whole number of objects at a time;
// the walk ends early if it returns false.
base::Status read_iterator(const Link& link, const std::function<bool(std::string_view)>& take);

// Makes the link a file, by absolute path or below /sys/fs/bpf, so that it outlives this process.
// Gives the path.
base::Result<std::string> pin_iterator(const Link& link, const std::string& pin);

}  // namespace gimlet::runtime
