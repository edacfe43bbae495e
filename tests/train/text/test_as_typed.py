from __future__ import annotations

import numpy as np
import pytest
import torch
from nn.models import small

from cnchar.nn.heads import UNLABELLED
from cnchar.tasks.packed_lines import BEGIN, PADDING
from cnchar.train.text.as_typed import AsTyped
from cnchar.train.text.objectives import TextRows
from cnchar.train.text.sounds import SILENT

SYLLABLES = np.array([30, 30, 31, 32])  # the symbols of four units
PLAIN = AsTyped(SYLLABLES, alone=0.0, kept=0.0)


def rows(symbols: list[list[int]], units: list[list[int | None]]) -> TextRows:
    marks = np.array([[SILENT if unit is None else unit for unit in row] for row in units], np.uint16)
    return TextRows(np.array(symbols), np.zeros((len(symbols), len(symbols[0])), np.int64), {"units": marks})


ROWS = rows(
    [[BEGIN, 11, 12, 8, 13, BEGIN, 14, PADDING]],
    [[None, 0, 2, None, 3, None, 1, None]],
)


def show(objective: AsTyped, given: TextRows = ROWS, seed: int = 1) -> dict[str, list[list[int]]]:
    return {name: values.tolist() for name, values in objective(given, np.random.default_rng(seed)).items()}


def test_hanzi_are_shown_as_syllables_and_asked_for() -> None:
    batch = show(PLAIN)
    assert batch["chars"] == [[BEGIN, 30, 31, 8, 32, BEGIN, 30, PADDING]]
    assert batch["targets"] == [[UNLABELLED, 0, 2, UNLABELLED, 3, UNLABELLED, 1, UNLABELLED]]
    numbers = batch["texts"][0]
    assert numbers[1] == numbers[2] == numbers[3] == numbers[4]
    assert len({numbers[0], numbers[1], numbers[5], numbers[6]}) == 4  # a beginning is seen by neither side


def test_alone_each_run_of_hanzi_is_a_text() -> None:
    batch = show(AsTyped(SYLLABLES, alone=1.0, kept=0.0))
    assert batch["chars"] == [[BEGIN, 30, 31, BEGIN, 32, BEGIN, 30, PADDING]]
    assert batch["targets"] == show(PLAIN)["targets"]
    numbers = batch["texts"][0]
    assert numbers[1] == numbers[2]
    assert len({numbers[1], numbers[3], numbers[4], numbers[6]}) == 4


def test_what_is_kept_is_shown_and_not_asked_for() -> None:
    many = rows([[11, 12, 13, 14] * 16] * 50, [[0, 2, 3, 1] * 16] * 50)
    batch = AsTyped(SYLLABLES, alone=0.0, kept=1.0)(many, np.random.default_rng(1))
    kept = batch["targets"] == UNLABELLED
    assert 0.15 < kept.double().mean() < 0.35  # half of a half
    assert torch.equal(batch["chars"][kept], torch.from_numpy(many.symbols)[kept])
    assert (batch["chars"][~kept] >= 30).all()


def test_with_borders_there_is_nothing_but_symbols_to_tell_lines_apart() -> None:
    batch = show(AsTyped(SYLLABLES, borders=True, alone=1.0, kept=0.0))
    assert set(batch) == {"chars", "targets"}
    assert batch["chars"][0][:5] == [BEGIN, 30, 31, BEGIN, 32]


@pytest.mark.parametrize("backbone", ["cnn", "transformer"])
def test_a_network_sees_a_run_as_it_would_by_itself(backbone: str) -> None:
    model = small(backbone, labels=4, head="groups", groups=(2, 1, 1), bigrams=64, trigrams=64)
    batch = AsTyped(SYLLABLES, alone=1.0, kept=0.0)(ROWS, np.random.default_rng(1))
    packed = model(batch["chars"], texts=batch["texts"]).logits
    torch.testing.assert_close(packed[0, 1:3], model(torch.tensor([[30, 31]])).logits[0])
    torch.testing.assert_close(packed[0, 4:5], model(torch.tensor([[32]])).logits[0])
