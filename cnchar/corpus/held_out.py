"""Which lines of raw text nothing is ever learned from: one in sixteen, by the hash of the line alone."""

from __future__ import annotations

import hashlib


def is_held_out(line: str) -> bool:
    """Whether the SHA-1 of the line in UTF-8, without its end, ends in 0 as hexadecimal."""
    return hashlib.sha1(line.encode("utf-8", "surrogatepass")).digest()[-1] & 0xF == 0
