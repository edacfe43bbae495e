from __future__ import annotations

import io
import os
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.io.blocks import Block, read_blocks


def blocks_of(data: bytes, **options: object) -> list[Block]:
    return list(read_blocks(io.BytesIO(data), **options))  # type: ignore[arg-type]


def copied(data: bytes, **options: object) -> bytes:
    return "".join(block.restore(block.text) for block in blocks_of(data, **options)).encode()


@pytest.mark.parametrize(
    ("data", "lines", "complete"),
    [
        (b"a", ["a"], False),
        (b"a\n", ["a"], True),
        (b"\n", [""], True),
        (b"a\n\n", ["a", ""], True),
        (b"a\n\nb", ["a", "", "b"], False),
        (b"\xef\xbb\xbfa\n", ["a"], True),
        (b"a\r\nb\r\n", ["a", "b"], True),
        (b"a\r\r\n\rb\r", ["a\r", "\rb"], False),
        (b"\r", [""], False),
        ("a\u2028b\u0085c\vd\fe\x1cf\n".encode(), ["a\u2028b\u0085c\vd\fe\x1cf"], True),
        (b"a\x00b\n\x00\n", ["a\x00b", "\x00"], True),
    ],
)
def test_lines_and_ends(data: bytes, lines: list[str], complete: bool) -> None:
    (block,) = blocks_of(data)
    assert (block.lines(), block.complete, block.first_line) == (lines, complete, 1)
    assert block.restore(block.text).encode() == data.removeprefix(b"\xef\xbb\xbf")


def test_an_empty_file_has_no_block() -> None:
    assert blocks_of(b"") == []
    assert blocks_of(b"\xef\xbb\xbf") == []


TEXT = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\n\r\n\r他来")).map(
    lambda text: text.removeprefix("\ufeff")
)


@settings(deadline=None, max_examples=300)
@given(TEXT, st.integers(1, 9))
def test_reading_and_restoring_gives_the_bytes_back(text: str, max_chars: int) -> None:
    assert copied(text.encode(), max_chars=max_chars) == text.encode()


class Drip(io.BytesIO):
    """Gives a few bytes at a time, to meet every place where a chunk may end."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(3)


@settings(deadline=None, max_examples=200)
@given(TEXT, st.integers(1, 9))
def test_blocks_are_the_lines_wherever_chunks_end(text: str, max_chars: int) -> None:
    blocks = list(read_blocks(Drip(text.encode()), max_chars=max_chars))
    lines = text.split("\n") if text else []
    expected = lines[:-1] if text.endswith("\n") else lines
    assert [line for block in blocks for line in block.lines()] == [line.removesuffix("\r") for line in expected]
    first = 1
    for block in blocks:
        assert block.first_line == first
        first += len(block.lines())
    assert all(block.complete for block in blocks[:-1])


def test_a_line_of_ten_megabytes_is_one_block() -> None:
    long = "字" * 3_500_000
    blocks = blocks_of(f"a\n{long}\nb\n".encode())
    assert [line for block in blocks for line in block.lines()] == ["a", long, "b"]


def test_blocks_stay_small() -> None:
    blocks = blocks_of("他来到了网易杭研大厦\n".encode() * 400_000)
    assert len(blocks) > 5
    assert max(len(block.text) for block in blocks) < 2 * (1 << 18)


def test_skip_drops_the_whole_line_and_keeps_the_numbers() -> None:
    skipped: list[int] = []
    blocks = blocks_of(b"a\r\nb\xff\nc\n\xfe\xfe\n\xff\nd\xff", errors="skip", on_skip=skipped.append)
    assert [(block.first_line, block.lines()) for block in blocks] == [(1, ["a"]), (3, ["c"])]
    assert "".join(block.restore(block.text) for block in blocks) == "a\r\nc\n"
    assert sum(skipped) == 4


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=60), st.integers(1, 9))
def test_skip_keeps_exactly_the_valid_lines(data: bytes, max_chars: int) -> None:
    def valid(line: bytes) -> bool:
        try:
            line.decode()
            return True
        except UnicodeDecodeError:
            return False

    *lines, last = data.split(b"\n")
    expected = b"".join(line + b"\n" for line in lines if valid(line)) + (last if valid(last) else b"")
    assert copied(data, errors="skip", max_chars=max_chars) == expected.removeprefix(b"\xef\xbb\xbf")


def test_a_pipe_that_pauses_hands_on_whole_lines() -> None:
    reader, writer = os.pipe()
    with open(reader, "rb", buffering=0) as stream, open(writer, "wb", buffering=0) as source:  # noqa: PTH123
        blocks = read_blocks(stream)
        source.write("你好\n没完".encode())
        start = time.monotonic()
        assert next(blocks).lines() == ["你好"]
        assert time.monotonic() - start < 5
        source.write("了\n".encode())
        assert next(blocks) == Block("没完了", 2)
        source.write(b"end")
        source.close()
        assert next(blocks) == Block("end", 3, complete=False)
        assert next(blocks, None) is None


def test_a_pipe_that_trickles_without_a_pause_is_handed_on_too() -> None:
    reader, writer = os.pipe()
    stop = threading.Event()

    def trickle() -> None:
        with open(writer, "wb", buffering=0) as source:  # noqa: PTH123
            while not stop.wait(0.005):
                source.write(b"x\n")

    with open(reader, "rb", buffering=0) as stream:  # noqa: PTH123
        thread = threading.Thread(target=trickle)
        thread.start()
        try:
            assert next(read_blocks(stream, idle=0.05)).lines()[0] == "x"
        finally:
            stop.set()
            thread.join()


def test_line_buffered_does_not_wait() -> None:
    reader, writer = os.pipe()
    with open(reader, "rb", buffering=0) as stream, open(writer, "wb", buffering=0) as source:  # noqa: PTH123
        blocks = read_blocks(stream, idle=60, line_buffered=True)
        source.write(b"a\n")
        assert next(blocks) == Block("a")
