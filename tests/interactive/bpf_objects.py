"""What a process has loaded in the kernel, and whether it is still there: by bpf(2) itself, since others
trace, too."""
import ctypes
import os
import time

SYSCALL_BPF = {"x86_64": 321, "aarch64": 280}[os.uname().machine]
PROG_GET_NEXT_ID, LINK_GET_NEXT_ID = 11, 31


def ids(command):
    libc = ctypes.CDLL(None, use_errno=True)
    found, current = set(), 0
    while True:
        attributes = (ctypes.c_uint32 * 32)(current, 0)
        if libc.syscall(SYSCALL_BPF, command, ctypes.byref(attributes), 128) != 0:
            return found
        current = attributes[1]
        found.add(current)


def of_process(pid):
    """Ids of the programs and links that the process holds, as ("prog", 5)."""
    held = set()
    for fd in os.listdir(f"/proc/{pid}/fdinfo"):
        try:
            with open(f"/proc/{pid}/fdinfo/{fd}", encoding="ascii") as info:
                fields = dict(line.split(":", 1) for line in info if ":" in line)
        except OSError:  # closed meanwhile
            continue
        if "link_id" in fields:
            held.add(("link", int(fields["link_id"])))
        elif "prog_id" in fields:
            held.add(("prog", int(fields["prog_id"])))
    return held


def left_of(held):
    """Those of them that the kernel still has; it takes a moment to forget."""
    for _ in range(100):
        there = {("prog", i) for i in ids(PROG_GET_NEXT_ID)} | {("link", i) for i in ids(LINK_GET_NEXT_ID)}
        if not held & there:
            return set()
        time.sleep(0.05)
    return held & there
