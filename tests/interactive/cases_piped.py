"""Sessions through pipes: cells, maps across cells, replacement, commands, mistakes, JSON."""
import json
import os
import tempfile

from session import Piped

PROBE = "tracepoint:raw_syscalls:sys_enter"


def lines(text):
    return text.splitlines()


def expressions_are_shown(gimlet):
    s = Piped(gimlet, '1 + 2\n"a" == "a"\nstrlen("four")\nnsecs > 0\n')
    assert lines(s.out) == ["3", "true", "4", "true"], s.out
    assert s.err == "" and s.status == 0, s.err


def statements_run_once(gimlet):
    s = Piped(gimlet, '@x = 5; @x += 2\n@x\nprintf("%d\\n", @x * 2)\nif (@x > 3) { print("big") }\n')
    assert lines(s.out) == ["@x: 7", "14", "big"], s.out + s.err


def entries_end_when_they_are_complete(gimlet):
    s = Piped(gimlet, "begin\n{\n\n  print(1);\n}\n2 +\n3\n// a comment\n\n@a = (1,\n2)\n@a\n")
    assert lines(s.out) == ["1", "5", "@a: (1, 2)"], s.out + s.err


def an_empty_line_ends_what_is_unfinished(gimlet):
    s = Piped(gimlet, PROBE + "\n\n1\n")
    assert "syntax: " in s.err and lines(s.out) == ["1"] and s.status == 1, s.out + s.err


def cells_share_maps(gimlet):
    s = Piped(gimlet, PROBE + " { @n = count(); }\n.wait 0.2\n"
              "tracepoint:raw_syscalls:sys_exit { @n = count(); }\n.wait 0.2\n@n > 5\n.maps\n")
    assert "true" in lines(s.out), s.out + s.err
    assert ["@n", "-", "count_t", "1", "1", "in", "use"] in [line.split() for line in lines(s.out)], s.out
    assert "[2] 1 probe attached" in lines(s.out), s.out


def maps_outlive_their_cells(gimlet):
    s = Piped(gimlet, 'begin { @kept["a"] = 1; @kept["b"] = 2; }\n@kept\n.maps\n.drop @kept\n.maps\n')
    assert lines(s.out)[:2] == ["@kept[a]: 1", "@kept[b]: 2"], s.out + s.err
    assert "kept" in lines(s.out)[3] and lines(s.out)[-1] == "There are no maps", s.out


def small_numbers_leave_room(gimlet):
    s = Piped(gimlet, "@x = 1\n@x = 1000000000000\n@x\n@k[1] = 2\n@k[5000000000] = 3\n@k\n")
    assert lines(s.out) == ["@x: 1000000000000", "@k[1]: 2", "@k[5000000000]: 3"], s.out + s.err


def conflicts_name_the_earlier_cell(gimlet):
    s = Piped(gimlet, f'{PROBE} {{ @n = count(); }}\n@n = "text"\n@n["key"] = 1\n@s = "a"\n@s = "long"\n')
    assert s.err.count("has its type from here") == 4, s.err
    assert "cell 1:1:37-39: ERROR: @n has its type from here" in s.err, s.err
    assert "previously used without an explicit key" in s.err, s.err
    assert "it holds values of type 'string[2]' already and would need 'string[5]'" in s.err, s.err
    s = Piped(gimlet, '@k["a"] = 1\n@k["longer"] = 1\n')
    assert "it has keys of type 'string[2]' already and would need 'string[7]'" in s.err, s.err


def declarations_stay(gimlet):
    s = Piped(gimlet, "macro twice(e) { e * 2 }\nstruct pair { int a; int b; }\n#define LIMIT 7\n"
              "twice(21)\nsizeof(struct pair)\nLIMIT\nmacro twice(e) { e * 20 }\ntwice(2)\n"
              "let @m = hash(3)\n@m[1] = 1\n.maps\n")
    assert [line for line in lines(s.out) if line.isdigit()] == ["42", "8", "7", "40"], s.out + s.err
    assert any(line.split()[:5] == ["@m", "int64", "int64", "1", "3"] for line in lines(s.out)), s.out
    assert s.err == "", s.err


