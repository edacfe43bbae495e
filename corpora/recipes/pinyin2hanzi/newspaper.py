"""Write the text of PFR, a month of People's Daily, without the spaces between words: `python newspaper.py DATA OUT`.

Lines that share any SHARED characters behind each other with a test are left out, as they are of all raw text.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

SHARED = 12
SEGMENTED = "cws/pku2005.test.txt", "cws/msr2005.test.txt"
PAIRED = (
    "p2h/kyubyong.eval1000.tsv", "p2h/kyubyong.segments.tsv", "p2h/pku2005.segments.tsv", "p2h/aishell.dev.tsv",
    "csc/sighan.test13.tsv", "csc/sighan.test14.tsv", "csc/sighan.test15.tsv", "csc/clean_rmrb.tsv",
)  # fmt: skip
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def folded(text: str) -> str:
    """Half-width and without white space, as lines are compared."""
    return "".join(text.translate(_HALF).split())


def grams(line: str) -> set[str]:
    return {line[at : at + SHARED] for at in range(len(line) - SHARED + 1)}


def test_lines(data: Path) -> Iterator[str]:
    """All lines of the tests; of those with several columns each."""
    for name in (*SEGMENTED, *PAIRED):
        for line in (data / name).read_text(encoding="utf-8").splitlines():
            yield from map(folded, line.split("\t"))


def main(data: Path, out: Path) -> None:
    known = set().union(*map(grams, test_lines(data)))
    lines = (line.replace(" ", "") for line in (data / "cws/pfr199801.train.txt").read_text("utf-8").splitlines())
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(f"{line}\n" for line in lines if known.isdisjoint(grams(folded(line))))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
