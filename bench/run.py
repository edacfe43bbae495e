"""Measures cnchar beside jieba and rjieba and writes docs/benchmarks.md: `make bench`, or `python -m bench.run`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import measure, report
from bench.texts import ROOT, write_text
from bench.timing import stay_on_core

TARGET = ROOT / "docs/benchmarks.md"
SPEED = ("command", "beside", "times as fast", "lowest to highest", "its seconds", "the other's seconds", "MB/s")
START = ("command", "seconds", "times `import numpy`")
ACCURACY = ("test set", "standard", "model", "precision", "recall", "F1", "OOV recall", "jieba's F1", "signature")
ABOUT_SPEED = "How many times as fast the command is as the one beside it; `accurate` on the first quarter of the text."
ABOUT_START = "From nothing to the answer for one line."
ABOUT_MEMORY = "Peak resident set of the process over the whole text (`ru_maxrss`), one run."
ABOUT_ACCURACY = (
    "What `cnchar eval segment` prints, in percent. Nothing was trained on these; the dev sets served to choose. The "
    "traditional text is the test with each character converted by OpenCC, with the same gold words."
)


def options(arguments: list[str] | None = None) -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="pairs of runs for each ratio (5)")
    parser.add_argument("--megabytes", type=float, default=20, help="size of the text (20)")
    parser.add_argument("--core", type=int, default=0, help="the core everything runs on (0)")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="where the corpora are")
    parser.add_argument("-o", "--output", type=Path, default=TARGET, help="the page to write (docs/benchmarks.md)")
    return parser.parse_args(arguments)


def command_of(asked: argparse.Namespace) -> str:
    """The command that would make the same page."""
    return f"python -m bench.run --runs {asked.runs} --megabytes {asked.megabytes:g}"


def sections(asked: argparse.Namespace, text: Path, work: Path) -> Iterator[tuple[str, str, str]]:
    """(heading, what was done, table) of each part, measured one after the other and told as they come."""
    gold = measure.write_gold(text, work / "gold.txt")
    line = measure.write_one_line(work / "line.txt")
    parts: tuple[tuple[str, str, tuple[str, ...], Iterator[measure.Row]], ...] = (
        ("Speed", ABOUT_SPEED, SPEED, measure.speed(text, gold, asked.runs)),
        ("Cold start", ABOUT_START, START, measure.cold_start(line, asked.runs)),
        ("Memory", ABOUT_MEMORY, ("command", "MiB"), measure.memory(text, gold)),
        ("Accuracy", ABOUT_ACCURACY, ACCURACY, measure.accuracy(asked.shared, work)),
    )
    for heading, about, head, rows in parts:
        written = report.table(head, rows)
        print(f"{heading}\n{written}", file=sys.stderr, flush=True)
        yield heading, about, written


def main() -> None:
    """Measure everything, then write the page."""
    asked = options()
    stay_on_core(asked.core)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        about = write_text(work / "text.txt", asked.shared, asked.megabytes)
        page = report.document(command_of(asked), about, asked.runs, sections(asked, work / "text.txt", work))
    asked.output.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