def settings_of_a_config_block_stay(gimlet):
    s = Piped(gimlet, "config = { max_map_keys = 9 }\n@m[1] = 1\n.maps\n.set max_map_keys 11\n"
              "@o[1] = 1\n.maps\n.set max_map_keys\n")
    assert any(line.split()[:5] == ["@m", "int64", "int64", "1", "9"] for line in lines(s.out)), s.out
    assert any(line.split()[:5] == ["@o", "int64", "int64", "1", "11"] for line in lines(s.out)), s.out
    assert lines(s.out)[-1] == "11", s.out + s.err


def a_name_is_replaced(gimlet):
    s = Piped(gimlet, f"a = {PROBE} {{ @a = count(); }}\nb = {PROBE} {{ @b = count(); }}\n"
              f"a = {PROBE} {{ @c = count(); }}\n.wait 0.2\n@c > 0\n@b > 0\n.probes\n")
    assert "[1] a: replaced, 1 probe attached" in lines(s.out), s.out + s.err
    assert lines(s.out).count("true") == 2, s.out
    assert len([line for line in lines(s.out) if " raw tracepoint " in line]) == 2, s.out


def a_wrong_replacement_changes_nothing(gimlet):
    s = Piped(gimlet, f"a = {PROBE} {{ @a = count(); }}\na = {PROBE} {{ @a = nonsense; }}\n"
              ".clear @a\n.wait 0.2\n@a > 0\n")
    assert "nonsense" in s.err and lines(s.out)[-1] == "true", s.out + s.err


def edit_replaces_by_number(gimlet):
    s = Piped(gimlet, f"{PROBE} {{ @a = count(); }}\n.edit 1 {PROBE}\n{{ @b = count(); }}\n"
              ".wait 0.2\n@b > 0\n.edit 1\n")
    assert "[1] replaced, 1 probe attached" in lines(s.out) and "true" in lines(s.out), s.out + s.err
    assert lines(s.out)[-1] == "{ @b = count(); }", s.out


def undo_takes_back(gimlet):
    s = Piped(gimlet, f"a = {PROBE} {{ @a = count(); }}\na = {PROBE} {{ @b = count(); }}\n.undo\n"
              ".edit a\n.detach a\n.undo\n.edit a\n.disable a\n.undo\n.undo\n.undo\n.probes\n")
    assert lines(s.out).count(f"a = {PROBE} {{ @a = count(); }}") == 2, s.out + s.err
    said = [line for line in lines(s.out) if line.startswith("cell 1")]
    assert said == ["cell 1 is as it was before", "cell 1 ended", "cell 1 is back",
                    "cell 1 detached; .enable attaches again", "cell 1 is attached again",
                    "cell 1 is gone again"], said
    assert "There is nothing to undo" in s.err and lines(s.out)[-1] == "There are no probes", s.out


def disabled_probes_do_not_count(gimlet):
    s = Piped(gimlet, f"{PROBE} {{ @a = count(); }}\n.disable 1\n.clear @a\n.wait 0.2\n@a\n"
              ".enable 1\n.wait 0.2\n@a > 0\n")
    assert "@a: 0" in lines(s.out) and lines(s.out)[-1] == "true", s.out + s.err


def end_probes_run_when_a_cell_ends(gimlet):
    s = Piped(gimlet, 'interval:s:9 { } end { print("over"); }\n.detach 1\nprint("next")\n')
    assert lines(s.out) == ["[1] 2 probes attached", "over", "cell 1 ended", "next"], s.out + s.err


def exit_ends_its_cell_only(gimlet):
    s = Piped(gimlet, 'interval:ms:10 { exit(); }\ninterval:s:9 { }\n.wait 0.4\n.probes\n')
    assert "cell 1 called exit() and has ended" in s.err, s.err
    assert "interval:s:9" in s.out and "interval:ms:10" not in s.out, s.out


def iterators_are_walked(gimlet):
    s = Piped(gimlet, "iter:task { @tasks = count(); }\n@tasks > 3\n.probes\n")
    assert lines(s.out) == ["true", "There are no probes"], s.out + s.err


