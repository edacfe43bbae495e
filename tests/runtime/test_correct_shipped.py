"""The shipped corrector: what it must find and leave alone."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from evaluate.oracles import read_lines, run_scorer

import cnchar
from cnchar.bundle import open_bundle, resolve, size_of

WRONG, RIGHT = "他在公圆里跑步，感觉很疏服。", "他在公园里跑步，感觉很舒服。"
F1 = 0.57  # sentences of SIGHAN 2015, corrected
TEXTS = [
    WRONG,
    "我今天非常高心，因为明天要去背京。",
    "以经很晚了，请你们在说一边。",
    "人民代表大会制度是我国的根本政治制度。",
]


def test_a_higher_threshold_makes_fewer_edits_and_no_others() -> None:
    found = [list(cnchar.load("correct", min_confidence=least)(TEXTS)) for least in (0.02, 0.3, 0.6, 0.9)]
    for many, few in pairwise(found):
        assert all(set(some.edits) <= set(more.edits) for some, more in zip(few, many, strict=True))
    assert len(found[0][0].edits) >= 2 and not found[-1][-1].edits


def test_only_what_sounds_alike() -> None:
    for found in cnchar.load("correct", same_sound=True, min_confidence=0.02)(TEXTS):
        assert all(edit.kind == "sound" for edit in found.edits)


def test_an_error_is_found_wherever_it_stands() -> None:
    correct = cnchar.load("correct")
    around = "人民代表大会制度是我国的根本政治制度。"
    for before, after in ((0, 3), (3, 0), (40, 40), (2000, 50)):
        assert correct(around * before + WRONG + around * after).text == around * before + RIGHT + around * after


def test_the_size_of_the_model() -> None:
    assert size_of("correct") <= 14_000_000


@pytest.mark.shared
@pytest.mark.slow
def test_scores(shared: Path, tmp_path: Path) -> None:
    """Floors, a point below what version 6 has: SIGHAN 2015 at the threshold of the best F1, and right sentences."""
    rows = [line.split("\t") for line in read_lines(shared / "data/csc/sighan.test15.tsv")]
    config = open_bundle(resolve("correct", "correct"), "correct", ("character-model",)).config
    correct = cnchar.load("correct", min_confidence=config["thresholds"]["best_f1"])
    pred = [found.text for found in correct(typed for typed, _ in rows)]
    scores = run_scorer(shared, "score_csc", tmp_path, ["\t".join(row) for row in rows], pred)
    assert scores["sentence_correction"]["f1"] >= F1
    right = [line.split("\t")[0] for line in read_lines(shared / "data/csc/clean_rmrb.tsv", 1000)]
    assert sum(bool(found.edits) for found in cnchar.load("correct")(right)) <= 10
