from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.evaluate.blocks import SegmentedBlock
from cnchar.evaluate.known import KnownWords

WORDS = st.text("中国a\x00\x01\U0010ffff", min_size=1, max_size=5)


@given(st.lists(WORDS), st.lists(st.lists(WORDS, min_size=1), min_size=1))
@settings(deadline=None, max_examples=300)
def test_mask_is_membership_of_each_word(known: list[str], lines: list[list[str]]) -> None:
    block = SegmentedBlock.of_lines([" ".join(words) for words in lines])
    expected = [word in known for words in lines for word in words]
    assert KnownWords(known).mask(block).tolist() == expected


def test_is_a_set_of_words() -> None:
    known = KnownWords(["中国", "中国", "人"])
    assert len(known) == 2
    assert "人" in known
    assert "民" not in known
