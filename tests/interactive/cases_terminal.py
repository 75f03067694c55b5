"""Sessions on a pseudo-terminal: editing, completion, interleaving, Ctrl-C, Ctrl-D, resizing."""
import os
import signal
import tempfile
import time

from bpf_objects import left_of, of_process
from session import Terminal

PROBE = "tracepoint:raw_syscalls:sys_enter"


def started(gimlet, **options):
    terminal = Terminal(gimlet, **options)
    terminal.prompt()
    return terminal


def leave(terminal):
    terminal.send("\x04")
    assert terminal.end() == 0


def define_replace_undo(gimlet):
    t = started(gimlet)
    t.do(f"n = {PROBE} {{ @n = count(); }}", r"\[1\] n: 1 probe attached")
    t.do("@n > 0", "^true")
    t.do(f"n = {PROBE} {{ @m = count(); }}", r"\[1\] n: replaced, 1 probe attached")
    t.do(".undo", "cell 1 is as it was before")
    t.do(".probes", r"@n|n +tracepoint:raw_syscalls:sys_enter +1 +raw tracepoint")
    held = of_process(t.pid)
    assert {kind for kind, _ in held} == {"prog", "link"}, held
    leave(t)
    assert not left_of(held), "something was left behind"


def several_lines_are_one_entry(gimlet):
    t = started(gimlet)
    t.enter(PROBE)
    t.expect(r"\.\.\.> ")
    t.enter("{ @n = count(); }")
    t.expect(r"\[1\] 1 probe attached")
    t.prompt()
    leave(t)


def mistakes_are_shown_and_can_be_edited(gimlet):
    t = started(gimlet)
    t.do("@x = nonsens + 1", r"nonsens")
    # Up recalls the entry; what is wrong is at its start.
    t.send("\x1b[A")
    t.expect("@x = nonsens")
    t.send("\x01" + "\x1b[C" * 5 + "\x0b" + "7\n")
    t.prompt()
    t.do("@x", "^@x: 7")
    leave(t)


def commands_and_probes_are_completed(gimlet):
    t = started(gimlet)
    t.send(".pro\t")
    t.expect(r"\.probes ")
    t.enter("")
    t.expect("There are no probes")
    t.prompt()
    t.send("tracepoint:raw_sys\t")
    t.expect(r"tracepoint:raw_syscalls:sys_e")
    t.send("\t")
    t.expect(r"tracepoint:raw_syscalls:sys_enter +tracepoint:raw_syscalls:sys_exit")
    t.send("nt\t")
    t.expect(r"sys_enter ")
    t.send("{ @n[args.i\t")
    t.expect(r"args\.id")
    t.send("] = cou\t(); }\n")
    t.expect(r"\[1\] 1 probe attached")
    t.prompt()
    t.send("@\t")
    t.expect("@n")
    t.send("\x03")
    t.prompt()
    leave(t)


def ctrl_c_drops_the_entry(gimlet):
    t = started(gimlet)
    t.enter(PROBE)
    t.expect(r"\.\.\.> ")
    t.send("{ @n = ")
    t.send("\x03")
    t.prompt()
    t.do("1 + 1", "^2")
    leave(t)


def ctrl_c_ends_waiting_not_the_session(gimlet):
    t = started(gimlet)
    t.enter(".wait 60")
    time.sleep(0.5)
    t.send("\x03")
    t.prompt()
    t.do("1 + 1", "^2")
    leave(t)


def watch_is_left_by_q(gimlet):
    t = started(gimlet)
    t.do(f"{PROBE} {{ @n = count(); }}", "attached")
    t.enter(".watch 0.1 @n")
    first = int(t.expect(r"@n: (\d+)").group(1))
    t.expect("q leaves")
    second = int(t.expect(r"@n: (\d+)").group(1))
    assert second >= first
    t.send("q")
    t.prompt()
    leave(t)


def output_does_not_disturb_the_line(gimlet):
    t = started(gimlet)
    t.do('interval:ms:100 { printf("tick\\n"); }', "attached")
    t.send("1 + ")
    t.expect("tick\n(.|\n)*tick\ngimlet> 1 \\+ ", timeout=10)
    t.send("41\n")
    t.expect("^42")
    t.prompt()
    leave(t)


def a_flood_is_limited(gimlet):
    t = started(gimlet)
    t.do(".set rate 10", "")
    t.enter('interval:ms:1 { printf("a\\nb\\nc\\nd\\ne\\nf\\ng\\nh\\n"); }')
    t.expect("attached")
    t.expect(r"\.\.\. \d+ lines held back")
    t.enter(".detach all")
    t.expect("All cells have ended")
    t.prompt()
    leave(t)


def keys_of_vi(gimlet):
    t = started(gimlet)
    t.do(".set keys vi", "")
    t.send("12\x1b0xa\x08")  # in vi: escape, to the start, delete a character
    t.send("\x03")
    t.prompt()
    t.do("5", "^5")
    leave(t)


def the_terminal_is_resized(gimlet):
    t = started(gimlet)
    t.resize(40, 10)
    os.kill(t.pid, signal.SIGWINCH)
    t.do("1 + 1", "^2")
    leave(t)


def history_outlives_the_session(gimlet):
    with tempfile.TemporaryDirectory() as folder:
        history = os.path.join(folder, "history")
        t = started(gimlet, history=history)
        t.do("123 + 1", "^124")
        leave(t)
        t = started(gimlet, history=history)
        t.send("\x1b[A")
        t.expect(r"123 \+ 1")
        t.send("\n")
        t.expect("^124")
        t.prompt()
        t.send("\x1223")
        t.expect(r"123 \+ 1")
        t.send("\n")
        t.expect("^124")
        t.prompt()
        leave(t)


def edit_recalls_the_text(gimlet):
    t = started(gimlet)
    t.do(f"{PROBE} {{ @n = count(); }}", "attached")
    t.enter(".edit 1")
    t.expect(r"\.edit 1 tracepoint:raw_syscalls:sys_enter \{ @n = count\(\); \}")
    t.send("\x7f\x7f@m = count(); }\n")
    t.expect(r"\[1\] replaced, 1 probe attached")
    t.prompt()
    leave(t)


def help_is_at_hand(gimlet):
    t = started(gimlet)
    t.send("@x = hist\x1bh")
    t.expect(r"hist\(")
    t.expect("@x = hist")  # the entry is shown again
    t.send("\x03")
    t.prompt()
    t.do(".help", "Cells and probes:")
    leave(t)


def signals_end_the_session_cleanly(gimlet):
    for number in (signal.SIGTERM, signal.SIGHUP):
        t = started(gimlet)
        t.do(f"{PROBE} {{ @n = count(); }}", "attached")
        held = of_process(t.pid)
        os.kill(t.pid, number)
        assert t.end() == 0
        assert held and not left_of(held), "something was left behind"


def quit_leaves(gimlet):
    t = started(gimlet)
    t.enter(".quit")
    assert t.end() == 0


def a_name_alone_opens_a_session(gimlet):
    t = started(gimlet)
    leave(t)


CASES = [case for case in list(globals().values())
         if callable(case) and getattr(case, "__module__", "") == __name__
         and case not in (started, leave)]