def probes_are_listed_with_their_cost(gimlet):
    s = Piped(gimlet, f"calls = {PROBE} {{ @ = count(); }}\n.wait 0.3\n.probes\n.set stats off\n.probes\n")
    row = next(line for line in lines(s.out) if line.startswith("1   calls")).split()
    assert row[2:6] == [PROBE, "1", "raw", "tracepoint"], row
    assert int(row[6]) > 0 and int(row[7]) > 0 and row[8].endswith("%") and row[10] == "on", row
    assert "Together they take" in s.out and "?" in lines(s.out)[-1], s.out


def a_budget_disables_the_costliest(gimlet):
    s = Piped(gimlet, ".set budget 0.000001%\n" + PROBE + " { @ = count(); }\n.wait 3.5\n.probes\n")
    assert "more than the budget of 1e-06%: cell 1" in s.err, s.err
    assert lines(s.out)[-1].endswith("off"), s.out


def maps_are_sorted_and_cut(gimlet):
    fill = '@n["a"] = 3; @n["b"] = 1; @n["c"] = 2\n'
    s = Piped(gimlet, fill + ".top @n 2\n.sort @n key\n.sort @n value\n.show @n\n.clear @n\n.show @n\n")
    assert lines(s.out) == ["@n[a]: 3", "@n[c]: 2", "@n[a]: 3", "@n[b]: 1", "@n[c]: 2",
                            "@n[b]: 1", "@n[c]: 2", "@n[a]: 3",
                            "@n[b]: 1", "@n[c]: 2", "@n[a]: 3"], s.out + s.err


def watch_shows_again(gimlet):
    s = Piped(gimlet, "@x = 5\n.watch 0.1 3 @x\n")
    assert lines(s.out) == ["@x: 5"] * 3, s.out + s.err


def things_are_looked_up(gimlet):
    s = Piped(gimlet, ".list tracepoint:syscalls:sys_enter_opena*\n.args " + PROBE + "\n.type pid_namespace\n"
              ".doc hist\n.doc uprobe\n.doc max_strlen\n.doc E0604\n.search histogram\n.help\n"
              ".help watch\n.help entries\n")
    for text in ("tracepoint:syscalls:sys_enter_openat", "    unsigned long args[6]",
                 "struct pid_namespace {", "hist(", "uprobe", "config key max_strlen", "E0604",
                 "builtin   lhist", ".watch [SECONDS] [TIMES] @MAP...", "Cells and probes:",
                 "An expression is shown"):
        assert text in s.out, (text, s.out, s.err)
    assert s.err == "", s.err


def mistakes_in_commands_are_told(gimlet):
    s = Piped(gimlet, ".wach\n.show\n.show @no\n.enable 7\n.set nothing 1\n.set budget x\n.load /no/file\n"
              ".list nothing:at:all\n.sort @no up\n.wait long\n.doc hsit\n1\n")
    for text in ("There is no command .wach\nHINT: Did you mean .watch?", "Usage: .show @MAP",
                 "There is no map @no", "There is no cell 7", "There is no setting 'nothing'",
                 "'x' is no share", "/no/file", "Maps are sorted by key or by value",
                 "'long' is no number of seconds", "Did you mean hist?"):
        assert text in s.err, (text, s.err)
    assert lines(s.out) == ["1"] and s.status == 1, s.out


def the_session_goes_on_after_mistakes(gimlet):
    s = Piped(gimlet, "kprobe { }\n@x = $y\ntracepoint:no:such { }\n} }\n\"open\n1\n")
    assert lines(s.out) == ["1"] and s.status == 1, s.out + s.err
    for text in ("^", "~"):
        assert text in s.err or "~" in s.err, s.err
    assert "No tracepoints found for no:such" in s.err or "no:such" in s.err, s.err


def tests_are_refused(gimlet):
    s = Piped(gimlet, "test:x { print(1); }\n")
    assert "test probes do not run in an interactive session" in s.err and s.status == 1, s.err


