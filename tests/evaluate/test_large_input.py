"""The promises about large files: constant memory, and three times the speed of ../shared/bench/score_cws.py."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from cnchar.evaluate.confusions import Confusions
from cnchar.evaluate.known import KnownWords
from cnchar.evaluate.segmentation import Segmentation, count_segmentation

REPEATS = 24


def cut_anew(line: str) -> str:
    """Another segmentation of the same text, wrong about every fifth word."""
    words = line.split()
    for i in range(0, len(words) - 1, 5):
        if len(words[i]) > 1:
            words[i] = words[i][0] + " " + words[i][1:]
        else:
            words[i : i + 2] = ["", words[i] + words[i + 1]]
    return " ".join(words)


def peak_memory(lines: int) -> int:
    tracemalloc.start()
    gold = (f"共同 创造 美好 的 新 世纪 {i % 1000}" for i in range(lines))
    pred = (f"共同 创造 美好的 新 世 纪 {i % 1000}" for i in range(lines))
    counts = count_segmentation(gold, pred, confusions=Confusions())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert counts.tally.sentences == lines
    return peak


def test_memory_does_not_grow_with_the_input() -> None:
    assert peak_memory(100_000) < 1.2 * peak_memory(20_000)


@pytest.mark.shared
def test_real_data_as_the_shared_scorer(shared: Path, tmp_path: Path) -> None:
    gold, pred = real_data(shared, tmp_path, 1)
    known = shared / "data/cws/pku2005.known_words.txt"
    theirs, _ = run_scorer(shared, gold, pred, "--known", str(known))
    found, _ = run_ours(gold, pred, KnownWords(known.read_text(encoding="utf-8").split()))
    scores = {name: round(value, 6) for name, value in found.tally.scores().items()}
    del scores["iv_recall"]
    counts = found.tally.totals()
    assert {**scores, "sentences": counts["sentences"], "words": counts["gold_words"]} == theirs


@pytest.mark.shared
def test_three_times_as_fast_as_the_shared_scorer(shared: Path, tmp_path: Path) -> None:
    gold, pred = real_data(shared, tmp_path, 24)
    _, their_time = run_scorer(shared, gold, pred)
    _, our_time = run_ours(gold, pred, None)
    assert their_time > 3 * our_time


def real_data(shared: Path, folder: Path, repeats: int) -> tuple[Path, Path]:
    lines = (shared / "data/cws/msr2005.test.txt").read_text(encoding="utf-8").split("\n")
    gold, pred = folder / "gold", folder / "pred"
    gold.write_text("\n".join(lines * repeats), encoding="utf-8")
    pred.write_text("\n".join([cut_anew(line) for line in lines] * repeats), encoding="utf-8")
    return gold, pred


def run_scorer(shared: Path, gold: Path, pred: Path, *options: str) -> tuple[dict[str, float], float]:
    """Its scores and the seconds of user CPU time they took."""
    command = [sys.executable, str(shared / "bench/score_cws.py"), str(gold), str(pred), *options]
    before = os.times().children_user
    done = subprocess.run(command, capture_output=True, check=True)
    return json.loads(done.stdout), os.times().children_user - before


def run_ours(gold: Path, pred: Path, known: KnownWords | None) -> tuple[Segmentation, float]:
    """The counts and the seconds of user CPU time they took."""
    before = os.times().user
    with gold.open(encoding="utf-8", newline="\n") as golds, pred.open(encoding="utf-8", newline="\n") as preds:
        counts = count_segmentation(golds, preds, known=known)
    return counts, os.times().user - before
