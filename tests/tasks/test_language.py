"""Lines scored by a model that can be worked out by hand."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_lm import BITS, SEEN, SHARES, VOCAB, V, lm_config, table, write_lm

from cnchar.bundle import Bundle, open_bundle
from cnchar.errors import BadBundle, BadInput
from cnchar.nn.config import ModelConfig
from cnchar.tasks.language import Language, cut, read_causal, read_language, read_lines, score_lines
from cnchar.tasks.packed_lines import END, Alphabet

LANGUAGE = Language(ModelConfig.from_dict(lm_config()["model"]), Alphabet(VOCAB), "causal", SEEN)
TEXT = st.text("天地人\n", max_size=30)


def look_up(batch: dict[str, Any]) -> Any:
    return table()[batch["chars"]]


def by_hand(line: str) -> tuple[float, int]:
    """Bits, and how often the likeliest symbol came."""
    symbols = [*read_lines(LANGUAGE.alphabet, [line]), END]
    pairs = list(pairwise(symbols))
    nats = [-table()[last, after] for last, after in pairs]
    return float(np.sum(nats) / np.log(2)), sum(table()[last].argmax() == after for last, after in pairs)


def test_whole_lines_by_hand() -> None:
    found = score_lines(look_up, LANGUAGE, list(BITS))
    assert [each.bits for each in found] == pytest.approx(list(BITS.values()), abs=1e-4)
    assert [each.characters for each in found] == [len(line) + 1 for line in BITS]
    assert found[1].right == 3
    assert found[1].bits_per_char == pytest.approx(1)
    assert all(sum(shares) == 1 for shares in SHARES.values())


@given(st.lists(TEXT, max_size=12), st.integers(1, 40))
@settings(deadline=None, max_examples=60)
def test_batches_and_cuts_change_nothing_where_only_the_last_symbol_counts(lines: list[str], most: int) -> None:
    found = score_lines(look_up, LANGUAGE, lines, most)
    wanted = [by_hand(line) for line in lines]
    assert [each.bits for each in found] == pytest.approx([bits for bits, _ in wanted], abs=1e-3)
    assert [each.right for each in found] == [right for _, right in wanted]


@given(st.lists(TEXT, min_size=1, max_size=5))
@settings(deadline=None, max_examples=30)
def test_a_network_sees_whole_lines_or_half_a_window_of_what_is_before(lines: list[str]) -> None:
    seen: list[list[int]] = []

    def watch(batch: dict[str, Any]) -> Any:
        seen.extend([int(symbol) for symbol in row if symbol] for row in batch["chars"])
        return look_up(batch)

    score_lines(watch, LANGUAGE, lines)
    symbols = [read_lines(LANGUAGE.alphabet, [line]).tolist() for line in lines]
    wanted = [text[start:stop] for text in symbols for start, stop, _ in cut(len(text), SEEN)]
    assert sorted(seen) == sorted(wanted)


@given(st.integers(1, 100), st.integers(2, 20))
def test_cuts_keep_every_place_once_with_context(length: int, most: int) -> None:
    runs = list(cut(length, most))
    kept = [place for _, stop, keep in runs for place in range(keep, stop)]
    assert kept == list(range(length))
    assert all(stop - start <= most for start, stop, _ in runs)
    assert all(keep - start == most // 2 for start, _, keep in runs[1:])


def bundle(folder: Path, **changes: Any) -> Bundle:
    return open_bundle(write_lm(folder, **changes), "language", ("character-model",))


def test_reading_a_bundle(tmp_path: Path) -> None:
    language = read_causal(bundle(tmp_path / "lm"))
    assert (language.config, language.objective, language.max_length) == (LANGUAGE.config, "causal", SEEN)
    assert language.vocab.dumps() == VOCAB.dumps()


def test_a_masked_model_can_be_read_but_foresees_nothing(tmp_path: Path) -> None:
    model = ModelConfig(V, V, backbone="rnn", head="symbols").as_dict()
    masked = bundle(tmp_path / "lm", objective="masked", model=model)
    assert read_language(masked).objective == "masked"
    with pytest.raises(BadInput, match="--objective causal"):
        read_causal(masked)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"objective": "denoising"}, "unknown objective"),
        ({"objective": "masked"}, "not one that foresees the 7 symbols"),
        ({"model": {"symbols": 9, "labels": 9, "causal": True, "head": "symbols"}}, "foresees the 7 symbols"),
        ({"model": {"symbols": 1}}, "symbols is 1"),
        ({"max_length": 1}, "'max_length'"),
        ({"max_length": "8"}, "'max_length'"),
    ],
)
def test_what_does_not_fit(tmp_path: Path, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(BadBundle, match=told):
        read_language(bundle(tmp_path / "lm", **changes))


def test_a_broken_vocabulary(tmp_path: Path) -> None:
    folder = write_lm(tmp_path / "lm", {"vocab.txt": b"\n"})
    with pytest.raises(BadBundle, match=r"config.json: .*vocab.txt, line 1"):
        read_language(open_bundle(folder, "language", ("character-model",)))
