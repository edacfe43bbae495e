from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.evaluate.report import Table
from cnchar.evaluate.tally import Metric, Numbers, Tally, f_score, length_groups, share


def scores(counts: Mapping[str, Numbers]) -> dict[str, Numbers]:
    return {"accuracy": share(counts["right"], counts["all"]), "mean": share(counts["all"], counts["sentences"])}


METRIC = Metric("acc", "char", ("right", "all"), scores)
ROWS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.sampled_from(["news", "微博"])), max_size=30)


@given(ROWS, st.integers(1, 7))
@settings(deadline=None, max_examples=100)
def test_what_is_added_in_pieces_is_what_is_added_at_once(rows: list[tuple[int, int, str]], piece: int) -> None:
    pieces, whole = Tally(METRIC, keep=True), Tally(METRIC, keep=True)
    for tally, size in ((pieces, piece), (whole, len(rows) + 1)):
        for start in range(0, len(rows), size):
            part = rows[start : start + size]
            tally.add(np.array([row[:2] for row in part]), {"slice:domain": [row[2] for row in part]})
    assert pieces.totals() == whole.totals() == sums(rows)
    assert pieces.tables() == whole.tables()
    assert pieces.kept().tolist() == whole.kept().tolist() == [[1, right, count] for right, count, _ in rows]


def sums(rows: list[tuple[int, int, str]]) -> dict[str, int]:
    return {"sentences": len(rows), "right": sum(row[0] for row in rows), "all": sum(row[1] for row in rows)}


def test_scores_and_tables() -> None:
    tally = Tally(METRIC)
    tally.add(np.array([[1, 2], [0, 2]]), {"slice:domain": ["news", "微博"], "by_length": ["101+", "21-50"]})
    tally.add(np.array([[3, 4]]), {"slice:domain": ["微博"], "by_length": ["0-10"]})
    assert tally.scores() == {"accuracy": 0.5, "mean": 8 / 3}
    assert tally.tables() == (
        Table(
            "slice:domain",
            ("domain", "sentences", "accuracy", "mean"),
            (("微博", 2, 0.5, 3.0), ("news", 1, 0.5, 2.0)),
        ),
        Table(
            "by_length",
            ("length", "sentences", "accuracy", "mean"),
            (("0-10", 1, 0.75, 4.0), ("21-50", 1, 0.0, 2.0), ("101+", 1, 0.5, 2.0)),
        ),
    )


def test_nothing_was_kept_unless_asked_for() -> None:
    tally = Tally(METRIC)
    tally.add(np.array([[1, 2]]))
    assert tally.sentences == 1
    assert tally.kept().shape == (0, 3)


def test_nothing_at_all() -> None:
    assert Tally(METRIC).totals() == {"sentences": 0, "right": 0, "all": 0}
    assert Tally(METRIC).scores() == {"accuracy": 0.0, "mean": 0.0}
    assert Tally(METRIC).tables() == ()


def test_counts_that_are_not_whole_stay_so() -> None:
    tally = Tally(METRIC)
    tally.add(np.array([[0.25, 2.0], [0.5, 1.0]]))
    assert repr(tally.totals()) == "{'sentences': 2, 'right': 0.75, 'all': 3}"


def test_shares_work_on_numbers_and_arrays() -> None:
    assert float(share(np.array(1.0), np.array(0.0))) == 0.0
    assert share(np.array([1.0, 3.0]), np.array([4.0, 0.0])).tolist() == [0.25, 0.0]
    assert float(f_score(np.array(0.0), np.array(0.0))) == 0.0
    assert float(f_score(np.array(0.5), np.array(1.0))) == pytest.approx(2 / 3)
    assert float(f_score(np.array(0.5), np.array(1.0), beta=0.5)) == pytest.approx(5 / 9)


def test_length_groups() -> None:
    assert length_groups(np.array([0, 10, 11, 20, 21, 50, 51, 100, 101, 10**6])) == [
        *("0-10", "0-10", "11-20", "11-20", "21-50"),
        *("21-50", "51-100", "51-100", "101+", "101+"),
    ]