def a_session_is_saved_and_loaded(gimlet):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "saved.bt")
        s = Piped(gimlet, f"macro twice(e) {{ e * 2 }}\nn = {PROBE} {{ @n = count(); }}\n"
                  f"interval:ms:50 {{ @t = twice(4); }}\n.save {path}\n")
        assert "3 cells written to" in s.out, s.out + s.err
        s = Piped(gimlet, f".load {path}\n.wait 0.3\n@n > 0\n@t\n.probes\n.edit n\n")
        assert "[2] n: 1 probe attached" in lines(s.out) and "@t: 8" in lines(s.out), s.out + s.err
        # The same file is a program.
        with open(path, encoding="utf-8") as text:
            assert "//: cell 2 n\n" in text.read()
        with open(path, "a", encoding="utf-8") as text:
            text.write("interval:ms:200 { exit(); }\n")
        import subprocess
        ran = subprocess.run([gimlet, path], capture_output=True, text=True, timeout=20, check=False)
        assert ran.returncode == 0 and "@t: 8" in ran.stdout, ran.stdout + ran.stderr


def a_file_is_entered_first(gimlet):
    with tempfile.NamedTemporaryFile("w", suffix=".bt") as script:
        script.write("begin { @x = 3; }\ninterval:s:5 { @y = @x; }\n")
        script.flush()
        s = Piped(gimlet, "@x\n.edit 1\n", script.name)
    assert "@x: 3" in lines(s.out) and "interval:s:5 { @y = @x; }" in s.out, s.out + s.err


def a_session_is_recorded(gimlet):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "record")
        Piped(gimlet, f".record {path}\n1 + 1\n.nonsense\n.record off\n3\n")
        with open(path, encoding="utf-8") as text:
            kept = text.read()
    assert kept.startswith("> 1 + 1\n2\n> .nonsense\nERROR: "), kept
    assert "\n3\n" not in kept, kept


def results_are_paused(gimlet):
    s = Piped(gimlet, 'interval:ms:20 { printf("tick\\n"); }\n.pause\n.wait 0.3\nprint("quiet")\n.resume\n')
    shown = lines(s.out)
    assert "tick" in shown[shown.index("Results are held back; .resume shows them"):], s.out
    assert shown.count("quiet") == 1, s.out


def history_is_kept(gimlet):
    s = Piped(gimlet, "1\n.set rate 5\n2\n.history 3\n")
    assert lines(s.out)[-3:] == [".set rate 5", "2", ".history 3"], s.out


def replies_are_json(gimlet):
    s = Piped(gimlet, f"n = {PROBE} {{ @n = count(); }}\n@x = $y\n.maps\n.nonsense\n1 + 1\n", "-f", "json")
    records = [json.loads(line) for line in lines(s.out)]
    replies = [r["data"] for r in records if r["type"] == "reply"]
    assert replies[0]["ok"] and replies[0]["cell"] == 1 and replies[0]["name"] == "n", replies
    assert replies[0]["probes"] == 1 and replies[0]["milliseconds"] > 0, replies
    wrong = replies[1]["diagnostics"][0]
    assert not replies[1]["ok"] and wrong["severity"] == "error" and wrong["column"] == 6, replies
    assert replies[2]["rows"][0]["map"] == "@n" and not replies[3]["ok"], replies
    assert records[-2] == {"type": "value", "data": 2} and replies[4]["ok"], records
    assert s.err == "" and s.status == 1, s.err


def options_that_make_no_sense_are_refused(gimlet):
    for options, name in ((["-e", "begin {}"], "-e"), (["-l"], "-l"), (["-c", "true"], "-c"),
                          (["--test"], "--test"), (["-d", "ast"], "-d"), (["--dry-run"], "--dry-run")):
        s = Piped(gimlet, "", *options)
        assert s.status == 1 and f"USAGE: -i cannot be used with {name}" in s.err, (options, s.err)


def without_a_terminal_there_is_help(gimlet):
    import subprocess
    ran = subprocess.run([gimlet], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert ran.returncode == 1 and "USAGE" in ran.stderr, ran


CASES = [case for case in list(globals().values())
         if callable(case) and getattr(case, "__module__", "") == __name__ and case is not lines]
