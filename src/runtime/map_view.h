// Raw map contents -> MapView: per-CPU slots are merged, entries sorted (cli-and-output C5.3) and
// decoded.
#pragma once

#include <optional>
#include <span>

#include "ast/map_plan.h"
#include "runtime/decode.h"
#include "runtime/kernel_map.h"
#include "runtime/output.h"

namespace gimlet::runtime {

struct ViewOptions {
  uint64_t top = 0;  // 0 = all
  uint64_t div = 1;
  // Show a scalar that was never written (or was cleared) as the zero of its type.
  bool zero_if_absent = false;
};

// `plan` and what `context` refers to must outlive the view.
MapView make_view(const ast::MapPlan& plan, RawEntries entries, const DecodeContext& context,
                  const ViewOptions& options);

// The value of one entry from the slots of all CPUs. Nothing for values that cannot be decoded.
std::optional<Value> reduce(const ast::MapPlan& plan, const RawEntries& entries, size_t index,
                            const DecodeContext& context);

// Order of two keys: negative, zero, positive. Integers as signed numbers of their width, strings
// bytewise, tuples by component; what is still equal, by the bytes of the key.
int compare_keys(const ast::Type& type, std::span<const uint8_t> a, std::span<const uint8_t> b);

}  // namespace gimlet::runtime
