from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.text.cleaning.duplicates import ExactDuplicates, NearDuplicates, shingles


@given(st.lists(st.lists(st.text("ab\ud800", max_size=3), max_size=12), max_size=12))
@settings(deadline=None)
def test_exact_keeps_first_occurrences(batches: list[list[str]]) -> None:
    memory = ExactDuplicates()
    seen: set[str] = set()
    for batch in batches:
        expected = [not (line in seen or seen.add(line)) for line in batch]  # type: ignore[func-returns-value]
        assert memory.keep(batch) == expected


def test_exact_needs_8_bytes_a_line() -> None:
    memory = ExactDuplicates()
    lines, batch = 400_000, 2_000
    memory.keep(["before numpy is imported"])
    tracemalloc.start()
    for start in range(0, lines, batch):
        assert all(memory.keep([f"第{number}行" for number in range(start, start + batch)]))
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 8.5 * lines
    assert peak < 20 * lines
    assert not any(memory.keep([f"第{number}行" for number in range(0, lines, 7)]))


def test_near_drops_what_is_much_alike() -> None:
    pytest.importorskip("datasketch")
    memory = NearDuplicates(threshold=0.7)
    first = "他在北京大学读书的时候认识了她，后来两个人一起去了上海工作。"
    lines = [first, first.replace("。", "！"), "今天天气很好，我们去公园散步吧。", f"  {first} ", "今天", "今天"]
    assert memory.keep(lines) == [True, False, True, False, True, False]


def test_near_forgets_the_oldest() -> None:
    pytest.importorskip("datasketch")
    memory = NearDuplicates(max=2)
    assert memory.keep(["甲乙丙丁", "子丑寅卯", "甲乙丙丁"]) == [True, True, False]
    assert memory.keep(["天地玄黄", "子丑寅卯", "甲乙丙丁", "天地玄黄"]) == [True, False, True, False]
    assert memory.keep(["子丑寅卯"]) == [True]


def test_shingles() -> None:
    assert {run.decode() for run in shingles("甲乙 丙丁")} == {"甲乙丙", "乙丙丁"}
    assert [run.decode() for run in shingles("甲")] == ["甲"]
    assert shingles("") == [b""]
