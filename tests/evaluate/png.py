"""Reads the PNG files a browser's screenshot makes: 8 bits a channel, not interlaced (the standard's section 9)."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def read_png(path: Path) -> NDArray[np.uint8]:
    """The pixels: (height, width, 3), red, green and blue."""
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    chunks = list(_chunks(data[8:]))
    width, height, depth, colour, *_, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    assert (depth, interlaced) == (8, 0)
    channels = {2: 3, 6: 4}[colour]
    raw = zlib.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"))
    lines = np.frombuffer(raw, np.uint8).reshape(height, 1 + width * channels)
    pixels = np.zeros((height + 1, width + 1, channels), np.uint8)  # a row above and a column before the first, both 0
    for row, line in enumerate(lines, start=1):
        _unfilter(int(line[0]), line[1:].reshape(width, channels), pixels[row - 1], pixels[row])
    return pixels[1:, 1:, :3]


def _chunks(data: bytes):  # type: ignore[no-untyped-def]
    while data:
        length, kind = struct.unpack(">I4s", data[:8])
        yield kind, data[8 : 8 + length]
        data = data[12 + length :]


def _unfilter(kind: int, line: NDArray[np.uint8], above: NDArray[np.uint8], out: NDArray[np.uint8]) -> None:
    """Undo a line's filter: none, difference to the left, to above, to the mean of both, or to Paeth's choice."""
    if kind == 0:
        out[1:] = line
    elif kind == 1:
        out[1:] = np.cumsum(line, axis=0, dtype=np.uint8)
    elif kind == 2:
        out[1:] = line + above[1:]
    else:
        _unfilter_pixels(kind, line.astype(int).tolist(), above.astype(int).tolist(), out)


def _unfilter_pixels(kind: int, line: list[list[int]], above: list[list[int]], out: NDArray[np.uint8]) -> None:
    left = [0] * len(line[0])
    for x, pixel in enumerate(line, start=1):
        around = zip(pixel, left, above[x], above[x - 1], strict=True)
        left = [(value + ((a + b) // 2 if kind == 3 else _paeth(a, b, c))) & 255 for value, a, b, c in around]
        out[x] = left


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda value: abs(guess - value))
