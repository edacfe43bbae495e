from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.corpus.noise import Mixture, make_noise
from cnchar.nn.heads import UNLABELLED
from cnchar.tasks.packed_lines import BEGIN, FIRST_CHARACTER, MASK, PADDING, UNKNOWN
from cnchar.train.text.objectives import Denoise, Foresee, Hide, Mixed, TextRows

SYMBOLS = 400


def rows(seed: int, size: int = 20, length: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Rows of packed lines, some padded, and where words begin."""
    chance = np.random.default_rng(seed)
    symbols = chance.integers(FIRST_CHARACTER, SYMBOLS, (size, length))
    symbols[chance.random(symbols.shape) < 0.05] = BEGIN
    symbols[chance.random(symbols.shape) < 0.02] = UNKNOWN
    symbols[0, length // 2 :] = PADDING
    starts = (chance.random(symbols.shape) < 0.6) | (symbols == BEGIN)
    return symbols, starts


def given_rows(symbols: np.ndarray, starts: np.ndarray | None = None) -> TextRows:
    return TextRows(symbols, symbols, {} if starts is None else {"words": starts})


def test_foreseeing_asks_for_what_follows_and_never_for_padding() -> None:
    symbols = np.array([[BEGIN, 7, BEGIN, 9, PADDING]])
    targets = np.array([[7, 4, 9, 8, PADDING]])
    batch = Foresee()(TextRows(symbols, targets), np.random.default_rng(1))
    assert batch["targets"].tolist() == [[7, 4, 9, 8, UNLABELLED]]
    assert batch["chars"].tolist() == symbols.tolist()
    assert batch["texts"].tolist() == [[1, 1, 2, 2, 2]]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.booleans(), st.sampled_from([0.05, 0.15, 0.5]))
def test_as_many_are_hidden_as_the_share_says(seed: int, whole: bool, share: float) -> None:
    symbols, starts = rows(seed)
    batch = Hide(share, SYMBOLS)(given_rows(symbols, starts if whole else None), np.random.default_rng(seed))
    hidden = (batch["targets"] != UNLABELLED).numpy()
    expected = np.rint(share * (symbols != PADDING).sum(1))
    assert hidden.sum(1).tolist() == expected.tolist()
    assert (symbols[hidden] >= FIRST_CHARACTER).all()
    assert (batch["targets"].numpy()[hidden] == symbols[hidden]).all()
    assert (batch["chars"].numpy()[~hidden] == symbols[~hidden]).all()


def test_most_of_the_hidden_are_masked_some_changed_some_shown() -> None:
    symbols, _ = rows(1, 300, 100)
    batch = Hide(0.15, SYMBOLS)(given_rows(symbols), np.random.default_rng(1))
    hidden = (batch["targets"] != UNLABELLED).numpy()
    shown = batch["chars"].numpy()[hidden]
    masked, same = (shown == MASK).mean(), (shown == symbols[hidden]).mean()
    assert abs(masked - 0.8) < 0.02 and abs(same - 0.1) < 0.02
    assert shown[shown != MASK].min() >= FIRST_CHARACTER and shown.max() < SYMBOLS


def test_words_are_hidden_whole() -> None:
    symbols, starts = rows(2)
    batch = Hide(0.15, SYMBOLS)(given_rows(symbols, starts), np.random.default_rng(2))
    hidden = (batch["targets"] != UNLABELLED).numpy()
    words = np.cumsum(starts, axis=1)
    cut = 0
    for row in range(1, len(symbols)):
        for word in range(1, words[row].max() + 1):
            inside = (words[row] == word) & (symbols[row] >= FIRST_CHARACTER)
            cut += 0 < hidden[row, inside].sum() < inside.sum()
    assert cut <= len(symbols)  # the last one of a row at most, to keep the share


def test_chance_is_all_there_is() -> None:
    symbols, starts = rows(3)
    one, same, other = (
        Hide(0.15, SYMBOLS)(given_rows(symbols, starts), np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert not torch.equal(one["targets"], other["targets"])


HANZI = "我们今天非常高兴因为明天要去北京在公园里看见他的背景和公元的历史力士事实时事实施"
KNOWN = ("[PAD]", "[UNK]", "[MASK]", "[BOS]", "[EOS]", *dict.fromkeys(HANZI))


def lines(seed: int) -> np.ndarray:
    chance = np.random.default_rng(seed)
    symbols = chance.integers(FIRST_CHARACTER, len(KNOWN), (12, 50))
    symbols[chance.random(symbols.shape) < 0.08] = BEGIN
    symbols[:, 0] = BEGIN
    symbols[0, 30:] = PADDING
    return symbols


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.25, 0.5]))
def test_every_made_error_is_asked_for_and_some_of_what_is_right(seed: int, share: float) -> None:
    symbols = lines(seed)
    denoise = Denoise(make_noise(KNOWN, mixture=Mixture(clean=0.2, rate=0.1)), share, np.arange(len(KNOWN)) * 2)
    batch = {name: values.numpy() for name, values in denoise(given_rows(symbols), np.random.default_rng(seed)).items()}
    wrong, asked = batch["chars"] != symbols, batch["targets"] != UNLABELLED
    assert (asked >= wrong).all() and wrong.any()
    assert (batch["targets"][asked] == symbols[asked]).all() and (symbols[asked] >= FIRST_CHARACTER).all()
    assert (batch["flags"][..., 0] == batch["chars"] * 2).all()
    assert asked.sum() == round(share * (symbols != PADDING).sum())


def test_lines_with_errors_of_their_own_keep_them_or_are_shown_right() -> None:
    symbols = lines(1)
    typed = symbols.copy()
    places = (symbols >= FIRST_CHARACTER) & (np.random.default_rng(1).random(symbols.shape) < 0.05)
    typed[places] = FIRST_CHARACTER + 1
    quiet = Denoise(make_noise(KNOWN, mixture=Mixture(clean=1.0)))
    texts = np.cumsum(symbols == BEGIN, axis=1)
    kinds = set()
    for seed in range(20):
        shown = quiet(TextRows(symbols, symbols, {"typed": typed}), np.random.default_rng(seed))["chars"].numpy()
        for row in range(len(symbols)):
            for text in range(1, texts[row].max() + 1):
                line = (texts[row] == text) & (symbols[row] != PADDING)
                if not (typed[row, line] == symbols[row, line]).all():
                    as_typed = (shown[row, line] == typed[row, line]).all()
                    assert as_typed or (shown[row, line] == symbols[row, line]).all()
                    kinds.add(as_typed)
    assert kinds == {True, False}


def test_a_quarter_of_the_lines_with_errors_has_others_instead_so_that_none_is_learned_by_heart() -> None:
    symbols = np.full((1, 4001), FIRST_CHARACTER)  # lines of four characters, the first of which was mistyped
    symbols[0, ::5] = BEGIN
    typed = symbols.copy()
    typed[0, 1::5] = FIRST_CHARACTER + 1
    noisy = Denoise(make_noise(KNOWN, mixture=Mixture(clean=0.0, rate=0.5)))
    shown = noisy(TextRows(symbols, symbols, {"typed": typed}), np.random.default_rng(1))["chars"].numpy()
    kept = (shown == typed)[0, 1::5]
    wrong = (shown != symbols)[0, :-1].reshape(-1, 5)[:, 2:].any(1)
    assert 0.5 < kept.mean() < 0.8  # 0.45 as they were, 0.15 with more
    assert (wrong & kept).any() and (wrong & ~kept).any() and (~wrong & kept).mean() > 0.4


def test_sources_that_do_not_say_how_they_were_typed_are_noised() -> None:
    symbols = lines(2)
    typed = np.where(np.arange(12)[:, None] < 6, symbols, 0)
    noisy = Denoise(make_noise(KNOWN, mixture=Mixture(clean=0.0, rate=0.2)))
    shown = noisy(TextRows(symbols, symbols, {"typed": typed}), np.random.default_rng(1))["chars"].numpy()
    assert ((shown == PADDING) == (symbols == PADDING)).all()
    for rows in (slice(0, 6), slice(6, 12)):
        assert 0.05 < (shown[rows] != symbols[rows]).mean() < 0.35


@pytest.mark.parametrize("words", [False, True])
def test_as_many_hanzi_are_hidden_as_was_said_and_all_are_asked_for(words: bool) -> None:
    symbols, hidden, rows_with = lines(2), [], []
    starts = {"words": np.arange(symbols.shape[1])[None].repeat(len(symbols), 0) % 2 == 0} if words else {}
    noise = make_noise(KNOWN, mixture=Mixture(clean=1.0))
    denoise = Denoise(noise, share=0.5, hidden=0.1)
    for seed in range(200):
        batch = denoise(TextRows(symbols, symbols, starts), np.random.default_rng(seed))
        masked = batch["chars"].numpy() == MASK
        assert (noise.hanzi[symbols] >= masked).all()
        assert (batch["targets"].numpy()[masked] == symbols[masked]).all()
        hidden.append(masked.sum() / noise.hanzi[symbols].sum())
        rows_with.append(masked.any(1).mean())
    assert 0.09 < np.mean(hidden) < 0.11 and 0.4 < np.mean(rows_with) < 0.65


def test_several_objectives_come_as_often_as_their_weights_say() -> None:
    mixed = Mixed((Hide(0.3, len(KNOWN), ("words",)), Foresee(), Denoise(make_noise(KNOWN))), (1.0, 3.0, 0.001))
    assert mixed.marks == ("words", "typed")
    symbols, count = lines(3), 0
    for seed in range(300):
        chars = mixed(given_rows(symbols), np.random.default_rng(seed))["chars"].numpy()
        count += (chars == MASK).any()
    assert 55 < count < 95
