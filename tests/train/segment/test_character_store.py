"""Records in a file, and batches of pieces of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from full_disk import full
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.errors import CncharError
from cnchar.train.segment.character_store import Batch, CharacterStore, PieceBatches, StoreWriter, tensor

DTYPE = np.dtype([("symbol", "<u2"), ("place", "<i4")])
LENGTHS = st.lists(st.lists(st.integers(1, 30), min_size=1, max_size=30), min_size=1, max_size=4)


def write(path: Path, blocks: list[list[int]]) -> CharacterStore:
    """A store whose symbols count from 1 in each piece, with a record in no piece between pieces."""
    writer = StoreWriter(path, DTYPE)
    place = 0
    for lengths in blocks:
        ends = np.cumsum(np.array(lengths) + 1)
        records = np.zeros(ends[-1], DTYPE)
        starts = ends - lengths - 1
        for start, length in zip(starts.tolist(), lengths, strict=True):
            records["symbol"][start : start + length] = np.arange(1, length + 1)
        records["place"] = np.arange(place, place + len(records))
        place += len(records)
        writer.add(records, starts, np.array(lengths))
    return writer.close()


def collate(records: Any, mask: Any) -> Batch:
    return {"chars": tensor(records["symbol"], np.int64, mask), "places": tensor(records["place"], np.int64, mask, -1)}


def batches(store: CharacterStore, size: int = 40, seed: int = 1) -> PieceBatches:
    return PieceBatches(store, collate, size, seed)


def same(one: list[Batch], other: list[Batch]) -> bool:
    return len(one) == len(other) and all(
        a.keys() == b.keys() and all(torch.equal(a[k], b[k]) for k in a) for a, b in zip(one, other, strict=True)
    )


@given(blocks=LENGTHS, size=st.integers(1, 200), number=st.integers(0, 9))
@settings(deadline=None, max_examples=60)
def test_an_epoch_has_every_piece_once(
    tmp_path_factory: pytest.TempPathFactory, blocks: list[list[int]], size: int, number: int
) -> None:
    store = write(tmp_path_factory.mktemp("store") / "characters", blocks)
    data = batches(store, size)
    epoch = list(data.epoch(number))
    pieces: Counter[int] = Counter()
    for batch in epoch:
        for symbols, places in zip(batch["chars"], batch["places"], strict=True):
            length = int(torch.count_nonzero(symbols))
            assert symbols.tolist() == [*range(1, length + 1), *[0] * (len(symbols) - length)]
            assert places[:length].diff().eq(1).all() and places[length:].eq(-1).all()
            pieces[length] += 1
    assert pieces == Counter(length for lengths in blocks for length in lengths)
    assert data.characters_per_epoch == sum(map(data.characters, epoch))
    longest = max(map(max, blocks))
    assert all(data.characters(batch) <= 1.5 * size + longest for batch in epoch)


def test_order_depends_on_seed_and_epoch_alone(tmp_path: Path) -> None:
    store = write(tmp_path / "characters", [[3, 5, 8, 2] * 20, [7, 7, 1]])
    first = list(batches(store).epoch(0))
    assert same(first, list(batches(store).epoch(0)))
    assert not same(first, list(batches(store).epoch(1)))
    assert not same(first, list(batches(store, seed=2).epoch(0)))


@pytest.mark.parametrize(("start", "step"), [(0, 1), (3, 1), (1, 2), (0, 3), (99, 1)])
def test_an_epoch_in_part(tmp_path: Path, start: int, step: int) -> None:
    data = batches(write(tmp_path / "characters", [[3, 5, 8, 2] * 20]))
    assert same(list(data.epoch(4, start, step)), list(data.epoch(4))[start::step])


def test_little_padding(tmp_path: Path) -> None:
    lengths = np.random.default_rng(1).integers(1, 100, 2000).tolist()
    epoch = list(batches(write(tmp_path / "characters", [lengths]), 2000).epoch(0))
    assert sum(batch["chars"].numel() for batch in epoch) < 1.15 * sum(lengths)


class FullDisk:
    """A file on a disk that is full."""

    def write(self, data: bytes) -> None:
        full()

    def close(self) -> None:
        pass


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "open", lambda *_: FullDisk())
    writer = StoreWriter(tmp_path / "characters", DTYPE)
    with pytest.raises(CncharError, match=r"^No space left to write .*characters; .* 6 bytes a character"):
        writer.add(np.zeros(1, DTYPE), np.array([0]), np.array([1]))
