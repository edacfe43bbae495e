"""Which files a corrector reads."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from cnchar.errors import BadInput
from cnchar.runtime.correct_inputs import text_files


@pytest.fixture
def docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("a.md", "a.md.bak", "b.bak", "c.txt", "c.txt.old"):
        (tmp_path / name).write_text("好", encoding="utf-8")
    (tmp_path / "d.bin").write_bytes(b"\0")
    (tmp_path / "e.txt.gz").write_bytes(gzip.compress(b"\0"))
    return tmp_path


def test_each_text_once_and_no_backups(docs: Path) -> None:
    assert text_files(["."]) == (["a.md", "b.bak", "c.txt", "c.txt.old", "e.txt.gz"], ["d.bin"])
    assert text_files(["."], ".old") == (["a.md", "b.bak", "c.txt", "e.txt.gz"], ["d.bin"])
    assert text_files(["c.txt", "./c.txt", str(docs / "c.txt"), "*.md"], "") == (["c.txt", "a.md"], [])


def test_what_is_named_is_read(docs: Path) -> None:
    assert text_files(["a.md.bak", "d.bin", "-"]) == (["a.md.bak", "d.bin", "-"], [])
    with pytest.raises(BadInput, match="nowhere"):
        text_files(["nowhere"])
