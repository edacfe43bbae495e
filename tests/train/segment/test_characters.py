"""Which characters a model knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnchar.bundle import open_bundle, write_bundle
from cnchar.errors import BadInput
from cnchar.lookup.symbols import DIGIT, FIRST_CHARACTER, LETTER, UNKNOWN_HANZI, UNKNOWN_OTHER
from cnchar.text.vocab import Vocab
from cnchar.train.segment.characters import MOST, Characters, check_same, of_bundle, of_text, of_vocabulary


def test_of_text() -> None:
    found = of_text(["人 人 人 来 来來 來", "𠀀 𠀀 只 1 1 Ａ a a ，， ！ ！ ！ ！ ! ! 說"])
    assert found.known == ("！", "人", "!", "來", "来", "，", "𠀀")  # 只 and 說 were seen once
    table = found.table()
    read = table.symbols[[ord(c) for c in "人！!只說1ａ☃"]]
    own = [FIRST_CHARACTER + place for place in (1, 0, 2)]
    assert read.tolist() == [*own, UNKNOWN_HANZI, UNKNOWN_HANZI, DIGIT, LETTER, UNKNOWN_OTHER]
    assert table.symbols[ord("來")] != table.symbols[ord("来")]  # known itself, so it is not folded
    assert found.symbols == FIRST_CHARACTER + 7 == int(table.symbols.max()) + 1


def test_a_rare_traditional_character_is_read_as_its_simplified_twin() -> None:
    table = of_text(["说 说"]).table()
    assert table.symbols[ord("說")] == table.symbols[ord("说")] == FIRST_CHARACTER


def test_more_characters_than_there_is_room_for() -> None:
    text = "".join(chr(0x4E00 + i) * (2 if i < 100 else 3) for i in range(MOST + 50))
    known = of_text([text]).known
    assert len(known) == MOST
    assert chr(0x4E00 + 49) in known and chr(0x4E00 + 50) not in known


def test_a_bundle_gives_back_what_was_written(tmp_path: Path) -> None:
    for characters in (of_text(["人 人 来 来"]), Characters(("人",), {})):
        config = {"name": "x", "version": 1, "task": "segment", "architecture": "character-model"}
        write_bundle(tmp_path, config, characters.files(), "")
        assert of_bundle(open_bundle(tmp_path, "segment", ("character-model",))) == characters


def test_a_vocabulary_file(tmp_path: Path) -> None:
    path = tmp_path / "vocab.txt"
    Vocab("人的 1Ａ來🙂").save(path)
    assert of_vocabulary(str(path)).known == ("人", "的", "來", "🙂")
    path.write_text("人\n", encoding="utf-8")
    with pytest.raises(BadInput, match="no \\[UNK\\]"):
        of_vocabulary(str(path))


def test_a_vocabulary_that_does_not_fit() -> None:
    check_same("vocab.txt", Characters(("人", "的"), {}), Characters(("的", "人"), {}))
    with pytest.raises(BadInput, match=r"vocab\.txt does not fit .*: 2 characters \(一的"):
        check_same("vocab.txt", Characters(("人", "的"), {}), Characters(("人", "一"), {}))
