from __future__ import annotations

import pytest

from cnchar.evaluate import kinds as module
from cnchar.evaluate.kinds import Kinds
from cnchar.evaluate.report import Error


def test_most_frequent_first_with_the_first_example() -> None:
    kinds = Kinds()
    text = "一二三四五六七八九十百千万亿"
    kinds.add("他", "她", 1)
    kinds.add("亿", "一", 7, text, 13, 14)
    kinds.add("亿", "一", 8, "亿", 0, 1)
    assert kinds.most_common(1) == (Error("亿", "一", 2, 7, "二三四五六七八九十百千万", ""),)
    assert [error.gold for error in kinds.most_common(5)] == ["亿", "他"]
    assert kinds.most_common(0) == ()


def test_memory_is_bounded_and_frequent_kinds_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_KINDS", 100)
    kinds = Kinds()
    for i in range(2000):
        kinds.add("的", "地", i)
        kinds.add(str(i), "", i)
    assert len(kinds._counts) == len(kinds._examples) <= 100
    assert kinds.most_common(1)[0] == Error("的", "地", 2000, 0, "", "")
