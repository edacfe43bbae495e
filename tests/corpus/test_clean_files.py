from __future__ import annotations

from pathlib import Path

import pytest

from cnchar.corpus.clean import clean_files
from cnchar.corpus.vocabulary import count_files
from cnchar.errors import BadInput


def test_the_report_covers_all_files(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_text("<b>同</b>\n同\n")
    out = tmp_path / "out"
    report = clean_files([str(tmp_path / "a"), str(tmp_path / "b")], str(out), rules="html,dedup")
    assert [(counts.rule, counts.lines, counts.changed, counts.dropped) for counts in report.rules] == [
        ("html", 4, 2, 0),
        ("dedup", 4, 0, 3),  # one memory for all files
    ]
    assert ((out / "a").read_text(), (out / "b").read_text()) == ("同\n", "")


def test_check_and_output_exclude_each_other(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="--check"):
        clean_files([], str(tmp_path / "x"), check=True)


def test_characters_of_all_files_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes("甲乙\r\n甲".encode())
    (tmp_path / "b").write_bytes("\n乙乙".encode())
    codes, counts = count_files([str(tmp_path / "a"), str(tmp_path / "b")]).ranked()
    assert (list(map(chr, codes)), list(counts)) == (["乙", "甲"], [3, 2])
