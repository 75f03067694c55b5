// The text form of values (cli-and-output C5.1).
#pragma once

#include <string>

#include "runtime/value.h"

namespace gimlet::runtime {

enum class BufferStyle { Printable, Escaped, Hex };  // %r, %rx, %rh

void append_text(std::string& out, const Value& value);
std::string text_of(const Value& value);

// As text_of, without the parentheses around a tuple: what stands between [ and ] of a map entry.
std::string key_text(const Value& key);

std::string buffer_text(const std::string& bytes, BufferStyle style);

// Values shown with a divisor (C5.2): integers toward zero, the average of stats, histogram counts
// of hist() but not of lhist().
Value divided(const Value& value, uint64_t div);

}  // namespace gimlet::runtime
