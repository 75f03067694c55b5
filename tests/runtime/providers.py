# Which providers a case is about: those whose attach points its program names. The table of
# docs/kernels.md counts cases by provider, and nobody wants to write the provider at each case.
#
# Text in quotes is no program unless it is the program itself, so inner strings are emptied first; a
# name that stands before a colon is an attach point only where one can begin.
import re

# In the order in which the reference describes them: each with the other names that it goes by.
NAMES = {
    "kprobe": ["k"], "kretprobe": ["kr"], "fentry": ["f", "kfunc"], "fexit": ["fr", "kretfunc"],
    "tracepoint": ["t"], "rawtracepoint": ["rt"], "uprobe": ["u"], "uretprobe": ["ur"],
    "usdt": ["U"], "profile": ["p"], "interval": ["i"], "software": ["s"], "hardware": ["h"],
    "watchpoint": ["w"], "iter": ["it"], "self": [], "test": [], "bench": [],
}
# What a provider cannot do without, as cases say it in REQUIRES.
OWN = {
    "kprobe": "kprobes", "kretprobe": "kprobes", "fentry": "fentry", "fexit": "fentry",
    "tracepoint": "tracefs", "uprobe": "uprobes", "uretprobe": "uprobes", "usdt": "uprobes",
    "profile": "profile", "software": "profile", "hardware": "profile", "watchpoint": "watchpoints",
    "rawtracepoint": "btf", "iter": "btf",
}
FULL = {other: name for name, others in NAMES.items() for other in [name, *others]}
BEFORE = r"(?:^|(?<=[\s,;{}'\"!]))"
LONG = "|".join(name for name in FULL if len(name) > 2)
SHORT = "|".join(name for name in FULL if len(name) <= 2)
POINT = re.compile(rf"{BEFORE}(?:((?i:{LONG}))|({SHORT})):(?=[\w/*$.{{\[])", re.MULTILINE)
STRING = re.compile(r'\\"(?:[^"\\]|\\[^"])*\\"|(?<=[(,=\s\[])(?<!-e )"(?:[^"\\]|\\.)*"(?=\s*[),;\]])')
START_OR_END = re.compile(r"(?i:\b(?:begin|end)\b)\s*[{,/]")


def providers_of(text):
    """The providers of a PROG or RUN, in the table's order."""
    text = STRING.sub('""', text)
    found = {FULL.get(match[1].lower() if match[1] else match[2]) for match in POINT.finditer(text)}
    if START_OR_END.search(text):
        found.add("begin, end")
    return [name for name in ["begin, end", *NAMES] if name in found]
