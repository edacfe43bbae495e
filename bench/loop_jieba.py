"""The loop cnchar is timed against: jieba.lcut line by line, reading and writing the way `cnchar segment` does."""

from __future__ import annotations

import logging
import sys

import jieba

jieba.setLogLevel(logging.WARNING)


def main() -> None:
    """Words joined by a space, one line out for each line in."""
    out = sys.stdout.buffer
    for line in sys.stdin.buffer:
        out.write((" ".join(jieba.lcut(line.decode("utf-8").rstrip("\n"))) + "\n").encode("utf-8"))


if __name__ == "__main__":
    main()
