"""Every measurement, as rows of tables. Commands run as users run them, in processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.texts import ONE_LINE, ROOT, TEST_SETS, TestSet
from bench.timing import ENVIRONMENT, Command, Comparison, in_turn, peak_mb

Row = tuple[str, ...]
IMPORT_NUMPY = (sys.executable, "-c", "import numpy")


def cnchar(*arguments: str | Path) -> Command:
    """The installed command beside this Python, else the package of this checkout."""
    script = Path(sys.executable).with_name("cnchar")
    start = [str(script)] if script.exists() else [sys.executable, "-m", "cnchar"]
    return [*start, *map(str, arguments)]


def loop(name: str) -> Command:
    """The Python loop over another segmenter."""
    return [sys.executable, str(ROOT / f"bench/loop_{name}.py")]


def speed(text: Path, gold: Path, runs: int) -> Iterator[Row]:
    """`segment` beside the other segmenters, then other commands beside `segment`."""
    segment, accurate = cnchar("segment"), cnchar("segment", "--model", "accurate")
    for name in ("jieba", "rjieba"):
        yield _speed_row("cnchar segment", name, in_turn(segment, loop(name), text, runs), text)
    part = _beginning(text)
    yield _speed_row("cnchar segment --model accurate", "jieba", in_turn(accurate, loop("jieba"), part, runs), part)
    others = {
        "cnchar segment --format jsonl": cnchar("segment", "--format", "jsonl"),
        "cnchar clean --rules default": cnchar("clean", "--rules", "default"),
        "cnchar eval segment --model fast": cnchar("eval", "segment", "--gold", gold, "--model", "fast"),
    }
    for name, command in others.items():
        yield _speed_row(name, "cnchar segment", in_turn(command, segment, text, runs), text)


def _beginning(text: Path) -> Path:
    """The first quarter of the text, for what takes minutes with the whole."""
    part = text.with_name(f"quarter.{text.name}")
    size = text.stat().st_size // 4
    with text.open("rb") as stream:
        data = stream.read(size)
    part.write_bytes(data[: data.rfind(b"\n") + 1])
    return part


def _speed_row(ours: str, theirs: str, took: Comparison, text: Path) -> Row:
    low, high = took.spread
    rate = text.stat().st_size / 1e6 / took.our_seconds
    return (
        f"`{ours}`", theirs, f"{took.ratio:.2f}", f"{low:.2f} to {high:.2f}", f"{took.our_seconds:.2f}",
        f"{took.their_seconds:.2f}", f"{rate:.1f}",
    )  # fmt: skip


def cold_start(line: Path, runs: int) -> Iterator[Row]:
    """Seconds from nothing to the answer for one line, beside a Python that only imports numpy."""
    commands = {
        "`cnchar --help`": cnchar("--help"),
        "`cnchar segment`, one line": cnchar("segment"),
        "`cnchar segment --model accurate`, one line": cnchar("segment", "--model", "accurate"),
        "jieba, one line": loop("jieba"),
        "rjieba, one line": loop("rjieba"),
    }
    for name, command in commands.items():
        took = in_turn(command, IMPORT_NUMPY, line, runs)
        yield name, f"{took.our_seconds:.3f}", f"{1 / took.ratio:.2f}"


def memory(text: Path, gold: Path) -> Iterator[Row]:
    """Peak resident memory of one run of each command over the whole text."""
    commands = {
        "`cnchar --help`": cnchar("--help"),
        "`cnchar models`": cnchar("models"),
        "`cnchar segment`": cnchar("segment"),
        "`cnchar segment --model accurate`": cnchar("segment", "--model", "accurate"),
        "`cnchar segment --format jsonl`": cnchar("segment", "--format", "jsonl"),
        "`cnchar clean --rules default`": cnchar("clean", "--rules", "default"),
        "`cnchar clean --rules default,simplify`": cnchar("clean", "--rules", "default,simplify"),
        "`cnchar build-vocab`": cnchar("build-vocab", "--quiet"),
        "`cnchar eval segment --model fast`": cnchar("eval", "segment", "--gold", gold, "--model", "fast"),
        "jieba": loop("jieba"),
        "rjieba": loop("rjieba"),
    }
    for name, command in commands.items():
        yield name, f"{peak_mb(command, text):.0f}"


def accuracy(shared: Path, work: Path) -> Iterator[Row]:
    """F1 and what goes with it on each test set that is here, and jieba's F1 beside it."""
    for test in TEST_SETS:
        if (shared / test.path).exists():
            gold = _gold(test, shared, work)
            known = ("--known", shared / test.known) if test.known else ()
            jieba = evaluate("--gold", gold, "--model", "jieba")
            for model in ("fast", "accurate"):
                found = evaluate("--gold", gold, "--model", model, "--standard", test.standard, *known)
                yield _accuracy_row(test, model, found, jieba)


def _gold(test: TestSet, shared: Path, work: Path) -> Path:
    gold = shared / test.path
    if not test.traditional:
        return gold
    twin = work / f"traditional.{gold.name}"
    with gold.open("rb") as stdin, twin.open("wb") as stdout:
        subprocess.run([sys.executable, "-m", "bench.twin"], stdin=stdin, stdout=stdout, check=True, cwd=ROOT)
    return twin


def evaluate(*arguments: str | Path) -> dict[str, Any]:
    """What `cnchar eval segment --format json` prints about the one system."""
    command = cnchar("eval", "segment", "--format", "json", "--errors-top", "0", *arguments)
    done = subprocess.run(command, stdout=subprocess.PIPE, env=ENVIRONMENT, check=True)
    system: dict[str, Any] = json.loads(done.stdout)["systems"][0]
    return system


def _accuracy_row(test: TestSet, model: str, found: dict[str, Any], jieba: dict[str, Any]) -> Row:
    scores = found["scores"]
    shares = [scores["precision"], scores["recall"], scores["f1"], scores.get("oov_recall"), jieba["scores"]["f1"]]
    percents = ["" if share is None else f"{100 * share:.2f}" for share in shares]
    return (test.name, test.standard, model, *percents, f"`{found['signature']}`")


def write_one_line(target: Path) -> Path:
    """The file with one short line."""
    target.write_text(ONE_LINE, encoding="utf-8")
    return target


def write_gold(text: Path, target: Path) -> Path:
    """A gold file for `eval` to read: the text as segmented by the model itself. Its score is 100 % by construction."""
    with text.open("rb") as stdin, target.open("wb") as stdout:
        subprocess.run(cnchar("segment"), stdin=stdin, stdout=stdout, env=ENVIRONMENT, check=True)
    return target
