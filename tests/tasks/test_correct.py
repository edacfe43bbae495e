from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.nn.config import ModelConfig
from cnchar.tasks.correct import FEATURES, FLAGS, Parts, Scores, candidates, score_symbols
from cnchar.tasks.neural import Batch
from cnchar.tasks.packed_lines import Alphabet
from cnchar.text.vocab import Vocab

VOCAB = Vocab("高心兴新背京北我们很的了，。a1")
WEIGHTS = {"always": -4.0, "gain": 1.0, "syllable": 1.0}
BATCH = 64


def parts(max_length: int = 20, overlap: int = 4) -> Parts:
    config = ModelConfig(len(VOCAB), len(VOCAB), flags=FLAGS, head="symbols")
    weights = np.array([WEIGHTS.get(name, 0.0) for name in FEATURES])
    return Parts(config, Alphabet(VOCAB), weights, 0.5, max_length, overlap)


def network(batch: Batch) -> Scores:
    """After 高 comes 兴, before 京 comes 北; everything else is likely as it stands. It sees one place either way."""
    chars = batch["chars"].astype(np.int64)
    assert batch["flags"].shape == (*chars.shape, 1)
    logits = np.zeros((*chars.shape, len(VOCAB)), np.float32)
    np.put_along_axis(logits, chars[..., None], 6.0, axis=-1)
    high, capital = VOCAB.encode("高")[0], VOCAB.encode("京")[0]
    logits[:, 1:, VOCAB.encode("兴")[0]] += 12.0 * (chars[:, :-1] == high)
    logits[:, :-1, VOCAB.encode("北")[0]] += 12.0 * (chars[:, 1:] == capital)
    logs = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    targets = np.argsort(-logs, axis=-1, kind="stable")[..., :4]
    typed = np.take_along_axis(logs, chars[..., None], -1)[..., 0]
    return Scores(typed, np.take_along_axis(logs, targets, -1), targets)


def best(text: str, free: list[bool] | None = None) -> dict[int, str]:
    (found,) = candidates(parts(), network, [text], [np.array(free or [True] * len(text), np.bool_)], BATCH)
    chosen: dict[int, str] = {}
    for each in found:
        if each.score >= 0.5:
            chosen.setdefault(each.place, each.target)
    return chosen


def test_what_is_meant_is_found_at_its_place() -> None:
    assert best("我很高心，背京。") == {3: "兴", 5: "北"}
    assert best("我很高兴，北京。") == {}
    assert best("") == {}


def test_only_hanzi_change_and_only_where_they_may() -> None:
    assert best("高a高1高，") == {}
    assert best("高心，高心", [True, False, True, True, True]) == {4: "兴"}
    assert best("高心\n高心") == {1: "兴", 4: "兴"}  # a newline is read as a blank


def test_what_is_told_of_a_candidate() -> None:
    (found,) = candidates(parts(), network, ["背京高心"], [np.ones(4, np.bool_)], BATCH)
    first = {each.place: each for each in reversed(found)}
    assert first[0].target == "北" and first[0].sound and not first[0].shape
    assert [each.place for each in found] == sorted(each.place for each in found)
    for place in {each.place for each in found}:
        scores = [each.score for each in found if each.place == place]
        assert scores == sorted(scores, reverse=True) and sum(scores) < 1


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text("高心兴背京北我们，。a\n 鬱", max_size=90), max_size=4),
    st.sampled_from([(20, 4), (40, 8), (128, 24)]),
)
def test_windows_and_neighbours_change_nothing(texts: list[str], sizes: tuple[int, int]) -> None:
    """The network sees one place either way, so however the text is cut, it says the same."""

    def found(some: list[str], max_length: int, overlap: int) -> list[list[tuple[int, str, float]]]:
        free = [np.ones(len(text), np.bool_) for text in some]
        rows = candidates(parts(max_length, overlap), network, some, free, BATCH)
        return [[(each.place, each.target, round(each.score, 5)) for each in row] for row in rows]

    together = found(texts, *sizes)
    assert together == [found([text], 500, 10)[0] for text in texts]


def test_every_character_is_scored_once() -> None:
    lines = ["我们很高兴" * 30, "", "北京"]
    own = parts()
    symbols = own.alphabet.read(lines)
    scores = score_symbols(own, network, "".join(f"\n{line}" for line in lines), symbols, BATCH)
    characters = symbols != own.alphabet.read(["x"])[0]
    assert scores.targets[characters].any(1).all() and not scores.targets[~characters].any()
