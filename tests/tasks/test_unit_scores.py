from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_units import ALPHABET, UNITS, network, toy_parts, way

from cnchar.bundle import Bundle, open_bundle, write_bundle
from cnchar.errors import BadBundle
from cnchar.pinyin.syllables import NUMBERS
from cnchar.tasks.packed_lines import BEGIN, UNKNOWN
from cnchar.tasks.unit_scores import (
    UNITS as UNITS_FILE,
)
from cnchar.tasks.unit_scores import (
    VOCABULARY,
    as_context,
    output_files,
    read_parts,
    score_ways,
)

PARTS = toy_parts()


def expected(line: str, place: int) -> np.ndarray[Any, Any]:
    """The log-probabilities of the units of one place, of a line that fits the network."""
    one = way(line)
    vector = network({"chars": PARTS.symbols(one)[None]})[0, place].astype(float)
    syllable = one.syllables[place]
    chosen = slice(UNITS.firsts[syllable], UNITS.firsts[syllable + 1])
    scores = PARTS.table[chosen] @ vector + PARTS.bias[chosen]
    return scores - np.logaddexp.reduce(scores)


def test_the_units_of_each_syllable_and_nothing_else_are_scored() -> None:
    lines = ["ni hao ， shi jie", "， 0", "ma"]
    for line, scores in zip(lines, score_ways(network, PARTS, [way(line) for line in lines]), strict=True):
        words = line.split()
        assert len(scores.offsets) == len(words) + 1
        for place, word in enumerate(words):
            found = scores.values[scores.offsets[place] : scores.offsets[place + 1]]
            if word in NUMBERS:
                assert len(found) == UNITS.sizes[NUMBERS[word]]
                np.testing.assert_allclose(found, expected(line, place), atol=1e-4)
            else:
                assert len(found) == 0


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(["shi", "yi", "，", "北", "ma"]), max_size=40), max_size=8), st.integers(1, 60)
)
def test_lines_score_the_same_in_any_company_and_any_length(lines: list[list[str]], batch: int) -> None:
    ways = [way(" ".join(line)) for line in lines]
    whole = toy_parts(max_length=64)  # each line at once; the network sees two places, and windows overlap by three
    together = score_ways(network, PARTS, ways, batch)
    for line, scores in zip(ways, together, strict=True):
        (alone,) = score_ways(network, whole, [line])
        assert scores.offsets.tolist() == alone.offsets.tolist()
        np.testing.assert_allclose(scores.values, alone.values, atol=1e-4)


def test_no_lines_and_empty_lines() -> None:
    assert score_ways(network, PARTS, []) == []
    (empty,) = score_ways(network, PARTS, [way("")])
    assert (empty.offsets.tolist(), empty.values.tolist()) == ([0], [])


def test_kept_text_is_what_the_vocabulary_says_and_other_writing_is_one_letter() -> None:
    symbols = PARTS.symbols(way("北 京 魑 ， Zebra 42 é ni")).tolist()
    known = ALPHABET.vocab.encode("北京魑，a0a")
    assert symbols == [*known, len(ALPHABET) + NUMBERS["ni"]]
    assert symbols[2] == UNKNOWN


def test_a_recurrent_network_is_shown_where_a_line_ends() -> None:
    parts = toy_parts("gru")
    assert parts.symbols(way("ni")).tolist() == [BEGIN, len(ALPHABET) + NUMBERS["ni"], BEGIN]
    (scores,) = score_ways(network, parts, [way("ni ， hao")])
    assert np.diff(scores.offsets).tolist() == [UNITS.sizes[NUMBERS["ni"]], 0, UNITS.sizes[NUMBERS["hao"]]]
    assert np.exp(scores.values).sum() == pytest.approx(2)


def test_context() -> None:
    assert as_context("我 有iPhone 15台，Été　２０") == "我有a0台，a0"


def write(folder: Path, parts: Any = PARTS, **changes: Any) -> Bundle:
    """A bundle with everything but the graph, opened."""
    files = {UNITS_FILE: UNITS.dumps().encode(), VOCABULARY: ALPHABET.vocab.dumps().encode()}
    files |= output_files(parts.table, parts.bias) | changes.pop("files", {})
    config = {
        "name": "toy", "version": 1, "task": "pinyin2hanzi", "architecture": "toy", "model": parts.config.as_dict(),
        "max_length": 12, "overlap": 3, **changes,
    }  # fmt: skip
    write_bundle(folder, config, files, "# toy\n")
    return open_bundle(folder, "pinyin2hanzi", ("toy",))


def test_a_bundle_gives_the_same_parts_but_for_rounding(tmp_path: Path) -> None:
    parts = read_parts(write(tmp_path))
    assert (parts.config, parts.max_length, parts.overlap) == (PARTS.config, 12, 3)
    np.testing.assert_allclose(parts.table, PARTS.table, atol=np.abs(PARTS.table).max() / 250)
    np.testing.assert_array_equal(parts.bias, PARTS.bias)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"max_length": 6}, "'overlap' less than half"),
        ({"max_length": 10_000}, "at most 512"),
        ({"model": {**PARTS.config.as_dict(), "symbols": 500}}, "500|symbols"),
        ({"model": {"symbols": 0}}, "symbols is 0"),
        ({"files": {UNITS_FILE: b"a\t\xe5\x95\x8a\n"}}, "not one of 1 units"),
        ({"files": {UNITS_FILE: b"zhang\n"}}, "line 1"),
        ({"files": {VOCABULARY: b"[PAD]\n"}}, "no \\[UNK\\]"),
        ({"files": output_files(PARTS.table[:9], PARTS.bias[:9])}, "not the rows of"),
        ({"files": output_files(PARTS.table, PARTS.bias * np.nan)}, "not the rows of"),
    ],
)
def test_what_does_not_fit_together_is_told_in_a_sentence(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(BadBundle, match=message) as caught:
        read_parts(write(tmp_path, **changes))
    assert "\n" not in str(caught.value)
