"""docs/interactive.md: every entry that it shows is made, and what it shows comes out. Numbers, spaces and
bars may differ; a line `...` stands for any lines."""
import os
import re
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PAGE = os.path.join(os.path.dirname(os.path.dirname(HERE)), "docs", "interactive.md")
PROMPT, MORE = "gimlet> ", "   ...> "


def sessions():
    """For each block of the page its entries, and what is shown after all of them."""
    with open(PAGE, encoding="utf-8") as page:
        for block in re.findall(r"^```session\n(.*?)^```", page.read(), re.MULTILINE | re.DOTALL):
            entries, shown = [], []
            for line in block.splitlines():
                if line.startswith((PROMPT, MORE)):
                    entries.append(line[len(PROMPT):])
                elif line.strip() and line.strip() != "...":
                    shown.append(line)
            yield entries, shown


def shape(line):
    """The line's fixed part, as a pattern."""
    pieces = re.split(r"\b[0-9a-f]{8,}\b|[\d.,]+[KMG]?|\|[@ ]*\||\s+|\.\.\.", line)
    varies = r"[\s\da-f.,KMG|@]*?"
    return varies + varies.join(re.escape(piece) for piece in pieces if piece)


def the_tour_is_true(gimlet):
    blocks = list(sessions())
    assert len(blocks) > 1, "the page shows no sessions"
    for entries, shown in blocks:
        with tempfile.TemporaryDirectory(dir=".") as folder:
            slow = subprocess.Popen([os.path.join(HERE, "slow"), os.path.join(folder, "log")])
            try:
                ran = subprocess.run([gimlet, "-i"], input="\n".join(entries) + "\n", text=True, cwd=folder,
                                     stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False)
            finally:
                slow.kill()
                slow.wait()
        # The entries of a map are sorted by what was counted, which may come out otherwise.
        said, place, map_begin = ran.stdout, 0, 0
        for line in shown:
            if not line.startswith("@"):
                map_begin = place
            found = re.compile("^" + shape(line), re.MULTILINE).search(said, map_begin)
            assert found, f"no line like {line!r} in\n{said[map_begin:]}\nof\n{said}"
            place = max(place, found.end())


CASES = [the_tour_is_true]
