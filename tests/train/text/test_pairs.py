from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from toy_verse import write_verses

from cnchar.errors import BadInput
from cnchar.tasks.packed_lines import Alphabet
from cnchar.text.vocab import Vocab
from cnchar.train.text.pairs import error_counts, held_pairs, pair_source, split_pairs
from cnchar.train.text.shards import TextShards, open_text, prepare_text

PAIRS = [("我很高心", "我很高兴"), ("去背京", "去北京"), ("没有错", "没有错")] * 10


@pytest.fixture
def text(tmp_path: Path) -> TextShards:
    verses = write_verses(tmp_path / "verses.txt", 60)
    (tmp_path / "pairs.tsv").write_text("".join(f"{a}\t{b}\n" for a, b in PAIRS), encoding="utf-8")
    known = sorted({*verses.read_text(encoding="utf-8"), *"".join(map("".join, PAIRS))} - {"\n", "背"})
    alphabet = Alphabet(Vocab(known))
    words = lambda lines: np.array([True for line in lines for _ in f"\n{line}"])  # noqa: E731
    source = pair_source(str(tmp_path / "pairs.tsv"), alphabet, "utf-8", {"words": words})
    prepare_text([str(verses)], alphabet, tmp_path / "data", marks={"words": words}, more=[source])
    return open_text(tmp_path / "data")


def test_one_pair_in_ten_is_held_out_by_its_number(text: TextShards) -> None:
    assert held_pairs(text) == PAIRS[::10]
    assert text.shards[1].lines == 27 and not list(text.held_out())[-1].startswith("我很")


def test_what_was_typed_stands_beside_what_is_right(text: TextShards) -> None:
    shard = text.shards[1]
    symbols, typed = text.symbols(shard), text.marks(shard, "typed")
    assert typed is not None and len(symbols) == len(typed) == shard.symbols
    right = [pair[1] for n, pair in enumerate(PAIRS) if n % 10]
    assert symbols.tolist() == text.alphabet.read(right).tolist()
    assert text.marks(text.shards[0], "typed") is None
    assert error_counts(text) == {("兴", "心"): 9}  # 背 is not known


@pytest.mark.parametrize("line", ["没有", "一\t二三", "一\t二\t三", "\t"])
def test_a_line_that_is_no_pair_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text(f"甲\t乙\n\n{line}\n", encoding="utf-8")
    with pytest.raises(BadInput, match="line 3"):
        split_pairs(str(path))
