"""The same loop with rjieba, jieba's algorithm and dictionary in Rust."""

from __future__ import annotations

import sys

import rjieba


def main() -> None:
    """Words joined by a space, one line out for each line in."""
    out = sys.stdout.buffer
    for line in sys.stdin.buffer:
        out.write((" ".join(rjieba.cut(line.decode("utf-8").rstrip("\n"))) + "\n").encode("utf-8"))


if __name__ == "__main__":
    main()
