from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.errors import BadInput
from cnchar.text.vocab import SPECIALS, Vocab, escape, unescape

CHARACTERS = st.characters()
SETS = st.lists(CHARACTERS | st.sampled_from(" \t\r\n\\u\u2028\ufeff\ud800\x85[]"), unique=True, max_size=30)


def test_the_file_is_plain() -> None:
    assert Vocab("的 \n\\\u200b").dumps() == "[PAD]\n[UNK]\n[MASK]\n[BOS]\n[EOS]\n的\n\\u0020\n\\u000A\n\\\n\\u200B\n"


@given(CHARACTERS)
def test_escapes_are_reversible_and_stay_on_one_line(ch: str) -> None:
    written = escape(ch)
    assert unescape(written) == ch
    assert written.splitlines() == [written]
    assert written.strip() == written


@given(SETS)
def test_what_is_saved_is_loaded(characters: list[str]) -> None:
    vocab = Vocab(characters)
    text = vocab.dumps()
    again = Vocab.loads(text.encode("utf-8").decode("utf-8"))
    assert (again.specials, again.characters) == (vocab.specials, vocab.characters)
    assert len(text.splitlines()) == len(vocab)


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "vocab.txt"
    Vocab("的一 ").save(path)
    assert Vocab.load(path).characters == ("的", "一", " ")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))  # as an editor on Windows leaves it
    assert Vocab.load(path).characters == ("的", "一", " ")


@given(SETS, st.text(CHARACTERS))
@settings(max_examples=50)
def test_text_of_known_characters_comes_back(characters: list[str], text: str) -> None:
    vocab = Vocab(characters)
    ids = vocab.encode(text)
    assert vocab.decode(ids) == "".join(ch if ch in vocab else "\ufffd" for ch in text)
    assert vocab.encode("".join(characters)) == list(range(len(SPECIALS), len(vocab)))


def test_special_symbols() -> None:
    vocab = Vocab("甲", ["[UNK]", "[SEP]"])
    assert vocab.encode("甲乙") == [2, 0]
    assert vocab.decode([2, 1, 0, 2]) == "甲\ufffd甲"
    assert Vocab.loads(vocab.dumps()).specials == ("[UNK]", "[SEP]")
    with pytest.raises(IndexError):
        vocab.decode([3])
    with pytest.raises(IndexError):
        vocab.decode([-1])


@pytest.mark.parametrize(
    "specials", [["[PAD]"], ["[UNK]", "a"], ["[UNK]", "[UNK]"], ["[UNK]", "a b"], ["[UNK]", "\\u0020"]]
)
def test_what_cannot_be_special(specials: list[str]) -> None:
    with pytest.raises(ValueError, match="special"):
        Vocab("", specials)


@pytest.mark.parametrize("characters", [["a", "a"], ["ab"], [""]])
def test_what_cannot_be_a_vocabulary(characters: list[str]) -> None:
    with pytest.raises(ValueError, match="each character once"):
        Vocab(characters)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"line 1: '' is empty"),
        ("[PAD]\n的\n", r"no \[UNK\]"),
        ("[UNK]\n的\n的\n", r"line 3: '的' is empty or stands there twice"),
        ("[UNK]\n \n\\u0020\n", r"line 3"),
        ("[UNK]\n的\n\n", r"line 3: '' is empty"),
        ("[UNK]\n的\n[SEP]\n", r"line 3: '\[SEP\]' is not one character"),
        ("[UNK]\n\\UFFFFFFFF\n", r"line 2"),
    ],
)
def test_a_broken_file_is_named_with_its_line(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "vocab.txt"
    path.write_text(text, "utf-8", newline="\n")
    with pytest.raises(BadInput, match=r"vocab\.txt.*" + message):
        Vocab.load(path)


def test_a_missing_or_foreign_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="nowhere cannot be read"):
        Vocab.load(tmp_path / "nowhere")
    (tmp_path / "gbk").write_bytes("的".encode("gbk"))
    with pytest.raises(BadInput, match="not UTF-8"):
        Vocab.load(tmp_path / "gbk")
