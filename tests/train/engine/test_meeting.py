from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

pytest.importorskip("torch")

from torch.distributed import HashStore, Store

from cnchar.train.engine.meeting import corner_of

SIZE = 4


def start(store: Store) -> list[Store]:
    """What all processes of one start get; each is a thread here, the main one comes last."""
    with ThreadPoolExecutor(SIZE) as threads:
        return list(threads.map(lambda rank: corner_of(store, rank, SIZE), reversed(range(SIZE))))


def test_what_was_written_before_a_restart_is_out_of_sight() -> None:
    store = HashStore()
    store.set_timeout(timedelta(seconds=20))
    for life in ("first", "second", "third"):
        corners = start(store)
        assert not any(corner.check(["address"]) for corner in corners)
        corners[0].set("address", life)
        assert {corner.get("address").decode() for corner in corners} == {life}
