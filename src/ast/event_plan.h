// Events: what a running program sends to user space, and how a record is laid out.
//
// Every asynchronous call of the program (printf, print, exit, ...) is one EventPlan. A record is
//   RecordHeader, fixed part (fields at their offsets, counted from the start of the record), tail.
// A field with `variable` set keeps only a uint32 byte count at its offset; its bytes follow in the
// tail, in the order of the fields and without padding. So a string travels at its real length.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ast/type.h"
#include "base/source.h"

namespace gimlet::ast {

struct RecordHeader {
  uint16_t image;  // which image of the session sent it
  uint16_t cpu;    // where it was sent: what follows an exit() on the same CPU is not shown
  uint32_t event;  // index into that image's events
};

enum class EventKind : uint8_t {
  Printf,          // format, fields
  ErrorMessage,    // errorf(): format, fields
  WarningMessage,  // warnf(): format, fields
  PrintValue,      // one field
  PrintMap,        // map, top, div
  PrintMapKey,     // print(@m[k]): fields[0] is the key, map names the map; the value is fields[1]
  Clear,           // map
  Zero,            // map
  Time,            // format
  Exit,            // fields[0]: int64 status
  Cat,             // format, fields: of the file's name
  System,          // format, fields: of the command
  SkbOutput,       // format = name of the file, top = bytes to leave out at the start
  CgroupPath,      // format = pattern of cgroup_path(); never sent
  Join,            // format = delimiter, fields[0]: joined pointers read as `kJoinCount` strings
  RuntimeError,    // format = message; no fields
  HelperError,     // format = helper name without bpf_; fields[0]: int64 return code
};

// Strings larger than this are sent as variable fields.
constexpr uint32_t kInlineString = 32;
// join(): number and size of the strings read.
constexpr uint32_t kJoinCount = 16;
constexpr uint32_t kJoinSize = 1024;

struct EventField {
  Type type;
  uint32_t offset = 0;  // from the start of the record
  bool variable = false;
};

struct EventPlan {
  EventKind kind{};
  base::SourceRange range;
  std::string format;
  std::vector<EventField> fields;
  uint32_t fixed_size = sizeof(RecordHeader);  // header and fixed part
  uint32_t max_size = sizeof(RecordHeader);    // with every variable field at its longest
  int32_t map = -1;                            // index into the program's maps
  bool returns = true;                         // Exit: the probe is left as well
  uint64_t top = 0;
  uint64_t div = 0;
};

}  // namespace gimlet::ast
