"""Items gathered from a stream."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from cnchar.text.batches import line_size, together


@given(st.lists(st.text(max_size=9)), st.integers(1, 20), st.integers(0, 4))
def test_nothing_is_lost_and_every_batch_but_the_last_is_full(items: list[str], most: int, count: int) -> None:
    batches = list(together(items, line_size, most, count))
    assert [item for batch in batches for item in batch] == items
    assert all(batches)
    for batch in batches[:-1]:
        assert sum(map(line_size, batch)) >= most or len(batch) == count
    for batch in batches:
        assert sum(map(line_size, batch[:-1])) < most


def test_nothing_is_read_beyond_what_is_handed_on() -> None:
    read = []

    def source() -> Iterator[str]:
        for item in ("ab", "c", "de"):
            read.append(item)
            yield item

    assert next(together(source(), len, 3)) == ["ab", "c"]
    assert read == ["ab", "c"]
