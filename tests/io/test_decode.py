from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.errors import BadInput
from cnchar.io.decode import TextDecoder, check_encoding, detect_encoding

PROSE = "中文信息处理是自然语言处理的一个重要分支，研究如何用计算机处理汉语。今天天气很好，我们去公园散步吧！\n" * 20


@pytest.mark.parametrize("encoding", ["nonsense", "hex", "rot13", "undefined", "zlib", "utf\x00-8", ""])
def test_unknown_encodings(encoding: str) -> None:
    with pytest.raises(BadInput, match="Unknown encoding"):
        check_encoding(encoding)


@pytest.mark.parametrize(
    "encoding", ["auto", "utf-8", "UTF8", "gb18030", "gbk", "big5", "utf-16", "utf-16-be", "latin-1"]
)
def test_known_encodings(encoding: str) -> None:
    check_encoding(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16"])
def test_auto_reads_what_is_there(encoding: str) -> None:
    text = PROSE if encoding != "big5" else PROSE.translate(str.maketrans("计机个汉语处", "計機個漢語處"))
    text = text.encode(encoding, "ignore").decode(encoding)
    decoder = TextDecoder("x", "auto", "strict")
    assert decoder.decode(text.encode(encoding)) + decoder.decode(b"", True) == text


def test_auto_is_utf8_when_cut_within_a_character_or_unknowable() -> None:
    assert detect_encoding("他".encode()[:2]) == "utf-8"
    assert detect_encoding(b"") == "utf-8"


@settings(deadline=None, max_examples=150)
@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff")),
    st.sampled_from(["utf-8", "gb18030", "utf-16", "utf-32-be"]),
    st.integers(1, 7),
)
def test_any_split_of_the_bytes_gives_the_text(text: str, encoding: str, size: int) -> None:
    data = text.encode(encoding)
    decoder = TextDecoder("x", encoding, "strict")
    pieces = [decoder.decode(data[at : at + size]) for at in range(0, len(data), size)]
    assert "".join(pieces) + decoder.decode(b"", True) == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "gb18030"])
def test_one_byte_order_mark_is_dropped(encoding: str) -> None:
    decoder = TextDecoder("x", encoding, "strict")
    assert decoder.decode("\ufeff\ufeff他".encode(encoding)) == "\ufeff他"


@pytest.mark.parametrize("size", [1, 2, 5, 100])
@pytest.mark.parametrize(
    ("data", "encoding", "line", "offset", "byte"),
    [
        ("好\n他来".encode() + b"\xff\n", "utf-8", 2, 6, "ff"),
        (b"\x80", "utf-8", 1, 0, "80"),
        (b"a\nb\n\nabc\xe4\xbd", "utf-8", 4, 3, "e4"),
        ("好\n他".encode("gb18030") + b"\x81\n", "gb18030", 2, 2, "81"),
        ("好\n他".encode("utf-16-be") + b"\xdc\x00\x4e\x00", "utf-16-be", 2, 2, "dc"),
    ],
)
def test_strict_says_where(size: int, data: bytes, encoding: str, line: int, offset: int, byte: str) -> None:
    decoder = TextDecoder("a.txt", encoding, "strict")
    with pytest.raises(BadInput, match=rf"^a\.txt, line {line}: byte 0x{byte} at offset {offset} of the line"):
        for at in range(0, len(data), size):
            decoder.decode(data[at : at + size])
        decoder.decode(b"", True)


def test_replace_goes_on() -> None:
    decoder = TextDecoder("x", "utf-8", "replace")
    assert decoder.decode(b"a\xffb\xe4") + decoder.decode(b"", True) == "a\ufffdb\ufffd"
