"""Choosing edits: from candidates, thresholds and a user's own pairs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnchar.errors import BadInput
from cnchar.tasks.correct import Candidate
from cnchar.tasks.edits import Correction, Edit, OwnPairs, Wish, choose, read_own_pairs

TEXT = "我很高心去背京"
CANDIDATES = [
    Candidate(3, "兴", 0.7, False, False),
    Candidate(3, "新", 0.2, True, False),
    Candidate(5, "北", 0.9, True, True),
]


def chosen(wish: Wish, own: OwnPairs | None = None, free: bytes = b"\1" * len(TEXT)) -> list[tuple[int, str, float]]:
    """Place, target and score of each edit."""
    found = choose(TEXT, CANDIDATES, free, 0.5, wish, own)
    assert all(found.source[edit.start : edit.end] == edit.source for edit in found.edits)
    return [(edit.start, edit.target, edit.score) for edit in found.edits]


@pytest.mark.parametrize(
    ("wish", "edits"),
    [
        (Wish(), [(3, "兴", 0.7), (5, "北", 0.9)]),
        (Wish(min_confidence=0.8), [(5, "北", 0.9)]),
        (Wish(min_confidence=0.95), []),
        (Wish(max_edits=1), [(5, "北", 0.9)]),
        (Wish(same_sound=True), [(5, "北", 0.9)]),
        (Wish(same_sound=True, min_confidence=0.1), [(3, "新", 0.2), (5, "北", 0.9)]),
        (Wish(detect=True, min_confidence=0.8), [(3, "心", pytest.approx(0.9)), (5, "背", 0.9)]),
    ],
)
def test_wishes(wish: Wish, edits: list[tuple[int, str, float]]) -> None:
    assert chosen(wish) == edits


def test_what_is_told_of_an_edit() -> None:
    first, second = choose(TEXT, CANDIDATES, b"\1" * len(TEXT), 0.5, Wish()).edits
    assert first.as_dict() == {
        "start": 3, "end": 4, "source": "心", "target": "兴", "score": 0.7,
        "alternatives": [{"target": "新", "score": 0.2}],
    }  # fmt: skip
    assert (first.kind, second.kind) == ("other", "sound")
    (alone,) = choose(TEXT, CANDIDATES[:2], b"\1" * len(TEXT), 0.5, Wish(nbest=1)).edits
    assert alone.alternatives == ()


def test_only_the_place_is_told() -> None:
    (edit,) = choose(TEXT, CANDIDATES[2:], b"\1" * len(TEXT), 0.5, Wish(detect=True)).edits
    assert edit.as_dict() == {"start": 5, "end": 6, "source": "背", "score": 0.9}


def test_own_pairs_go_first() -> None:
    own = OwnPairs({"高心": ("高幸", 0.6), "很高": ("恨高", 1.0), "背": ("杯", 0.3)})
    assert chosen(Wish(), own) == [(1, "恨", 1.0), (3, "兴", 0.7)]
    assert chosen(Wish(min_confidence=0.2), own) == [(1, "恨", 1.0), (3, "兴", 0.7), (5, "杯", 0.3)]
    assert chosen(Wish(), OwnPairs({"高心": ("高幸", 0.6)}), b"\1\1\1\0\1\1\1") == [(3, "兴", 0.7), (5, "北", 0.9)]
    assert chosen(Wish(), OwnPairs({"高心": ("高幸", 0.6)}), b"\1\1\0\1\1\1\1") == [(3, "幸", 0.6), (5, "北", 0.9)]


def test_pairs_of_a_file() -> None:
    own = read_own_pairs(["# ours", "", "因该\t应该", "布署\t部署\t0.9"], "pairs.tsv")
    assert own.pairs == {"因该": ("应该", 1.0), "布署": ("部署", 0.9)}


@pytest.mark.parametrize(
    "line", ["因该", "因该\t", "因该\t应\t1", "甲\t甲", "甲\t乙\t2", "甲\t乙\tx", "甲\t乙\t1\t2", "甲 乙"]
)
def test_pairs_that_are_none(line: str) -> None:
    with pytest.raises(BadInput, match=r"pairs\.tsv, line 2"):
        read_own_pairs(["# ours", line], "pairs.tsv")


@pytest.mark.parametrize(
    "wish", [{"min_confidence": 1.1}, {"min_confidence": float("nan")}, {"nbest": 0}, {"max_edits": -1}]
)
def test_wishes_that_nobody_can_have(wish: dict[str, float]) -> None:
    with pytest.raises(BadInput, match="--"):
        Wish(**wish)  # type: ignore[arg-type]


@given(data=st.data(), text=st.text("甲乙丙a", max_size=12))
def test_length_is_kept_and_nothing_else_changes(data: st.DataObject, text: str) -> None:
    places = data.draw(st.lists(st.integers(0, max(0, len(text) - 1)), unique=True, max_size=len(text)).map(sorted))
    edits = tuple(Edit(place, place + 1, text[place], "丁", 0.5) for place in places)
    found = Correction(text, edits)
    assert len(found.text) == len(text)
    assert [at for at, (a, b) in enumerate(zip(text, found.text, strict=True)) if a != b] == places
    assert found.above(0.6).text == text
    assert "".join(found.pieces(lambda edit: edit.source)) == text
