from __future__ import annotations

import pytest

from cnchar.errors import BadInput
from cnchar.evaluate.aligned import Line, around_difference, feed, pair_up
from cnchar.evaluate.pairs import Side
from cnchar.evaluate.tally import Metric, Tally

SIDES = Side("gold.tsv"), Side("out.txt")


def test_pairs() -> None:
    assert list(pair_up("ab", [1, 2])) == [("a", 1), ("b", 2)]
    assert list(pair_up("", "")) == []


@pytest.mark.parametrize(("gold", "pred"), [(5, 2), (0, 1), (3, 4), (4, 0)])
def test_another_number_of_lines_is_told_after_the_last_pair(gold: int, pred: int) -> None:
    seen = []
    with pytest.raises(BadInput, match=rf"gold.tsv has {gold} lines, out.txt has {pred}: give one line for each line"):
        seen.extend(pair_up(range(gold), range(pred), SIDES))
        pytest.fail("not reached")
    pairs = pair_up(range(gold), range(pred), SIDES)
    assert [next(pairs) for _ in range(min(gold, pred))] == [(i, i) for i in range(min(gold, pred))]


def test_feeds_batches_with_slices_and_lengths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnchar.evaluate.aligned._BATCH", 2)
    tally = Tally(Metric("m", "line", ("chars",), lambda counts: {"mean": counts["chars"] / counts["sentences"]}))
    lines = [Line(i, text, "", slices={"slice:kind": text[0]}) for i, text in enumerate(["aa", "a", "bbb" * 4])]
    feed(tally, lines, lambda line: (len(line.gold),), lambda line: len(line.gold))
    assert tally.totals() == {"sentences": 3, "chars": 15}
    by_kind, by_length = tally.tables()
    assert (by_kind.name, by_kind.rows) == ("slice:kind", (("a", 2, 1.5), ("b", 1, 12.0)))
    assert (by_length.name, by_length.rows) == ("by_length", (("0-10", 2, 1.5), ("11-20", 1, 12.0)))


def test_around_a_difference() -> None:
    assert around_difference("天安门", "天安们") == (2, "'天安门'", "'天安们'")
    assert around_difference("天安门", "天安") == (2, "'天安门'", "'天安'")
    long = "一" * 30
    assert around_difference(long + "甲" + long, long + "乙") == (
        30,
        f"'…{long[:20]}甲{long[:19]}…'",
        f"'…{long[:20]}乙'",
    )
