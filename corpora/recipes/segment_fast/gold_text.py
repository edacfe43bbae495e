"""Write the gold texts without their word boundaries, for the teachers: `python gold_text.py CWS_DIR WORK_DIR`."""

from __future__ import annotations

import sys
from pathlib import Path

from build import GOLD
from texts import gold_words, plain

if __name__ == "__main__":
    source, work = map(Path, sys.argv[1:3])
    for name in GOLD:
        (work / f"{name}.txt").write_text(plain(gold_words(source / f"{name}.txt")), encoding="utf-8")
