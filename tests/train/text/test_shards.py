"""Text to numbers in files: all of it, once, whole or not at all, in constant memory."""

from __future__ import annotations

import json
import lzma
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from full_disk import full
from toy_verse import verses, write_verses

from cnchar.corpus.held_out import is_held_out
from cnchar.errors import BadInput, CncharError
from cnchar.tasks.packed_lines import Alphabet
from cnchar.text.vocab import Vocab
from cnchar.train.text.shards import open_text, prepare_text

ALPHABET = Alphabet(Vocab(sorted(set("".join(verses(400, 1))))))


def test_what_is_learned_and_what_is_held_out(tmp_path: Path) -> None:
    lines = [*verses(300, 1), "", "  ", "龘"]
    path = tmp_path / "verses.txt.xz"
    path.write_bytes(lzma.compress("\r\n".join(lines).encode()))
    text = prepare_text([str(path), str(write_verses(tmp_path / "more.txt", 50, 2))], ALPHABET, tmp_path / "data")
    shard, more = text.shards
    learned = [line for line in lines if line.strip() and not is_held_out(line)]
    assert text.symbols(shard).tolist() == ALPHABET.read(learned).tolist()
    assert text.symbols(shard).dtype == np.uint16
    held = [line for line in [*lines, *verses(50, 2)] if line.strip() and is_held_out(line)]
    assert list(text.held_out()) == held
    assert (shard.lines, shard.held_out_lines) == (len(learned), 301 - len(learned))
    assert shard.characters == sum(map(len, learned))
    assert (shard.unknown, more.unknown) == (1 - is_held_out("龘"), 0)
    assert open_text(tmp_path / "data").shards == text.shards
    assert text.marks(shard, "words") is None


def test_a_large_vocabulary_takes_four_bytes_a_character(tmp_path: Path) -> None:
    characters = [chr(c) for c in range(0x4E00, 0x9FFF)] + [chr(c) for c in range(0x20000, 0x2D000)]
    wide = Alphabet(Vocab(characters))
    path = tmp_path / "text.txt"
    path.write_text("".join(f"你{c}\U0002cfff\n" for c in characters[:20]), encoding="utf-8")
    text = prepare_text([str(path)], wide, tmp_path / "data")
    assert text.dtype == np.uint32
    assert wide.vocab.encode("\U0002cfff")[0] > 1 << 16
    assert open_text(tmp_path / "data").symbols(text.shards[0]).max() == wide.vocab.encode("\U0002cfff")[0]


def test_words_are_kept_beside_the_symbols(tmp_path: Path) -> None:
    def words(lines: Sequence[str]) -> np.ndarray:
        return np.array([c in "\n春来" for line in lines for c in f"\n{line}"])

    text = prepare_text([str(write_verses(tmp_path / "a.txt"))], ALPHABET, tmp_path / "data", marks={"words": words})
    (shard,) = text.shards
    starts = text.marks(shard, "words")
    assert starts is not None
    begins = {0, *ALPHABET.vocab.encode("春来")}
    symbols = text.symbols(shard)
    assert starts.tolist() == [symbol in begins or symbol == symbols[0] for symbol in symbols.tolist()]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"empty.txt": b""}, r"empty\.txt has no line with text"),
        ({"blank.txt": b" \n\n"}, r"blank\.txt has no line with text"),
        ({"a.txt": "你好\n".encode(), "bad.txt": b"\xff\xfe\xff\n"}, r"bad\.txt"),
    ],
)
def test_text_that_cannot_be_learned_from_leaves_nothing(tmp_path: Path, files: dict[str, bytes], message: str) -> None:
    (tmp_path / "in").mkdir()
    for name, data in files.items():
        (tmp_path / "in" / name).write_bytes(data)
    with pytest.raises(BadInput, match=message):
        prepare_text([str(tmp_path / "in")], ALPHABET, tmp_path / "run" / "data")
    assert not list((tmp_path / "run").iterdir())


def test_standard_input_is_refused(tmp_path: Path) -> None:
    for paths in ([], ["-"]):
        with pytest.raises(BadInput, match="standard input"):
            prepare_text(paths, ALPHABET, tmp_path / "data")


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = str(write_verses(tmp_path / "a.txt"))
    monkeypatch.setattr("cnchar.train.text.shards.line_blocks", full)
    with pytest.raises(CncharError, match="No space left"):
        prepare_text([source], ALPHABET, tmp_path / "run" / "data")
    assert not list((tmp_path / "run").iterdir())


def test_files_that_were_altered(tmp_path: Path) -> None:
    text = prepare_text([str(write_verses(tmp_path / "a.txt"))], ALPHABET, tmp_path / "data")
    for name, *_ in [*text.shards[0].files.values(), ("vocab.txt", "")]:
        path = text.folder / name
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + b"\xff")
        with pytest.raises(BadInput, match="missing or altered"):
            open_text(text.folder)
        path.write_bytes(whole)
    manifest = json.loads((text.folder / "manifest.json").read_text(encoding="utf-8"))
    for broken in ({}, manifest | {"version": 2}, manifest | {"shards": [{}]}, []):
        (text.folder / "manifest.json").write_text(json.dumps(broken), encoding="utf-8")
        with pytest.raises(BadInput, match="missing or altered"):
            open_text(text.folder)


def test_twice_the_text_takes_no_more_memory(tmp_path: Path) -> None:
    peaks = []
    for size in (40_000, 80_000):
        source = str(write_verses(tmp_path / f"{size}.txt", size))
        tracemalloc.start()
        prepare_text([source], ALPHABET, tmp_path / f"data{size}")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]
