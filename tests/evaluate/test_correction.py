from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.evaluate.aligned import Line
from cnchar.evaluate.correction import CORRECTION, ErrorTypes, count_correction
from cnchar.evaluate.kinds import Kinds
from cnchar.evaluate.tally import Tally
from evaluate.oracles import read_lines, run_scorer, spoil

Triple = tuple[str, str, str]  # source, target, prediction


@st.composite
def triples(draw: st.DrawFn) -> Triple:
    """Three equally long texts that often agree."""
    length = draw(st.integers(0, 6))
    texts = st.text("人中", min_size=length, max_size=length)
    return draw(texts), draw(texts), draw(texts)


def count(lines: list[Triple], **fed: Any) -> Tally:
    tally = Tally(CORRECTION)
    count_correction((Line(i, t, p, source=s) for i, (s, t, p) in enumerate(lines, 1)), tally, **fed)
    return tally


def as_theirs(tally: Tally) -> dict[str, Any]:
    scores = {name: round(value, 5) for name, value in tally.scores().items()}
    levels = [f"{level}_{what}" for level in ("sentence", "char") for what in ("detection", "correction")]
    names = {"p": "precision", "r": "recall", "f1": "f1"}
    grouped = {level: {short: scores[f"{level}_{name}"] for short, name in names.items()} for level in levels}
    totals = tally.totals()
    counts = {"sentences": tally.sentences, "with_errors": totals["wrong_sentences"]}
    return {**grouped, "false_alarm": scores["false_alarm"], **counts}


def theirs(shared: Path, folder: Path, lines: list[Triple]) -> dict[str, Any]:
    return run_scorer(shared, "score_csc", folder, (f"{s}\t{t}" for s, t, _ in lines), (p for _, _, p in lines))


@pytest.mark.shared
@given(data=st.data())
@settings(deadline=None, max_examples=10)
def test_same_as_the_shared_scorer(data: st.DataObject, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    lines = data.draw(st.lists(triples(), min_size=1, max_size=30))
    assert as_theirs(count(lines)) == theirs(shared, tmp_path_factory.mktemp("csc"), lines)


@pytest.mark.shared
def test_real_data_as_the_shared_scorer(shared: Path, tmp_path: Path) -> None:
    lines = []
    for i, line in enumerate(read_lines(shared / "data/csc/sighan.test15.tsv")):
        source, target = line.split("\t")
        lines.append((source, target, "".join(spoil(target if i % 2 else source, ["的", "在"], 0.02, seed=i))))
    assert as_theirs(count(lines)) == theirs(shared, tmp_path, lines)


LINES = [
    ("我很高心", "我很高兴", "我很高兴"),  # corrected
    ("去背京吧", "去北京吧", "去贝京吧"),  # detected, not corrected
    ("天气很好", "天气很好", "天汽很好"),  # a false alarm
    ("我门走吧", "我们走吧", "我门走吧"),  # missed
    ("今天下雨", "今天下雨", "今天下雨"),
]


def test_scores() -> None:
    tally = count(LINES)
    scores = tally.scores()
    assert next(iter(scores)) == "sentence_correction_f1"
    assert (scores["sentence_correction_precision"], scores["sentence_correction_recall"]) == (1 / 3, 1 / 3)
    assert (scores["sentence_detection_precision"], scores["sentence_detection_recall"]) == (2 / 3, 2 / 3)
    assert scores["false_alarm"] == 0.5
    assert set(count([]).scores().values()) == {0.0}


def test_errors_say_what_was_wanted() -> None:
    kinds = Kinds()
    count(LINES, kinds=kinds)
    assert [(error.gold, error.pred, error.line) for error in kinds.most_common(9)] == [
        ("背→北", "贝", 2),
        ("气", "汽", 3),
        ("门→们", "门", 4),
    ]
    count([("ab", "xy", "ab")] * 3, kinds=kinds)
    assert [(error.gold, error.pred, error.count) for error in kinds.most_common(1)] == [("ab→xy", "ab", 3)]


def test_neighbouring_errors_are_one_of_their_kind_others_are_not() -> None:
    kinds = Kinds()
    count([("abcde", "ABcDe", "abcde")], kinds=kinds)
    assert [(error.gold, error.before, error.after) for error in kinds.most_common(9)] == [
        ("ab→AB", "", "cDe"),
        ("d→D", "ABc", "e"),
    ]


def test_by_type_of_error() -> None:
    types = ErrorTypes()
    count(LINES, types=types)
    assert types.table().rows == (("same sound", 2, 0.5, 0.0), ("other", 1, 1.0, 1.0))
    assert ErrorTypes().table().rows == ()


def test_what_looks_alike_is_a_type_of_its_own_but_sound_goes_first() -> None:
    types = ErrorTypes(lambda one, other: {one, other} in ({"己", "已"}, {"门", "们"}))
    count([("己经", "已经", "已经"), ("我门", "我们", "我门"), ("人", "中", "人")], types=types)
    assert types.table().rows == (("same sound", 1, 0.0, 0.0), ("similar shape", 1, 1.0, 1.0), ("other", 1, 0.0, 0.0))


@pytest.mark.parametrize("line", [("天安门", "天安", "天安门"), ("天安门", "天安门", "天门")])
def test_only_equal_lengths_can_be_scored(line: Triple) -> None:
    with pytest.raises(ValueError, match="zip"):
        count([line])
