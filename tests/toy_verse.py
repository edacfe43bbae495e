"""Raw text of a few words in a fixed order: a small language model foresees it in seconds."""

from __future__ import annotations

import random
from pathlib import Path

WORDS = ("春天", "来了", "花儿", "开放", "小鸟", "歌唱")


def verses(count: int, seed: int) -> list[str]:
    """Lines that go round the words from any of them on: after the first word all is certain, but for the end."""
    chance = random.Random(seed)
    out = []
    for number in range(count):
        first, size = chance.randrange(len(WORDS)), chance.randint(2, 8)
        words = [WORDS[(first + i) % len(WORDS)] for i in range(size)]
        out.append("".join(words) + f"，{number % 97}。")
    return out


def write_verses(path: Path, count: int = 400, seed: int = 1) -> Path:
    """A text file."""
    path.write_text("".join(f"{line}\n" for line in verses(count, seed)), encoding="utf-8")
    return path


# What makes a preset small and quick.
SMALL = (
    "backbone=gru", "hidden=32", "embedding=32", "layers=1", "dropout=0", "lr=0.02", "warmup=5", "ema=0", "epochs=3",
    "batch_chars=400", "length=40", "threads=1", "device=cpu", "eval_every=0", "log_every=10",
)  # fmt: skip
