"""The texts that commands are timed on and the test sets that models are measured on."""

from __future__ import annotations

import lzma
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

ROOT = Path(__file__).resolve().parent.parent
NEWS = "data/raw/news__cctv_xwlb_2012_2026.txt.xz"
SAMPLE = ROOT / "corpora/samples/demo.txt"
ONE_LINE = "他来到了网易杭研大厦\n"


@dataclass(frozen=True)
class TestSet:
    """A gold file of ../shared and how it is to be read."""

    name: str
    path: str
    standard: str = "pku"
    known: str | None = None
    traditional: bool = False  # measured on the twin of the text in traditional characters


TEST_SETS = (
    TestSet("PKU 2005 test", "data/cws/pku2005.test.txt", known="data/cws/pku2005.known_words.txt"),
    TestSet("PKU 2005 test, traditional", "data/cws/pku2005.test.txt", traditional=True),
    TestSet("UD GSDSimp test", "data/cws/ud_gsdsimp.test.txt", standard="ud"),
    TestSet("MSR 2005 test (another standard)", "data/cws/msr2005.test.txt"),
    TestSet("weibo.dev", "data/cws/weibo.dev.txt"),
    TestSet("novel.dev", "data/cws/novel.dev.txt"),
    TestSet("PFR 1998-01 dev", "data/cws/pfr199801.dev.txt"),
)


def write_text(target: Path, shared: Path, megabytes: float) -> str:
    """Write whole lines, `megabytes` of them at most: news where it is, else our own sample again and again.

    Returns what the text is, for the report.
    """
    size = int(megabytes * 1_000_000)
    news = shared / NEWS
    with target.open("wb") as out:
        if news.exists():
            with lzma.open(news) as stream:
                _copy_lines(stream, out, size)
            return f"the first {megabytes:g} MB of {news.name}"
        sample = SAMPLE.read_bytes()
        out.write(sample * max(1, size // len(sample)))
    return f"{SAMPLE.relative_to(ROOT)}, repeated to {megabytes:g} MB"


def _copy_lines(stream: BinaryIO | lzma.LZMAFile, out: BinaryIO, size: int) -> None:
    data = stream.read(size)
    out.write(data[: data.rfind(b"\n") + 1])
