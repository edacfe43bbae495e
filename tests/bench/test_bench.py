"""The arithmetic and the tables of `make bench`; the measurements themselves are not repeated here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench import report
from bench.run import command_of, options
from bench.texts import SAMPLE, write_text
from bench.timing import Comparison, in_turn, once, peak_mb
from bench.twin import twin


def test_ratio_is_the_median_of_the_pairwise_ratios() -> None:
    took = Comparison(ours=(1.0, 2.0, 4.0), theirs=(8.0, 6.0, 8.0))
    assert took.ratios == [8.0, 3.0, 2.0]
    assert (took.ratio, took.spread, took.our_seconds, took.their_seconds) == (3.0, (2.0, 8.0), 2.0, 8.0)


def test_memory_is_that_of_the_command_alone() -> None:
    hungry = (sys.executable, "-c", "x = bytearray(50_000_000); x[::4096] = b'1' * len(x[::4096])")
    idle = (sys.executable, "-c", "pass")
    assert 45 < peak_mb(hungry) - peak_mb(idle) < 55


def test_two_commands_run_in_turn(tmp_path: Path) -> None:
    took = in_turn((sys.executable, "-c", "pass"), (sys.executable, "-c", "import time; time.sleep(0.5)"), None, 1)
    assert took.their_seconds > 0.5
    assert took.ratio > 1


def test_a_command_that_fails_stops_the_measurement() -> None:
    for measured in (once, peak_mb):
        with pytest.raises(subprocess.CalledProcessError) as failed:
            measured((sys.executable, "-c", "raise SystemExit('what is wrong')"))
        assert failed.value.stderr == b"what is wrong\n"


def test_tables_align_numbers_and_escape_bars() -> None:
    assert report.table(("a", "b", "c"), [("x", "1.5", "seg|n"), ("y", "", "")]) == (
        "| a | b | c |\n| :- | -: | :- |\n| x | 1.5 | seg\\|n |\n| y |  |  |\n"
    )


def test_the_page_names_command_machine_and_versions() -> None:
    page = report.document("make it so", "some text", 3, [("Speed", "About.", "| a |\n")])
    assert "Written by `make it so`" in page
    assert "3 pairs" in page
    assert f"Python {sys.version.split()[0]}" in page
    assert page.endswith("\n## Speed\n\nAbout.\n\n| a |\n")


def test_the_command_is_the_one_that_was_given() -> None:
    assert command_of(options(["--runs", "2", "--megabytes", "0.5"])) == "python -m bench.run --runs 2 --megabytes 0.5"


def test_without_the_corpora_our_sample_is_repeated(tmp_path: Path) -> None:
    about = write_text(tmp_path / "text", tmp_path / "nowhere", 0.01)
    assert "demo.txt" in about
    data = (tmp_path / "text").read_bytes()
    assert data.startswith(SAMPLE.read_bytes())
    assert 5_000 < len(data) <= 10_000


def test_the_traditional_twin_keeps_every_length() -> None:
    assert "".join(map(twin, "汉字 a头发\n")) == "漢字 a頭發\n"
