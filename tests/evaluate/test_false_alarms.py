"""What is changed in text without errors, and scores at several thresholds."""

from __future__ import annotations

import pytest

from cnchar.evaluate.aligned import Line
from cnchar.evaluate.false_alarms import CleanText, Thresholds, clean_scores, clean_table


def texts() -> list[CleanText]:
    news, blog = CleanText("news", (0.5, 0.9)), CleanText("blog", (0.5, 0.9))
    news.add("天气很好", [0.6, 0.95])
    news.add("今天", [])
    blog.add("人很多很", [0.7])
    return [news, blog]


def test_shares_of_lines_and_characters() -> None:
    assert clean_scores(texts()) == {"clean_changed": pytest.approx(2 / 3), "clean_edits_per_10k": 3000}
    assert clean_scores(texts(), 1) == {"clean_changed": pytest.approx(1 / 3), "clean_edits_per_10k": 1000}
    assert clean_scores([]) == {"clean_changed": 0, "clean_edits_per_10k": 0}


def test_a_row_a_text() -> None:
    assert clean_table(texts()).rows == (("news", 2, 6, 0.5, pytest.approx(2 / 6 * 10_000)), ("blog", 1, 4, 1.0, 2500))


def test_a_row_a_threshold() -> None:
    thresholds = Thresholds((0.9, 0.5))
    line = {"number": 1, "gold": "天气", "source": "天汽"}
    missed, mended = Line(pred="天汽", **line), Line(pred="天气", **line)  # type: ignore[arg-type]
    assert list(thresholds.watch([(missed, mended)])) == [missed]
    table = thresholds.table([])
    assert table.columns == ("threshold", *(f"sentence_correction_{name}" for name in ("f1", "precision", "recall")))
    assert table.rows == (("0.5", 1.0, 1.0, 1.0), ("0.9", 0.0, 0.0, 0.0))
    assert thresholds.table(texts()[::-1]).rows[1][-2:] == (pytest.approx(2 / 3), 3000)
