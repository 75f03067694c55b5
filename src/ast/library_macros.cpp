#include "ast/library_macros.h"

namespace gimlet::ast {
namespace {

constexpr LibraryMacro kRows[] = {
    {"ppid", "ppid or ppid(task)", "int32",
     "Process id of the parent of the current task, or of another one, in the initial namespace.",
     "begin { print(ppid > 0); }"},
    {"pcomm", "pcomm or pcomm(task)", "string[16]",
     "Name of the parent of the current task, or of another one.", "begin { print(pcomm); }"},
    {"leader_tid", "leader_tid or leader_tid(task)", "int32",
     "Thread id of the leader of the thread group, in the initial namespace.",
     "begin { print(leader_tid > 0); }"},
    {"leader_comm", "leader_comm or leader_comm(task)", "string[16]",
     "Name of the leader of the thread group.", "begin { print(leader_comm); }"},
    {"strcontains", "strcontains(haystack, needle)", "bool",
     "Whether a string occurs in another one.",
     "begin { print(strcontains(\"gimlet\", \"let\")); }"},
    {"assert", "assert(condition, message)", "void",
     "Ends the run with a message and status 1 unless the condition holds.",
     "begin { assert(pid > 0, \"no process\"); }"},
    {"static_assert", "static_assert(condition, message)", "void",
     "Refuses the program unless the condition, which must be known, holds.",
     "begin { static_assert(sizeof(uint64) == 8, \"strange machine\"); }"},
    {"container_of", "container_of(pointer, type, member)", "type *",
     "The structure that a pointer to one of its members belongs to. Write the type as "
     "typeof(...).",
     "begin { $t = container_of(curtask, typeof(struct task_struct), __state); print($t != 0); }"},
    {"is_err", "is_err(pointer)", "bool", "Whether a pointer is one of the kernel's error codes.",
     "begin { print(is_err(-5)); }"},
    {"is_str", "is_str(value)", "bool", "Whether a value is a string, by its type.",
     "begin { print(is_str(comm)); }"},
    {"is_ptr", "is_ptr(value)", "bool", "Whether a value is a pointer, by its type.",
     "begin { print(is_ptr(curtask)); }"},
    {"is_array", "is_array(value)", "bool", "Whether a value is an array, by its type.",
     "begin { print(is_array(comm)); }"},
    {"is_integer", "is_integer(value)", "bool", "Whether a value is an integer, by its type.",
     "begin { print(is_integer(pid)); }"},
    {"is_unsigned_integer", "is_unsigned_integer(value)", "bool",
     "Whether a value is an integer without sign, by its type.",
     "begin { print(is_unsigned_integer(pid)); }"},
};

}  // namespace

std::span<const LibraryMacro> library_macros() { return kRows; }

}  // namespace gimlet::ast
