"""Text as blocks of whole lines: the unit that is read, sent to a worker, processed and written.

A line ends at `\\n` only; U+2028, U+0085, `\\v` and NUL are characters like any other. A `\\r` before the end of a
line is set aside and comes back with `Block.restore`, so nobody above this file sees line endings at all.
"""

from __future__ import annotations

import os
import select
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from cnchar.io.decode import MARK, Errors, TextDecoder
from cnchar.io.files import STDIN_NAME

CHUNK_BYTES = 1 << 18
PATIENCE = 10  # a steady trickle that never pauses is handed on after this many times the pause


@dataclass(frozen=True)
class Block:
    """One or more whole lines.

    `text` joins them with `\\n` and has none at its end, so "" is one empty line and "a\\n" is two lines, "a" and "".
    `complete`: the last line ended in a newline; False only at the end of a file that lacks it.
    `returns`: indices of the lines whose trailing `\\r` was set aside, ascending. An empty file has no block at all.
    """

    text: str
    first_line: int = 1  # the number of its first line in the file, from 1
    complete: bool = True
    name: str = STDIN_NAME  # of the file, for messages
    returns: Sequence[int] = ()

    def lines(self) -> list[str]:
        """The lines, without line ends. (n,) for n lines, never empty."""
        return self.text.split("\n")

    def restore(self, text: str) -> str:
        """`text`, one line for each of the block's lines joined with `\\n`, with the line ends the input had."""
        end = "\n" if self.complete else ""
        if not self.returns:
            return text + end
        lines = text.split("\n")
        if len(self.returns) == len(lines):
            return "\r\n".join(lines) + "\r" + end
        for index in self.returns:
            lines[index] += "\r"
        return "\n".join(lines) + end


def read_blocks(
    stream: BinaryIO,
    *,
    name: str = STDIN_NAME,
    encoding: str = "utf-8",
    errors: Errors = "strict",
    max_chars: int = 1 << 18,
    idle: float = 0.05,
    line_buffered: bool = False,
    on_skip: Callable[[int], object] | None = None,
) -> Iterator[Block]:
    """The lines of a byte stream in blocks of about `max_chars` characters; one long line is one block.

    From a pipe or a terminal, the lines so far also come when nothing has arrived for `idle` seconds, or at once with
    `line_buffered`. `on_skip` hears the number of lines that `errors="skip"` dropped. Raises BadInput (strict).
    """
    decoder = TextDecoder(name, encoding, errors)
    cut = _cut_marked(on_skip or (lambda _: None)) if errors == "skip" else _cut_whole
    pending: list[str] = []  # decoded, not yet handed on
    size, line, has_newline = 0, 1, False
    for data, paused in _chunks(stream, 0.0 if line_buffered else idle):
        piece = decoder.decode(data, paused=paused)
        pending.append(piece)
        size += len(piece)
        has_newline = has_newline or "\n" in piece
        if has_newline and (paused or size >= max_chars):
            whole, _, rest = "".join(pending).rpartition("\n")
            yield from cut(whole, line, True, name)
            line += whole.count("\n") + 1
            pending, size, has_newline = [rest], len(rest), False
    pending.append(decoder.decode(b"", final=True))
    text = "".join(pending)
    if text:
        complete = text.endswith("\n")
        yield from cut(text[:-1] if complete else text, line, complete, name)


def _cut_whole(text: str, line: int, complete: bool, name: str) -> Iterator[Block]:
    if "\r" not in text:  # nearly always
        yield Block(text, line, complete, name)
        return
    lines = text.split("\n")
    returns = [index for index, each in enumerate(lines) if each.endswith("\r")]
    for index in returns:
        lines[index] = lines[index][:-1]
    yield Block("\n".join(lines), line, complete, name, tuple(returns))


def _cut_marked(on_skip: Callable[[int], object]) -> Callable[[str, int, bool, str], Iterator[Block]]:
    """Like _cut_whole, without the lines that hold invalid bytes. What is between them keeps its line numbers."""

    def cut(text: str, line: int, complete: bool, name: str) -> Iterator[Block]:
        if MARK not in text:
            yield from _cut_whole(text, line, complete, name)
            return
        lines = text.split("\n")
        bad = [index for index, each in enumerate(lines) if MARK in each]
        on_skip(len(bad))
        start = 0
        for index in [*bad, len(lines)]:
            if index > start:
                yield from _cut_whole("\n".join(lines[start:index]), line + start, complete or index < len(lines), name)
            start = index + 1

    return cut


def _chunks(stream: BinaryIO, idle: float) -> Iterator[tuple[bytes, bool]]:
    """Pairs (bytes, paused): whether the source then had nothing more to give for `idle` seconds."""
    descriptor = _waiting_descriptor(stream)
    if descriptor is None:
        while data := stream.read(CHUNK_BYTES):
            yield data, False
        return
    handed_on = time.monotonic()
    while data := _read_some(descriptor):
        paused = not _ready(descriptor, idle) or time.monotonic() - handed_on > PATIENCE * idle
        if paused:
            handed_on = time.monotonic()
        yield data, paused


def _waiting_descriptor(stream: BinaryIO) -> int | None:
    """The descriptor of a pipe, socket or terminal; None for a regular file, an archive or bytes in memory."""
    try:
        descriptor = stream.fileno()
        return None if stat.S_ISREG(os.fstat(descriptor).st_mode) else descriptor
    except (OSError, AttributeError):
        return None


def _read_some(descriptor: int) -> bytes:
    _ready(descriptor, None)  # so that a descriptor somebody set to non-blocking waits too
    return os.read(descriptor, CHUNK_BYTES)


def _ready(descriptor: int, timeout: float | None) -> bool:
    """Whether there is something to read (or the end) within `timeout` seconds; None waits for it."""
    try:
        return bool(select.select([descriptor], [], [], timeout)[0])
    except (OSError, ValueError):  # Windows cannot ask a pipe: hand on whatever each read gives
        return False
