"""From paths to texts: what is kept, spans, the best of several."""

from __future__ import annotations

import numpy as np

from cnchar.decode.pinyin_lattice import Path
from cnchar.tasks.pinyin2hanzi import answer
from cnchar.tasks.pinyin_line import read_line


def path(score: float, text: str) -> Path:
    """A path through the first edges of a line."""
    return Path(score, tuple(range(len(text))), tuple(text), tuple(range(len(text))))


def test_kept_text_stays_with_its_blanks() -> None:
    line = read_line("wo de  iPhone, ni 的 wo")
    found = [([Path(-1.0, tuple(range(len(line.starts))), ("我", "的", "", "", "", "", "我"), (0,) * 7)], np.arange(7))]
    whole = answer(line, found)
    assert line.text[slice(*line.pinyin[0])] == "wo de"
    assert whole.hanzi.startswith("我的  iPhone, ")
    assert whole.candidates[0].spans[0] == (0, 2)


def test_nothing_to_convert() -> None:
    for text in ("", " ", "北京 iPhone", "\u2028"):
        whole = answer(read_line(text), [])
        assert (whole.hanzi, whole.candidates[0].spans, whole.candidates[0].score) == (text, (), 0.0)


def test_the_best_of_several_parts() -> None:
    line = read_line("ni wo")
    parts = [
        ([path(-1.0, "你"), path(-3.0, "泥"), path(-9.0, "尼")], np.array([0])),
        ([path(-1.0, "我"), path(-2.0, "握")], np.array([1])),
    ]
    whole = answer(line, parts, nbest=4)
    assert [(c.text, c.score) for c in whole.candidates] == [("你我", -2), ("你握", -3), ("泥我", -4), ("泥握", -5)]
    assert len(answer(line, parts, nbest=99).candidates) == 6


def test_no_two_candidates_alike() -> None:
    line = read_line("ni")
    twice = [([path(-1.0, "你"), path(-2.0, "你"), path(-3.0, "泥")], np.array([0]))]
    assert [(c.text, c.score) for c in answer(line, twice, nbest=3).candidates] == [("你", -1), ("泥", -3)]


def test_chinese_marks() -> None:
    line = read_line("ni ni, B ni ni")
    found = [([Path(0.0, (0, 1, 2, 3, 4, 5), ("你", "你", "", "", "你", "你"), (0,) * 6)], np.arange(6))]
    assert answer(line, found).hanzi == "你你, B 你你"
    assert answer(line, found, punct="zh").hanzi == "你你，B你你"
