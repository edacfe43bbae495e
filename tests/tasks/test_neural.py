"""Windows, batches and scores of networks: nothing lost, nothing changed by what a text is batched or cut with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_bundle import write_toy

from cnchar.bundle import open_bundle
from cnchar.lookup.symbols import MAX_SYMBOLS, SymbolTable
from cnchar.lookup.tagger import LookupTagger
from cnchar.lookup.templates import unpad
from cnchar.tasks.neural import (
    DEEPEST,
    UNITS,
    Batch,
    Features,
    cut_windows,
    read_features,
    read_view,
    score,
    step_scores,
    to_scores,
)
from cnchar.tasks.segment import to_codes
from cnchar.tasks.tables import read_symbols, read_tables

SYMBOLS = SymbolTable(list("他来到了网易杭研大厦"), {"來": "来"})
LINE = "他来到了网易杭研大厦"
TEXTS = st.text("他来到了网易，、。！ \n", max_size=80)
REACH = 3  # of the stand-in for a network


def symbols_of(text: str) -> np.ndarray:
    return SYMBOLS.read(to_codes(text))[0].astype(np.uint16)


def network(batch: Batch) -> np.ndarray:
    """Scores a character by the symbols up to REACH away, its flags and its prior; checks what any network may ask."""
    chars = batch["chars"]
    assert chars.dtype == np.int64
    assert (chars[:, 0] > 0).all()
    assert (np.diff((chars > 0).astype(int), axis=1) <= 0).all()  # padding stands at the end only
    padded = np.pad(chars, ((0, 0), (REACH, REACH)))
    near = [padded[:, k : k + chars.shape[1]] * (k + 1) for k in range(2 * REACH + 1)]
    out = np.sin(np.sum(near, axis=0)[..., None] * np.arange(1, 5)).astype(np.float32)
    for name in ("flags", "prior"):
        if name in batch:
            assert (batch[name][chars == 0] == 0).all()
    if "flags" in batch:
        assert batch["flags"].dtype == np.int64
        out += batch["flags"].sum(axis=-1, keepdims=True)
    return out + batch.get("prior", np.float32(0))


def features_of(text: str, seed: int = 1) -> Features:
    random = np.random.default_rng(seed)
    flags = random.integers(0, 9, (len(text), 2)).astype(np.uint16)
    return Features(symbols_of(text), flags, random.normal(size=(len(text), 4)).astype(np.float32))


@settings(deadline=None, max_examples=150)
@given(TEXTS, st.integers(1, 20), st.integers(0, 5))
def test_each_character_is_kept_in_one_window(text: str, room: int, overlap: int) -> None:
    symbols, max_length = symbols_of(text), room + 2 * overlap
    windows = cut_windows(text, symbols, max_length, overlap)
    kept = np.zeros(len(text), int)
    rows = zip(windows.starts, windows.stops, windows.keep_starts, windows.keep_stops, strict=True)
    for start, stop, low, high in rows:
        assert start <= low < high <= stop
        assert stop - start <= max_length
        assert (symbols[start:stop] > 0).all()
        kept[low:high] += 1
    assert (kept == (symbols > 0)).all()


def test_where_long_pieces_are_cut() -> None:
    text = "他来到了，网易杭研大厦。他来到了网易杭研大厦他来到了网易杭研大厦 他来。到了"
    windows = cut_windows(text, symbols_of(text), max_length=16, overlap=2)
    seen = [text[a:b] for a, b in zip(windows.starts, windows.stops, strict=True)]
    kept = [text[a:b] for a, b in zip(windows.keep_starts, windows.keep_stops, strict=True)]
    # What is short is whole; a sentence's end needs no context; elsewhere both sides see two characters of each other.
    assert kept == ["他来。到了", "他来到了，网易杭研大厦。", "他来到了网易杭研大厦他来", "到了网易杭研大厦"]
    assert seen == ["他来。到了", "他来到了，网易杭研大厦。", "他来到了网易杭研大厦他来到了", "他来到了网易杭研大厦"]


def test_windows_need_room() -> None:
    with pytest.raises(ValueError, match="limit"):
        cut_windows(LINE * 2, symbols_of(LINE * 2), max_length=16, overlap=8)


@settings(deadline=None, max_examples=80)
@given(st.lists(TEXTS, min_size=1, max_size=8), st.integers(1, 200), st.integers(0, 2**32 - 1))
def test_a_text_scores_the_same_alone_and_in_any_batch(texts: list[str], batch_chars: int, seed: int) -> None:
    whole = "\n".join(texts)
    features = features_of(whole, seed)
    together = score(network, whole, features, batch_chars=batch_chars)
    at = 0
    for text in texts:
        here = slice(at, at + len(text))
        assert features.flags is not None
        assert features.prior is not None
        alone = Features(features.symbols[here], features.flags[here], features.prior[here])
        np.testing.assert_allclose(together[here], score(network, text, alone), atol=1e-5)
        at += len(text) + 1
    assert (together[features.symbols == 0] == 0).all()


def test_ten_thousand_characters_in_windows_score_as_in_one() -> None:
    text = "".join(np.random.default_rng(1).choice(list(LINE), 10_000))
    features = features_of(text)
    whole = score(network, text, features, max_length=10_000)
    windowed = score(network, text, features, max_length=64, overlap=REACH)
    np.testing.assert_allclose(windowed, whole, atol=1e-5)
    less = score(network, text, features, max_length=64, overlap=REACH - 1)
    assert 0 < (np.abs(less - whole) > 1e-3).any(axis=1).mean() < 0.2  # only beside the cuts: the test can fail


@pytest.mark.parametrize("batch_chars", [1, 50, 1000])
def test_batches_are_full_and_no_larger_than_asked(batch_chars: int) -> None:
    text = " ".join(LINE[: 1 + k % 10] for k in range(3000))
    sizes = []

    def spy(batch: Batch) -> np.ndarray:
        sizes.append(batch["chars"].shape)
        return network(batch)

    score(spy, text, Features(symbols_of(text)), batch_chars=batch_chars)
    assert all(rows == 1 or rows * length <= batch_chars for rows, length in sizes)
    padding = sum(rows * length for rows, length in sizes) - sum(c != " " for c in text)
    assert padding <= 0.2 * len(text)
    assert len(sizes) <= 2 + len(text) / batch_chars * 1.5


def test_nothing_to_score() -> None:
    for text in ("", " ", "\n\n"):
        assert score(network, text, Features(symbols_of(text))).shape == (len(text), 4)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 2**32 - 1), st.floats(0.1, 30))
def test_scores_keep_the_differences(seed: int, spread: float) -> None:
    logits = np.random.default_rng(seed).normal(0, spread, (7, 4)).astype(np.float32)
    scores = to_scores(logits)
    assert scores.dtype == np.int32
    assert (scores.max(axis=0) == 0).all()
    behind = np.maximum(logits.T - logits.max(axis=1), -DEEPEST)
    np.testing.assert_allclose(scores / UNITS, behind, atol=0.51 / UNITS)
    assert scores.min() >= -DEEPEST * UNITS


def test_scores_of_extreme_logits_stay_within_bounds() -> None:
    logits = np.array([[3e38, -3e38, 0, 1], [0, 0, 0, 0]], np.float32)
    with np.errstate(over="ignore"):
        assert to_scores(logits).tolist() == [[0, 0], [-16384, 0], [-16384, 0], [-16384, 0]]
    assert to_scores(np.empty((0, 4), np.float32)).shape == (4, 0)


def test_step_scores() -> None:
    assert step_scores([[1.0, -0.5], [1e9, -1e9]]).tolist() == [[256, -128], [16384, -16384]]


@pytest.fixture(scope="module")
def tagger(tmp_path_factory: pytest.TempPathFactory) -> LookupTagger:
    bundle = open_bundle(write_toy(tmp_path_factory.mktemp("toy")), "segment", ("lookup-tagger",))
    assert (read_symbols(bundle).symbols == read_tables(bundle, "pku", CONFIG).symbols.symbols).all()
    return read_tables(bundle, "pku", CONFIG)


CONFIG = {"scale": 20.0, "without": [], "register_margin": 10}
BLOCK = "他來到了网易 杭研大厦\n\n中国人，在北京"


@pytest.mark.parametrize("standard", [None, 2])
def test_features_with_tables(tagger: LookupTagger, standard: int | None) -> None:
    codes = to_codes(BLOCK)
    view = read_view(tagger, tagger.symbols, codes)
    features = read_features(view, tagger, standard)
    assert features.flags is not None
    assert features.prior is not None
    expected = [unpad(view.dict_a), unpad(view.dict_b), unpad(view.register)]
    assert (np.stack(expected, axis=1) == features.flags[:, :3]).all()
    assert features.flags[:, 0].any()
    assert features.flags[:, 3:].tolist() == ([[2]] if standard else [[]]) * len(BLOCK)
    np.testing.assert_allclose(features.prior.T * 20, tagger.scores(view), rtol=1e-6)
    assert (features.symbols == tagger.symbols.read(codes)[0]).all()


def test_features_without_tables(tagger: LookupTagger) -> None:
    codes = to_codes(BLOCK)
    view = read_view(None, tagger.symbols, codes)
    full = read_view(tagger, tagger.symbols, codes)
    assert (view.symbols == full.symbols).all()
    assert (view.kinds == full.kinds).all()
    assert not view.dict_a.any()
    assert read_features(view, None, None).flags is None
    assert read_features(view, None, None).prior is None
    flags = read_features(view, None, 1).flags
    assert flags is not None
    assert (flags == 1).all()
    assert read_features(view, None, 1).symbols.max() < MAX_SYMBOLS


def test_symbols_that_make_no_table(tmp_path: Path) -> None:
    from cnchar.errors import BadBundle

    bundle = open_bundle(write_toy(tmp_path / "toy", {"fold.tsv": b"no tab\n"}), "segment", ("lookup-tagger",))
    with pytest.raises(BadBundle, match=r"fold\.tsv"):
        read_symbols(bundle)
