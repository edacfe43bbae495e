from __future__ import annotations

import gzip
import io
import sys
from pathlib import Path

import pytest

from cnchar.errors import BadInput
from cnchar.io.blocks import Block
from cnchar.io.stream import read_inputs, run


def copy(block: Block) -> str:
    return block.restore(block.text)


def fail_on_bad(block: Block) -> str:
    if "bad" in block.text:
        raise BadInput(f"{block.name}: bad.")
    return copy(block)


def tell(prepared: tuple[Block, int]) -> str:
    return f"{prepared[1]}\n"


def lines_of(block: Block) -> list[str]:
    return block.lines()


Captured = pytest.CaptureFixture[bytes]


GOLDEN = [
    b"",
    b"\n",
    b"no newline",
    "他来到了\r\n\r\n网易\n".encode(),
    "a\x00b\u2028c\u0085d\ve\n".encode(),
    b"\n\n\n",
]


@pytest.mark.parametrize("jobs", [1, 2])
def test_bytes_come_back_as_they_were(tmp_path: Path, jobs: int) -> None:
    names = []
    for number, data in enumerate(GOLDEN):
        path = tmp_path / f"{number}.txt"
        path.write_bytes(data)
        names.append(str(path))
    stats = run(names, str(tmp_path / "out"), copy, jobs=jobs)
    assert [(tmp_path / "out" / f"{number}.txt").read_bytes() for number in range(len(GOLDEN))] == GOLDEN
    assert (stats.files, stats.lines) == (6, 0 + 1 + 1 + 3 + 1 + 3)


@pytest.mark.parametrize("jobs", [1, 2])
def test_blocks_are_prepared_in_their_order(tmp_path: Path, jobs: int) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text(f"{name}\n" * 300_000, encoding="utf-8")
    seen: list[tuple[str, int]] = []

    def prepare(block: Block) -> tuple[Block, int]:
        seen.append((Path(block.name).name, block.first_line))
        return block, len(seen)

    stats = run([str(tmp_path / "a"), str(tmp_path / "b")], str(tmp_path / "out"), tell, prepare=prepare, jobs=jobs)
    told = [(tmp_path / "out" / name).read_text(encoding="utf-8").split() for name in ("a", "b")]
    assert told[0] + told[1] == [str(number) for number in range(1, len(seen) + 1)]
    assert seen == sorted(seen) and len(seen) > 2
    assert stats.lines == 600_000


def test_a_byte_order_mark_is_dropped(monkeypatch: pytest.MonkeyPatch, capsysbinary: Captured) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("\ufeff他\n".encode())))
    run([], None, copy)
    assert capsysbinary.readouterr().out == "他\n".encode()


def test_inputs_follow_one_another_line_by_line(tmp_path: Path, capsysbinary: Captured) -> None:
    for name, data in (("a", b"1\r"), ("b", b""), ("c", b"2"), ("d", b"3")):
        (tmp_path / name).write_bytes(data)
    run([str(tmp_path / name) for name in "abcd"], None, copy)
    assert capsysbinary.readouterr().out == b"1\r\n2\n3"


def test_half_characters_never_leak(tmp_path: Path, capsysbinary: Captured) -> None:
    (tmp_path / "in").write_text("x")
    run([str(tmp_path / "in")], None, copy, emit=lambda text: "a\udc80b")
    assert capsysbinary.readouterr().out == b"a?b"


def test_emit_runs_in_order_and_may_keep_state(tmp_path: Path) -> None:
    (tmp_path / "in").write_text("".join(f"{number}\n" for number in range(300_000)))
    seen = 0

    def number(lines: list[str]) -> str:
        nonlocal seen
        seen += len(lines)
        return f"{lines[0]} {seen}\n"

    stats = run([str(tmp_path / "in")], str(tmp_path / "out"), lines_of, emit=number, jobs=2)
    assert stats.lines == seen == 300_000
    firsts = [int(line.split()[0]) for line in (tmp_path / "out").read_text().splitlines()]
    assert firsts == sorted(firsts)
    assert len(firsts) > 3


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_was_done_before_a_failure_stays_and_nothing_half_done(tmp_path: Path, jobs: int) -> None:
    for name, text in (("a", "fine\n"), ("b", "bad\n"), ("c", "fine\n")):
        (tmp_path / name).write_text(text)
    with pytest.raises(BadInput, match="b: bad"):
        run([str(tmp_path / name) for name in "abc"], str(tmp_path / "out"), fail_on_bad, jobs=jobs)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a"]


def test_outputs_are_checked_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xff")
    (tmp_path / "out").write_bytes(b"old")
    with pytest.raises(BadInput, match="exists already"):
        run([str(tmp_path / "a")], str(tmp_path / "out"), copy)
    with pytest.raises(BadInput, match="line 1"):
        run([str(tmp_path / "a")], str(tmp_path / "out"), copy, force=True)
    assert (tmp_path / "out").read_bytes() == b"old"


def test_skipped_lines_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a").write_bytes(b"1\n\xff\n2\n")
    stats = run([str(tmp_path / "a")], str(tmp_path / "b.gz"), copy, errors="skip")
    assert gzip.decompress((tmp_path / "b.gz").read_bytes()) == b"1\n2\n"
    assert stats.skipped == 1
    assert capsys.readouterr().err == "Lines with invalid bytes that were skipped: 1.\n"


def test_read_inputs_goes_through_all(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1\n2", encoding="utf-16")
    (tmp_path / "b").write_text("3\n", encoding="utf-16")
    blocks = list(read_inputs([str(tmp_path / "*")], encoding="utf-16"))
    assert [line for block in blocks for line in block.lines()] == ["1", "2", "3"]
    assert blocks[1].name == str(tmp_path / "b")
