"""Measures `cnchar correct` and prints tables: python -m bench.correct [--min-confidence P].

Scores are what `cnchar eval correct` says, at the shipped threshold and, where given, at another one; the time is a
ratio to jieba.lcut in alternating runs on one core.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.measure import IMPORT_NUMPY, Row, cnchar, loop
from bench.report import table
from bench.texts import ROOT, write_text
from bench.timing import ENVIRONMENT, in_turn, peak_mb, stay_on_core

TESTS = ("sighan.test13", "sighan.test14", "sighan.test15")
SCORES = (
    "sentence_correction_precision", "sentence_correction_recall", "sentence_correction_f1", "clean_changed",
    "clean_edits_per_10k",
)  # fmt: skip
SPEED = ("command", "times as fast as jieba", "lowest to highest", "first line, s", "times `import numpy`", "peak MiB")


def options(arguments: list[str] | None = None) -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--min-confidence", type=float, nargs="*", default=[], help="further thresholds to measure at")
    parser.add_argument("--runs", type=int, default=5, help="pairs of runs for each ratio (5)")
    parser.add_argument("--megabytes", type=float, default=0.3, help="size of the text that is timed (0.3)")
    parser.add_argument("--core", type=int, default=0, help="the core everything runs on (0)")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="where the corpora are")
    return parser.parse_args(arguments)


def accuracy(data: Path, thresholds: Sequence[float]) -> Iterator[Row]:
    """Sentence-level correction on each test, and false alarms on clean text, at each threshold."""
    ways = [("default", ()), *((f"{p:g}", ("--min-confidence", str(p))) for p in thresholds)]
    for name in TESTS:
        for threshold, how in ways:
            scores, signature = _evaluate(data / f"{name}.tsv", data / "clean_rmrb.tsv", *how)
            per_cent = [f"{100 * scores[key]:.2f}" for key in SCORES[:-1]]
            yield (name, threshold, *per_cent, f"{scores[SCORES[-1]]:.2f}", f"`{signature}`")


def _evaluate(gold: Path, clean: Path, *arguments: str) -> tuple[dict[str, float], str]:
    command = cnchar(
        "eval", "correct", "--gold", gold, "--clean", clean, "--model", "correct", "--format", "json", *arguments
    )
    done = subprocess.run(command, stdout=subprocess.PIPE, env=ENVIRONMENT, check=True)
    system = json.loads(done.stdout)["systems"][0]
    return system["scores"], system["signature"]


def speed(text: Path, line: Path, runs: int) -> Iterator[Row]:
    """The command beside jieba's loop; one line beside a Python that only imports numpy; peak memory over the text."""
    command = cnchar("correct", "--threads", "1")
    took, began = in_turn(command, loop("jieba"), text, runs), in_turn(command, IMPORT_NUMPY, line, runs)
    low, high = took.spread
    yield (
        "`cnchar correct`", f"{took.ratio:.4f}", f"{low:.4f} to {high:.4f}", f"{began.our_seconds:.3f}",
        f"{1 / began.ratio:.2f}", f"{peak_mb(command, text):.0f}",
    )  # fmt: skip


def main() -> None:
    """Print both tables."""
    asked = options()
    stay_on_core(asked.core)
    scores = ("precision", "recall", "F1", "clean lines changed", "wrong edits per 10,000")
    print(
        table(
            ("test set", "threshold", *scores, "signature"), accuracy(asked.shared / "data/csc", asked.min_confidence)
        )
    )
    with tempfile.TemporaryDirectory() as folder:
        text, line = Path(folder) / "text.txt", Path(folder) / "line.txt"
        write_text(text, asked.shared, asked.megabytes)
        line.write_text("我今天非常高心，因为明天要去背京。\n", encoding="utf-8")
        print(table(SPEED, speed(text, line, asked.runs)))


if __name__ == "__main__":
    sys.exit(main())
