"""A language of a few words that share no character: a small network learns to cut it in seconds."""

from __future__ import annotations

import random
from pathlib import Path

WORDS = ("我们", "今天", "北京", "图书馆", "喝", "茶", "去", "在", "的", "，", "。", "２０")


def lines(count: int, seed: int) -> list[str]:
    """Lines of words separated by spaces."""
    chance = random.Random(seed)
    return [" ".join(chance.choices(WORDS, k=chance.randint(3, 12))) for _ in range(count)]


def write_text(path: Path, count: int, seed: int) -> Path:
    """A segmented file."""
    path.write_text("".join(f"{line}\n" for line in lines(count, seed)), encoding="utf-8")
    return path


# What makes a preset small and quick.
SMALL = (
    "hidden=32", "embedding=16", "bigrams=0", "layers=1", "dropout=0", "lr=0.02", "warmup=5", "ema=0", "epochs=3",
    "batch_chars=200", "threads=1", "device=cpu", "patience=0",
)  # fmt: skip
