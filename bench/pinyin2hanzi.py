"""Measures `cnchar pinyin2hanzi` and prints tables: python -m bench.pinyin2hanzi [--libime bench/libime_loop].

Accuracy is what `cnchar eval pinyin2hanzi` says; times are ratios to libime's loop (libime_loop.cpp, which says how to
build it) in alternating runs on one core.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.measure import IMPORT_NUMPY, Row, cnchar
from bench.report import table
from bench.texts import ROOT
from bench.timing import ENVIRONMENT, in_turn, peak_mb, stay_on_core

WAYS = {"default": (), "fast": ("--fast",)}
SEGMENTS = ("kyubyong.segments", "pku2005.segments", "aishell.dev")
SPEED = ("command", "times as fast as libime", "lowest to highest", "characters/s", "libime's")


def options(arguments: list[str] | None = None) -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="pairs of runs for each ratio (5)")
    parser.add_argument("--repeat", type=int, default=3, help="how often the text is repeated (3)")
    parser.add_argument("--core", type=int, default=0, help="the core everything runs on (0)")
    parser.add_argument("--libime", type=Path, help="the built loop; without it no ratios")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="where the corpora are")
    return parser.parse_args(arguments)


def accuracy(data: Path) -> Iterator[Row]:
    """Accuracy and exact share on each set, tones dropped, and by the published protocol."""
    asked: list[tuple[str, tuple[str, ...]]] = [(f"{name}.tsv", ("--drop-tones",)) for name in SEGMENTS]
    asked.append(("kyubyong.eval1000.tsv", ("--protocol", "kyubyong")))
    for name, how in asked:
        for way, flags in WAYS.items():
            scores, signature = _evaluate(data / name, *how, *flags)
            shares = [f"{100 * scores[key]:.2f}" for key in ("accuracy", "cer", "exact")]
            yield (name, way, *shares, f"`{signature}`")


def _evaluate(gold: Path, *arguments: str) -> tuple[dict[str, float], str]:
    command = cnchar("eval", "pinyin2hanzi", "--gold", gold, "--model", "pinyin2hanzi", "--format", "json", *arguments)
    done = subprocess.run(command, stdout=subprocess.PIPE, env=ENVIRONMENT, check=True)
    system = json.loads(done.stdout)["systems"][0]
    return system["scores"], system["signature"]


def speed(libime: Path, text: Path, hanzi: int, runs: int) -> Iterator[Row]:
    """Both ways beside libime, start-up included."""
    for way, flags in WAYS.items():
        took = in_turn(cnchar("pinyin2hanzi", "--threads", "1", *flags), [str(libime.resolve())], text, runs)
        low, high = took.spread
        yield (
            way, f"{took.ratio:.2f}", f"{low:.2f} to {high:.2f}", f"{hanzi / took.our_seconds:.0f}",
            f"{hanzi / took.their_seconds:.0f}",
        )  # fmt: skip


def start(line: Path, text: Path, runs: int) -> Iterator[Row]:
    """Seconds for one line, times a Python that only imports numpy, and peak memory over the text."""
    for way, flags in WAYS.items():
        command = cnchar("pinyin2hanzi", *flags)
        took = in_turn(command, IMPORT_NUMPY, line, runs)
        yield way, f"{took.our_seconds:.3f}", f"{1 / took.ratio:.2f}", f"{peak_mb(command, text):.0f}"


def write_text(data: Path, target: Path, repeat: int) -> int:
    """Write the pinyin of the segments, again and again; returns the number of hanzi they stand for."""
    rows = [line.split("\t") for name in SEGMENTS[:2] for line in _lines(data / f"{name}.tsv")]
    target.write_text("".join(row[0] + "\n" for row in rows) * repeat, encoding="utf-8")
    return sum(len(row[-1]) for row in rows) * repeat


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8-sig").splitlines()


def main() -> None:
    """Print all tables."""
    asked = options()
    stay_on_core(asked.core)
    data = asked.shared / "data/p2h"
    print(table(("test set", "mode", "accuracy", "CER", "exact", "signature"), accuracy(data)))
    with tempfile.TemporaryDirectory() as folder:
        text, line = Path(folder) / "text.txt", Path(folder) / "line.txt"
        hanzi = write_text(data, text, asked.repeat)
        line.write_text("women mingtian qu beijing kai hui\n", encoding="utf-8")
        if asked.libime:
            print(table(SPEED, speed(asked.libime, text, hanzi, asked.runs)))
        print(table(("mode", "first line, s", "times `import numpy`", "peak MiB"), start(line, text, asked.runs)))


if __name__ == "__main__":
    sys.exit(main())
