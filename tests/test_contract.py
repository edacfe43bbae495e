"""The examples and rules of the contract, as bytes in and bytes out of the real command."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import os
import select
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from conftest import ROOT, RunCommand

WORDS = "他 来到 了 杭研 大厦"
TEXT = WORDS.replace(" ", "")


def test_the_example_of_the_issue(run_cnchar: RunCommand) -> None:
    ran = run_cnchar("segment", given="他来到了网易杭研大厦\n".encode())
    assert (ran.code, ran.text, ran.err) == (0, "他 来到 了 网易 杭研 大厦\n", b"")


def test_the_record(run_cnchar: RunCommand) -> None:
    given = '{"id": 7, "text": "他来到了杭研大厦"}\n'
    expected = (
        '{"id": 7, "text": "他来到了杭研大厦", "segment": {"words": ["他", "来到", "了", "杭研", "大厦"], '
        '"spans": [[0, 1], [1, 3], [3, 4], [4, 6], [6, 8]]}}\n'
    )
    assert run_cnchar("segment", "--format", "jsonl", given=given.encode()).text == expected


def test_plain_text_becomes_a_record(cnchar_here: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "in").write_text("中国 人\n\n", encoding="utf-8")
    ran = cnchar_here("segment", "--format", "jsonl", tmp_path / "in")
    assert ran.text == (
        '{"text": "中国 人", "segment": {"words": ["中国", " ", "人"], "spans": [[0, 2], [2, 3], [3, 4]]}}\n'
        '{"text": "", "segment": {"words": [], "spans": []}}\n'
    )


@pytest.mark.parametrize(
    ("record", "field"),
    [
        ('{"correct": {"text": "TEXT", "n": 1.50}}', "correct.text"),
        ('{"a.b": "TEXT", "a": {"b": 5}}', "a.b"),
        ('{"text": "别的", "body":"TEXT" , "x": [1,  2]}', "body"),
    ],
)
def test_fields(cnchar_here: RunCommand, tmp_path: Path, record: str, field: str) -> None:
    (tmp_path / "in").write_text(record.replace("TEXT", TEXT), encoding="utf-8")
    out = cnchar_here("segment", "--format", "jsonl", "--field", field, tmp_path / "in").text
    assert out.startswith(record.replace("TEXT", TEXT)[:-1] + ', "segment": ')  # kept to the character
    assert json.loads(out)["segment"]["words"] == WORDS.split()


def test_an_earlier_answer_is_overwritten_only_there(cnchar_here: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "in").write_text('{"segment": {"words": ["x"], "by": "y"}, "text": "中国"}', encoding="utf-8")
    out = cnchar_here("segment", "--format", "jsonl", tmp_path / "in").text
    assert out == '{"segment": {"words": ["中国"], "spans": [[0, 2]]}, "text": "中国"}'


def test_commands_chain(run_cnchar: RunCommand) -> None:
    cleaned = run_cnchar("clean", "--format", "jsonl", "--rules", "html", given=f"<b>{TEXT}</b>\n".encode())
    ran = run_cnchar("segment", "--format", "jsonl", "--field", "clean.text", given=cleaned.out)
    record = json.loads(ran.text)
    assert list(record) == ["text", "clean", "segment"]
    assert record["segment"]["words"] == WORDS.split()


@pytest.mark.parametrize("form", ["text", "tsv", "jsonl"])
def test_lines_and_their_ends(cnchar_here: RunCommand, tmp_path: Path, form: str) -> None:
    (tmp_path / "in").write_bytes(f"\ufeff{TEXT}\r\n\n{TEXT}\u2028{TEXT}\r\r\n\x0b\n{TEXT}".encode())
    ran = cnchar_here("segment", "--format", form, tmp_path / "in")
    lines = ran.text.split("\n")
    assert ran.out[:3] != b"\xef\xbb\xbf"
    assert [line.endswith("\r") for line in lines] == [True, False, True, False, False]
    if form == "jsonl":
        texts = [json.loads(line)["text"] for line in lines]
        assert texts == [TEXT, "", f"{TEXT}\u2028{TEXT}\r", "\x0b", TEXT]
    else:
        assert lines == [f"{WORDS}\r", "", f"{WORDS} {WORDS}\r", "", WORDS]


def test_offsets_are_code_points(cnchar_here: RunCommand, tmp_path: Path) -> None:
    text = "𠮷田，\U0001f600e\u0301来到"
    (tmp_path / "in").write_text(text, encoding="utf-8")
    answer = json.loads(cnchar_here("segment", "--format", "jsonl", tmp_path / "in").text)["segment"]
    assert [text[start:stop] for start, stop in answer["spans"]] == answer["words"]
    assert answer["spans"][-1] == [len(text) - 2, len(text)]


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.ZstdCompressor().compress,
}


@pytest.mark.parametrize("suffix", PACKERS)
def test_compressed_files_and_the_folder_of_outputs(cnchar_here: RunCommand, tmp_path: Path, suffix: str) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    packed = tmp_path / f"b.txt{suffix}"
    packed.write_bytes(PACKERS[suffix](f"{TEXT}\n".encode()))
    out = tmp_path / "out"
    assert cnchar_here("segment", tmp_path / "a.txt", packed, "-o", f"{out}/").code == 0
    assert sorted(path.name for path in out.iterdir()) == ["a.txt", f"b.txt{suffix}"]
    assert cnchar_here("segment", packed).text == f"{WORDS}\n"
    # What was written under that suffix is packed too: segmenting it again finds the same words.
    assert cnchar_here("segment", out / f"b.txt{suffix}").text == f"{WORDS}\n"


def test_output_rules(cnchar_here: RunCommand, tmp_path: Path) -> None:
    one, two, out = tmp_path / "1.txt", tmp_path / "2.txt", tmp_path / "out"
    for path in (one, two):
        path.write_text(TEXT, encoding="utf-8")
    assert cnchar_here("segment", one, two).text == f"{WORDS}\n{WORDS}"  # joined, a line each
    assert cnchar_here("segment", one, "-o", out).code == 0
    assert out.read_text(encoding="utf-8") == WORDS
    out.write_text("mine", encoding="utf-8")
    again = cnchar_here("segment", one, "-o", out)
    assert (again.code, out.read_text(encoding="utf-8")) == (2, "mine")
    assert "--force" in again.message
    assert cnchar_here("segment", one, "-o", out, "--force").code == 0
    assert out.read_text(encoding="utf-8") == WORDS
    assert cnchar_here("segment", one, two, "-o", out).code == 2  # two inputs, but out is a file


@pytest.mark.parametrize(
    ("data", "options", "mentions"),
    [
        (None, [], ["in.txt", "no such file"]),
        (b"ok\n", ["--encoding", "klingon"], ["Unknown encoding", "klingon"]),
        ("好\n".encode() + b"ok \xff\n", [], ["in.txt, line 2", "0xff"]),
        (b'{}\n{"text": \n', ["--format", "jsonl"], ["in.txt, line 1", "'text'"]),
        (b'{"text": "a"}\n{"text": \n', ["--format", "jsonl"], ["in.txt, line 2", "not a JSON record"]),
        (b'{"text": 5}\n', ["--format", "jsonl"], ["in.txt, line 1", "not a text"]),
        (b"a\tb\nc\n", ["--format", "tsv", "--column", "2"], ["in.txt, line 2", "no column 2"]),
    ],
)
def test_bad_input(
    cnchar_here: RunCommand, tmp_path: Path, data: bytes | None, options: list[str], mentions: list[str]
) -> None:
    source, out = tmp_path / "in.txt", tmp_path / "out.txt"
    if data is not None:
        source.write_bytes(data)
    ran = cnchar_here("segment", source, "-o", out, *options)
    assert (ran.code, ran.out, out.exists(), ran.message.count("\n")) == (2, b"", False, 1)
    assert all(mention in ran.message for mention in mentions)
    assert [path.name for path in tmp_path.iterdir() if path != source] == []


@pytest.mark.parametrize("suffix", PACKERS)
@pytest.mark.parametrize("broken", ["truncated", "not an archive"])
def test_broken_archives(cnchar_here: RunCommand, tmp_path: Path, suffix: str, broken: str) -> None:
    packed = PACKERS[suffix]("".join(f"{TEXT}{n * n}\n" for n in range(9999)).encode())
    source = tmp_path / f"in{suffix}"
    source.write_bytes(packed[: len(packed) // 2] if broken == "truncated" else b"no archive at all")
    ran = cnchar_here("segment", source, "-o", tmp_path / "out.txt")
    assert (ran.code, ran.message.count("\n"), source.name in ran.message) == (2, 1, True)
    assert [path.name for path in tmp_path.iterdir()] == [source.name]


def test_a_folder_needs_an_output_folder(cnchar_here: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "in/deep").mkdir(parents=True)
    (tmp_path / "in/deep/a.txt").write_text(TEXT, encoding="utf-8")
    ran = cnchar_here("segment", tmp_path / "in")
    assert (ran.code, ran.out, ran.message.count("\n"), "is a folder" in ran.message) == (2, b"", 1, True)
    assert cnchar_here("segment", tmp_path / "in", "-o", tmp_path / "out").code == 0
    assert (tmp_path / "out/deep/a.txt").read_text(encoding="utf-8") == WORDS


def test_skipped_lines_are_told(cnchar_here: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(f"{TEXT}\n".encode() + b"\xff\n" + TEXT.encode())
    ran = cnchar_here("segment", tmp_path / "in", "--errors", "skip")
    assert (ran.code, ran.text) == (0, f"{WORDS}\n{WORDS}")
    assert "skipped: 1" in ran.message


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-16", "auto"])
def test_encodings(cnchar_here: RunCommand, tmp_path: Path, encoding: str) -> None:
    text = "他來到了北京大學，大家都很高興。\n" * 20
    (tmp_path / "in").write_bytes(text.encode("gb18030" if encoding == "auto" else encoding))
    ran = cnchar_here("segment", tmp_path / "in", "--encoding", encoding)
    assert (ran.code, ran.text.replace(" ", "")) == (0, text)


def test_a_program_that_writes_a_line_gets_its_answer() -> None:
    command = [sys.executable, "-m", "cnchar", "segment"]
    pipe = subprocess.PIPE
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, bufsize=0, stdin=pipe, stdout=pipe, env=environment) as process:
        assert process.stdin
        assert process.stdout
        try:
            for _ in range(3):
                process.stdin.write(f"{TEXT}\n".encode())
                assert select.select([process.stdout], [], [], 20)[0], "no answer"
                assert process.stdout.readline().decode() == f"{WORDS}\n"
            process.stdin.close()
            assert process.wait(20) == 0
        finally:
            process.kill()


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_reader_that_leaves_is_fine(tmp_path: Path, jobs: str) -> None:
    (tmp_path / "in").write_text(f"{TEXT}\n" * 100_000, encoding="utf-8")
    script = f'"$0" -m cnchar segment --jobs {jobs} "$1" | head -n 1; exit ${{PIPESTATUS[0]}}'
    command = ["bash", "-c", script, sys.executable, str(tmp_path / "in")]
    done = subprocess.run(command, capture_output=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stdout.decode(), done.stderr) == (0, f"{WORDS}\n", b"")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
def test_a_hundred_thousand_lines_in_flat_memory(tmp_path: Path) -> None:
    code = (
        "import pathlib; from cnchar.cli import exits, main; exits.run(main.app);"
        "print(pathlib.Path('/proc/self/status').read_text())"
    )
    peaks = []
    for lines in (10_000, 100_000):
        (tmp_path / "in").write_text(f"{TEXT}，{TEXT}，这是一行普通的文字。\n" * lines, encoding="utf-8")
        command = [sys.executable, "-c", code, "segment", str(tmp_path / "in"), "-o", os.devnull]
        status = subprocess.run(command, capture_output=True, cwd=ROOT, check=True, text=True).stdout
        peaks.append(int(status.split("VmHWM:")[1].split()[0]))
    assert peaks[1] < peaks[0] + 8_000, "kilobytes"


def test_a_line_of_ten_megabytes(cnchar_here: RunCommand, tmp_path: Path) -> None:
    line = (TEXT + "，") * 370_000
    assert len(line.encode()) > 9_900_000
    (tmp_path / "in").write_text(line + "\n短\n", encoding="utf-8")
    ran = cnchar_here("segment", tmp_path / "in")
    assert ran.code == 0
    long, short, end = ran.text.split("\n")
    assert (long.replace(" ", "") == line, short, end) == (True, "短", "")
    assert long.startswith(f"{WORDS} ， {WORDS} ， ")
