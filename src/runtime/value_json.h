// The JSON form of values (cli-and-output C6).
#pragma once

#include <string>
#include <string_view>

#include "runtime/value.h"

namespace gimlet::runtime {

// A JSON string with its quotes. Bytes that are not valid UTF-8 become \ufffd.
std::string json_string(std::string_view text);

void append_json(std::string& out, const Value& value);
std::string json_of(const Value& value);

// A map key as a JSON string: its text form without the outer parentheses and without blanks,
// unless `exact` keeps the blanks.
std::string json_key(const Value& key, bool exact);

}  // namespace gimlet::runtime
