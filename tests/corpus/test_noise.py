from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.corpus.noise import Mixture, Noise, make_noise
from cnchar.pinyin.likeness import Shapes, Sound, Sounds
from cnchar.text.normalise import is_hanzi

TEXT = "我们今天非常高兴因为明天要去北京在公园里看见他的背景和公元的历史力士事实时事实施，。abc1"
CHARACTERS = ("[PAD]", "[UNK]", *dict.fromkeys(TEXT))
WORDS = {"北京": 9, "背景": 5, "公园": 7, "公元": 3, "历史": 8, "力士": 2, "事实": 6, "时事": 3, "实施": 4, "今天": 9}
KINDS = ("sound", "near", "kin", "shape", "particle", "random", "pairs", "swapped", "words", "spread")
ONLY = dict.fromkeys(KINDS, 0.0)


@pytest.fixture(scope="module")
def noise() -> Noise:
    return make_noise(CHARACTERS, WORDS)


def rows(seed: int, size: int = 6, length: int = 40) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Symbols, where words begin, and lines."""
    chance = np.random.default_rng(seed)
    symbols = chance.integers(1, len(CHARACTERS), (size, length))
    texts = np.cumsum(chance.random((size, length)) < 0.1, axis=1)
    return symbols, chance.random((size, length)) < 0.6, texts


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), with_words=st.booleans())
def test_only_hanzi_change_and_only_into_hanzi(noise: Noise, seed: int, with_words: bool) -> None:
    symbols, starts, texts = rows(seed)
    before = symbols.copy()
    shown = noise(symbols, starts if with_words else None, texts, np.random.default_rng(seed))
    changed = shown != symbols
    assert (symbols == before).all() and shown.shape == symbols.shape
    assert all(is_hanzi(CHARACTERS[s]) for s in {*symbols[changed].tolist(), *shown[changed].tolist()})
    again = noise(symbols, starts if with_words else None, texts, np.random.default_rng(seed))
    assert (shown == again).all()


def test_as_many_errors_as_were_asked_for_and_lines_without() -> None:
    noise = make_noise(CHARACTERS, mixture=replace(Mixture(clean=0.4, rate=0.1), **{**ONLY, "random": 1.0}))
    symbols = np.tile(np.arange(2, 32), (400, 1))
    texts = np.repeat(np.arange(400)[:, None], 30, axis=1)
    shown = noise(symbols, None, texts, np.random.default_rng(1))
    wrong = (shown != symbols).sum(1)
    assert 0.4 < (wrong == 0).mean() < 0.75  # those left alone, and those where chance made none
    assert 0.045 < wrong.sum() / symbols.size < 0.07


def test_errors_are_of_the_kind_they_are_called() -> None:
    sounds, shapes = Sounds(CHARACTERS), Shapes(CHARACTERS)
    symbols = np.tile(np.arange(2, len(CHARACTERS)), (300, 1))
    texts = np.zeros_like(symbols)

    def made(kind: str) -> tuple[np.ndarray, np.ndarray]:
        mixture = replace(Mixture(clean=0.0, rate=0.5), **{**ONLY, kind: 1.0})
        shown = make_noise(CHARACTERS, mixture=mixture)(symbols, None, texts, np.random.default_rng(1))
        changed = shown != symbols
        assert changed.any()
        return symbols[changed], shown[changed]

    assert (sounds.likeness(*made("sound")) >= Sound.SYLLABLE).all()
    assert (sounds.likeness(*made("near")) >= Sound.NEAR).all()
    assert shapes.likeness(*made("shape")).all()


def test_words_become_words_of_the_same_sound_and_whole() -> None:
    noise = make_noise(
        CHARACTERS, WORDS, mixture=replace(Mixture(clean=0.0, rate=0.5), **{**ONLY, "words": 1.0, "random": 1e-9})
    )
    line = "我们在北京看见公园的历史和今天的事实"
    symbols = np.array([[CHARACTERS.index(c) for c in line]] * 200)
    starts = np.array(
        [[line[i : i + 2] in WORDS or line[max(0, i - 1) : i + 1] not in WORDS for i in range(len(line))]] * 200
    )
    noise = replace(noise, kinds=np.broadcast_to(np.arange(len(CHARACTERS))[:, None], noise.kinds.shape))
    shown = noise(symbols, starts, np.zeros_like(symbols), np.random.default_rng(2))
    found = {"".join(CHARACTERS[s] for s in row) for row in shown.tolist()}
    assert len(found) > 3
    for text in found:
        assert text[3:5] in ("北京", "背景") and text[7:9] in ("公园", "公元") and text[10:12] in ("历史", "力士")
        assert text[13:15] == "今天" and text[16:] in ("事实", "时事", "实施")


def test_errors_of_people_are_made_again() -> None:
    mixture = replace(Mixture(clean=0.0, rate=0.5), **{**ONLY, "pairs": 1.0})
    noise = make_noise(CHARACTERS, pairs={("他", "我"): 3, ("天", "，"): 2, ("天", "要"): 1}, mixture=mixture)
    symbols = np.tile(np.arange(2, len(CHARACTERS)), (200, 1))
    shown = noise(symbols, None, np.zeros_like(symbols), np.random.default_rng(1))
    changed = shown != symbols
    seen = {(CHARACTERS[a], CHARACTERS[b]) for a, b in zip(symbols[changed], shown[changed], strict=True)}
    assert ("他", "我") in seen and seen <= {("他", "我"), ("天", "，"), ("天", "要")}


def test_an_error_has_others_behind_it() -> None:
    symbols = np.tile(np.arange(2, 32), (400, 1))

    def behind(spread: float) -> float:
        """The share of the hanzi behind an error that are wrong too."""
        mixture = replace(Mixture(clean=0.0, rate=0.02), **{**ONLY, "random": 1.0, "spread": spread})
        made = make_noise(CHARACTERS, mixture=mixture)
        wrong = made(symbols, None, np.zeros_like(symbols), np.random.default_rng(1)) != symbols
        after = wrong[:, :-1] & made.hanzi[symbols[:, 1:]]
        return float(wrong[:, 1:][after].mean())

    assert behind(0.0) < 0.08 and 0.28 < behind(0.5) < 0.4  # what spread does not spread further
