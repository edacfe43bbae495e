"""The samples written for this project: one small text in every format that is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnchar.corpus.formats import FORMATS
from cnchar.corpus.segmented import SegmentedFile

SAMPLES = Path(__file__).resolve().parents[2] / "corpora/samples/formats"
FILES = {
    "text.txt": "text",
    "icwb2.txt": "icwb2",
    "conllu.conllu": "conllu",
    "bmes.conll": "conll",
    "bio.conll": "conll",
    "pfr.txt": "pfr",
    "jsonl.jsonl": "jsonl",
}


def test_every_format_has_a_sample() -> None:
    assert {path.name for path in SAMPLES.iterdir()} == set(FILES)
    assert set(FILES.values()) == set(FORMATS)


@pytest.mark.parametrize(("file", "form"), FILES.items())
def test_all_samples_hold_the_same_words(file: str, form: str) -> None:
    lines = [line.split() for line in SegmentedFile(str(SAMPLES / file), form).lines()]
    assert len(lines) == 3
    assert lines == [line.split(" ") for line in (SAMPLES / "text.txt").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("file", ["text.txt", "icwb2.txt", "conllu.conllu", "bmes.conll", "jsonl.jsonl"])
def test_writers_write_the_samples(file: str) -> None:
    write = FORMATS[FILES[file]].write
    assert write is not None
    words = [line.split() for line in (SAMPLES / "text.txt").read_text(encoding="utf-8").splitlines()]
    assert "".join(map(write, words)) == (SAMPLES / file).read_text(encoding="utf-8")
