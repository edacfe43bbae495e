"""From segmented text to symbols and tags."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.errors import BadInput
from cnchar.nn.heads import UNLABELLED
from cnchar.tasks.segment import bmes
from cnchar.train.segment.character_store import PieceBatches
from cnchar.train.segment.characters import Characters
from cnchar.train.segment.data import MOST_HELD_OUT, Source, collate, hold_out, write_store
from cnchar.train.segment.start import Start, fresh, from_model

CHARACTERS = Characters(tuple("的一是在了人我他来到网易大厦中国北京，。"), {"來": "来"})
WORDS = st.lists(st.text("的一人我来來a1，。\U00020000", min_size=1, max_size=5), min_size=1, max_size=12)


def tagged(lines: Iterable[str], folder: Path, start: Start, longest: int = 256) -> list[tuple[list[int], str]]:
    """Symbols and tags of every piece, in the order of the text."""
    store = write_store(lines, start.features, longest, folder / "characters")
    batch = collate(*store.gather(np.arange(len(store.starts))))
    return [
        (symbols[symbols > 0].tolist(), "".join("BMES"[tag] for tag in tags[symbols > 0].tolist()))
        for symbols, tags in zip(batch["chars"], batch["targets"], strict=True)
    ]


@given(st.lists(WORDS, min_size=1, max_size=5))
@settings(deadline=None, max_examples=60)
def test_every_line_is_a_piece_with_its_tags(tmp_path_factory: pytest.TempPathFactory, lines: list[list[str]]) -> None:
    start = fresh(CHARACTERS, None)
    found = tagged(map("  ".join, lines), tmp_path_factory.mktemp("data"), start)
    texts = ["".join(words) for words in lines]
    assert [tags for _, tags in found] == [bmes(tuple(words)) for words in lines]
    assert [symbols for symbols, _ in found] == [start.symbols.symbols[list(map(ord, text))].tolist() for text in texts]


def test_padding_has_no_tag(tmp_path: Path) -> None:
    store = write_store(["来到 北京", "人"], fresh(CHARACTERS, None).features, 256, tmp_path / "characters")
    batch = collate(*store.gather(np.array([0, 1])))
    assert batch["targets"].tolist() == [[0, 2, 0, 2], [3, *[UNLABELLED] * 3]]
    assert set(batch) == {"chars", "targets"}


def test_long_lines_are_cut_at_punctuation(tmp_path: Path) -> None:
    found = tagged(["来到 北京 ， 我 人 。 他 来到 北京 大厦"], tmp_path, fresh(CHARACTERS, None), longest=10)
    assert [tags for _, tags in found] == ["BEBESSSS", "SBEBEBE"]
    whole = tagged(["人 " * 25], tmp_path, fresh(CHARACTERS, None), longest=10)
    assert [len(tags) for _, tags in whole] == [10, 10, 5]


def test_tables_give_flags_and_a_prior(tmp_path: Path) -> None:
    start = from_model("fast", "ud")
    store = write_store(["他 来到 北京"], start.features, 256, tmp_path / "characters")
    batch = collate(*store.gather(np.array([0])))
    assert start.tagger is not None
    view = start.tagger.view(np.array([*map(ord, "他来到北京"), 10], np.uint32))
    expected = start.tagger.scores(view)[:, :5].T / start.tagger.weights.scale
    np.testing.assert_allclose(batch["prior"][0].numpy(), expected, atol=0.01)
    assert batch["flags"].shape == (1, 5, 3)
    assert (batch["flags"][0, :, 0].numpy() == view.dict_a[2:7]).all()
    assert start.standards == ("ud",)
    assert set(start.files) == {"ud.direct.npy", "ud.hashed.npy", "lexicon.npy", "gate.npy", "register.npy"}


def test_more_text_than_is_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnchar.train.segment.data._BLOCK_CHARS", 7)
    lines = ["来到 北京", "人", "我 来到 了", "他"] * 5
    assert [tags for _, tags in tagged(lines, tmp_path, fresh(CHARACTERS, None))] == ["BEBE", "S", "SBES", "S"] * 5


def test_memory_does_not_hold_the_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnchar.train.segment.data._BLOCK_CHARS", 1 << 13)
    path, line = tmp_path / "a.txt", "我们 在 北京 大厦 来到 了 中国 的 网易 ， " * 8 + "。\n"
    path.write_text(line * 30_000, encoding="utf-8")
    start = fresh(CHARACTERS, None)
    tracemalloc.start()
    try:
        store = write_store(Source([str(path)]).lines(), start.features, 256, tmp_path / "characters")
        batches = PieceBatches(store, collate, 2000, 1)
        assert sum(map(batches.characters, batches.epoch(0))) == 30_000 * len(line.replace(" ", "").strip())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 0.4 * path.stat().st_size


def test_held_out_lines_are_the_same_for_the_same_text() -> None:
    lines = [f"第 {number} 行 字" for number in range(4000)]
    kept: list[str] = []
    learned = list(hold_out(lines, kept))
    assert sorted([*learned, *kept]) == sorted(lines)
    assert 120 < len(kept) < 280
    again: list[str] = []
    list(hold_out([line.replace(" ", "  ") for line in reversed(lines)], again))
    assert ["".join(line.split()) for line in again[::-1]] == ["".join(line.split()) for line in kept]


def test_not_too_many_lines_are_held_out() -> None:
    kept: list[str] = []
    learned = list(hold_out((str(number) for number in range(30 * MOST_HELD_OUT)), kept))
    assert len(kept) == MOST_HELD_OUT
    assert len(learned) == 29 * MOST_HELD_OUT


def read(path: Path, text: str, form: str = "text") -> list[str]:
    path.write_text(text, encoding="utf-8")
    return list(Source([str(path)], form).lines())


def test_source(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    assert read(path, "\ufeff来到 北京\r\n\n \n人\n") == ["来到 北京", "人"]
    assert read(path, "来\tB\n到\tE\n我\tS\n", "conll") == ["来到 我"]
    assert read(path, "来到/v 北京/ns\n", "pfr") == ["来到 北京"]
    source = Source([str(path), str(path)])
    assert len(list(source.lines())) == 2
    assert [len(digest) for digest in source.digests.values()] == [64]


@pytest.mark.parametrize(
    ("text", "form", "message"),
    [
        ("", "text", r"a\.txt has no line with text"),
        (" \n\n", "text", r"a\.txt has no line with text"),
        ("", "conll", r"a\.txt has no sentence with text"),
        ("他来到北京\n人\n", "text", r"a\.txt: no line has two words; .* --format"),
        ("来\tX\n", "conll", r"a\.txt line 1: .*'X'"),
        ("来 到/v\n", "pfr", r"a\.txt line 1: "),
    ],
)
def test_text_to_learn_nothing_from(tmp_path: Path, text: str, form: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        read(tmp_path / "a.txt", text, form)


def test_standard_input_cannot_be_read_twice() -> None:
    with pytest.raises(BadInput, match="standard input"):
        Source(["-"])
