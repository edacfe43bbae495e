from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.text.counts import CharacterCounts, Limits, choose, count_block

TEXTS = st.lists(st.text(st.characters() | st.sampled_from("甲乙丙\n ")), max_size=5)


def counted(*texts: str) -> CharacterCounts:
    counts = CharacterCounts()
    for text in texts:
        counts.add(count_block(text))
    return counts


@given(TEXTS)
@settings(max_examples=40, deadline=None)
def test_counts_equal_a_counter(texts: list[str]) -> None:
    expected = Counter("".join(texts).replace("\n", ""))
    counts = counted(*texts)
    codes, numbers = counts.ranked()
    assert list(zip(map(chr, codes.tolist()), numbers.tolist(), strict=True)) == sorted(
        expected.items(), key=lambda pair: (-pair[1], pair[0])
    )
    assert counts.total == expected.total()


@pytest.mark.parametrize(
    ("limits", "kept"),
    [
        (Limits(), "甲乙丁丙戊"),
        (Limits(min_count=2), "甲乙"),
        (Limits(max_size=7), "甲乙"),
        (Limits(max_size=5), ""),
        (Limits(coverage=0.4), "甲"),
        (Limits(coverage=0.7), "甲乙"),
        (Limits(coverage=0.71), "甲乙丁"),
        (Limits(coverage=0.9), "甲乙丁丙"),
        (Limits(coverage=1), "甲乙丁丙戊"),
        (Limits(min_count=2, max_size=7, coverage=0.9), "甲乙"),
        (Limits(max_size=3, specials=("[UNK]",)), "甲乙"),
    ],
)
def test_limits(limits: Limits, kept: str) -> None:
    vocab, report = choose(counted("丁甲丙甲甲", "乙\n乙甲戊乙"), limits)
    assert "".join(vocab.characters) == kept
    assert report.kept == len(kept)


def test_the_report_says_what_is_covered() -> None:
    vocab, report = choose(counted("甲甲甲甲乙乙乙丙丙丁"), Limits(min_count=2, max_size=7))
    assert (report.characters, report.distinct, report.kept, report.size, report.covered) == (10, 4, 2, 7, 7)
    assert report.coverage == 0.7
    assert report.dropped == (("丙", 2), ("丁", 1))
    assert len(vocab) == 7
    assert report.as_json()["dropped"][0] == {"character": "丙", "code_point": "U+4E19", "count": 2}
    assert "70.0000%" in report.summary()


def test_no_text_is_covered_whole() -> None:
    vocab, report = choose(CharacterCounts(), Limits(coverage=0.9))
    assert (len(vocab), report.coverage) == (5, 1.0)


@pytest.mark.parametrize(
    "limits", [{"min_count": 0}, {"max_size": 4}, {"coverage": 0}, {"coverage": 1.1}, {"specials": ("[PAD]",)}]
)
def test_limits_that_cannot_be(limits: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"min_count|max_size|coverage|special"):
        Limits(**limits)  # type: ignore[arg-type]
