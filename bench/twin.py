"""The twin of a gold file in traditional characters: `python -m bench.twin < gold.txt > twin.txt`.

Each character is converted by itself (OpenCC s2t), so that twin and original have the same words at the same places.
"""

from __future__ import annotations

import sys
from functools import cache

from cnchar.text.normalise import to_traditional


@cache
def twin(character: str) -> str:
    """The traditional form of one character, where there is one of the same length."""
    converted = to_traditional(character)
    return converted if len(converted) == 1 else character


def main() -> None:
    """Standard input to standard output, both UTF-8."""
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write("".join(map(twin, line.decode("utf-8"))).encode("utf-8"))


if __name__ == "__main__":
    main()
