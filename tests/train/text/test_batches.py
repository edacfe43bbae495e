"""Rows of packed text: all of it in each epoch, as often as its weight says, in an order that can be repeated."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import torch
from toy_verse import write_verses

from cnchar.nn.heads import UNLABELLED
from cnchar.tasks.packed_lines import BEGIN, END, Alphabet
from cnchar.text.vocab import Vocab
from cnchar.train.text.batches import TextBatches
from cnchar.train.text.objectives import Foresee, Hide, Objective
from cnchar.train.text.shards import TextShards, prepare_text

LENGTH = 16


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> TextShards:
    folder = tmp_path_factory.mktemp("text")
    (folder / "b.txt").write_text("甲乙丙丁\n" * 40, encoding="utf-8")
    paths = [str(write_verses(folder / "a.txt", 60)), str(folder / "b.txt")]
    characters = sorted(
        set("".join((folder / name).read_text(encoding="utf-8") for name in ("a.txt", "b.txt"))) - {"\n"}
    )
    words = lambda lines: np.array([True for line in lines for _ in f"\n{line}"])  # noqa: E731
    return prepare_text(paths, Alphabet(Vocab(characters)), folder / "data", marks={"words": words})


FORESEE = Foresee()


def batches(text: TextShards, *weights: float, objective: Objective = FORESEE) -> TextBatches:
    return TextBatches(text, weights or (1.0, 1.0), LENGTH, 5 * LENGTH, 3, objective)


def pairs(batch: dict[str, torch.Tensor]) -> Counter[tuple[int, int]]:
    """Symbols and what is foreseen of each."""
    known = batch["targets"] != UNLABELLED
    return Counter(zip(batch["chars"][known].tolist(), batch["targets"][known].tolist(), strict=True))


def test_an_epoch_has_every_symbol_and_what_follows_it_once(text: TextShards) -> None:
    expected: Counter[tuple[int, int]] = Counter()
    for shard in text.shards:
        symbols = text.symbols(shard).tolist()
        after = [END if symbol == BEGIN else symbol for symbol in [*symbols[1:], BEGIN]]
        expected += Counter(zip(symbols, after, strict=True))
    for number in range(4):
        found = sum(map(pairs, batches(text).epoch(number)), Counter())
        assert found == expected
    total = sum(batches(text).characters(batch) for batch in batches(text).epoch(0))
    assert total == batches(text).characters_per_epoch == sum(shard.symbols for shard in text.shards)


def test_rows_are_full_but_for_the_ends_of_sources(text: TextShards) -> None:
    rows = torch.cat([batch["chars"] for batch in batches(text).epoch(0)])
    assert rows.shape[1] == LENGTH
    assert int(((rows > 0).sum(1) < LENGTH).sum()) <= 4
    assert all((batch["texts"] == (batch["chars"] == BEGIN).cumsum(1)).all() for batch in batches(text).epoch(0))


def test_every_epoch_has_another_order_and_the_same_one_again(text: TextShards) -> None:
    first, again, second = (list(batches(text).epoch(number)) for number in (0, 0, 1))
    assert all(torch.equal(a["chars"], b["chars"]) for a, b in zip(first, again, strict=True))
    assert any(not torch.equal(a["chars"], b["chars"]) for a, b in zip(first, second, strict=False))


@pytest.mark.parametrize("objective", [FORESEE, Hide(0.15, 60)])
def test_a_part_of_an_epoch_is_what_the_whole_one_has_there(text: TextShards, objective: Objective) -> None:
    whole = list(batches(text, objective=objective).epoch(2))
    for start, step in ((0, 2), (1, 2), (3, 1)):
        part = list(batches(text, objective=objective).epoch(2, start, step))
        assert len(part) == len(whole[start::step])
        for one, other in zip(part, whole[start::step], strict=True):
            assert all(torch.equal(one[name], other[name]) for name in one)


def test_weights_say_how_often_a_source_comes(text: TextShards) -> None:
    mine = text.alphabet.vocab.encode("甲")[0]

    def seen(weight: float, epochs: int = 1) -> int:
        chosen = batches(text, 1.0, weight)
        return sum(int((b["chars"] == mine).sum()) for n in range(epochs) for b in chosen.epoch(n))

    once = seen(1.0)
    assert seen(3.0) == 3 * once
    assert 0.8 * 10 * once < 2 * seen(0.5, 10) < 1.2 * 10 * once
    weighted = batches(text, 1.0, 2.5).characters_per_epoch
    assert weighted == round(text.shards[0].symbols + 2.5 * text.shards[1].symbols)


def test_the_masked_objective_reads_the_same_rows(text: TextShards) -> None:
    objective = Hide(0.25, 60)
    for plain, masked in zip(batches(text).epoch(1), batches(text, objective=objective).epoch(1), strict=True):
        asked = masked["targets"] != UNLABELLED
        assert torch.equal(torch.where(asked, masked["targets"], masked["chars"]), plain["chars"])
        assert asked.sum() == (0.25 * (plain["chars"] > 0).sum(1)).round().sum()
