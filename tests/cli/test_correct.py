"""`cnchar correct`: every option, files in and files and reports out."""

from __future__ import annotations

import gzip
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import jsonschema
import pytest
from conftest import Ran, RunCommand
from sarif import SCHEMA
from toy_correct import write_corrector

TEXT = "我今天非常高心，因为明天要去背京。"
RIGHT = "我今天非常高兴，因为明天要去北京。"
PAGE = f"---\ntitle: 背京\n---\n# 背京\n\n```\n{TEXT}\n```\n去`背京`背京\n"
Correct = Callable[..., Ran]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corrector(tmp_path_factory.mktemp("models") / "toy")


@pytest.fixture
def correct(cnchar_here: RunCommand, tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch) -> Correct:
    """correct(text, *options, name="in.txt") runs the command, in a folder of its own, on a file with that text."""
    monkeypatch.chdir(tmp_path)

    def run(text: str | bytes | None, *options: str | Path, name: str = "in.txt") -> Ran:
        if text is not None:
            Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return cnchar_here("correct", name, "-m", model, *options)

    return run


def told(ran: Ran) -> tuple[int, bytes, bytes]:
    """All that a command left behind."""
    return ran.code, ran.out, ran.err


def test_the_example_of_the_issue(run_cnchar: RunCommand, model: Path) -> None:
    ran = run_cnchar("correct", "-m", model, given=f"{TEXT}\n".encode())
    assert (ran.code, ran.text, ran.err) == (0, f"{RIGHT}\n", b"")


def test_lines_and_their_ends(correct: Correct) -> None:
    assert correct("\ufeff背京\r\n\n背京\u2028背京\n \n去背京").text == "北京\r\n\n北京\u2028北京\n \n去北京"


def test_the_record_of_the_contract(correct: Correct) -> None:
    ran = correct('{"id": 7, "text": "我很高心"}\n', "--format", "jsonl")
    record = json.loads(ran.text)
    score = record["correct"]["edits"][0].pop("score")
    edit = {"start": 3, "end": 4, "source": "心", "target": "兴"}
    assert record == {"id": 7, "text": "我很高心", "correct": {"text": "我很高兴", "edits": [edit]}}
    assert 0.5 < score < 1


def test_records_with_many_lines_and_other_fields(correct: Correct) -> None:
    record = {"a": {"b": "去\n背京"}, "correct": 1}
    answer = json.loads(correct(json.dumps(record), "--format", "jsonl", "--field", "a.b").text)
    assert answer["correct"]["text"] == "去\n北京"
    assert answer["correct"]["edits"][0]["start"] == 2


def test_columns(correct: Correct) -> None:
    assert correct("背京\t背京\tx\r\n2\t\ty", "--format", "tsv", "--column", "2").text == "背京\t北京\tx\r\n2\t\ty"
    ran = correct("一\t去背京\n", "--format", "tsv", "--column", "2", "--check")
    assert (ran.code, ran.text.split(" ")[0]) == (1, "in.txt:1:4:")


@pytest.mark.parametrize(
    ("name", "options", "text"),
    [
        ("a.md", (), PAGE.replace("# 背京", "# 北京").replace("`背京`背京", "`背京`北京")),
        ("a.txt", (), PAGE.replace("背京", "北京").replace("高心", "高兴")),
        ("a.md", ("--markup", "none"), PAGE.replace("背京", "北京").replace("高心", "高兴")),
        ("a.txt", ("--markup", "markdown"), PAGE.replace("# 背京", "# 北京").replace("`背京`背京", "`背京`北京")),
    ],
)
def test_markup(correct: Correct, name: str, options: tuple[str, ...], text: str) -> None:
    assert correct(PAGE, *options, name=name).text == text
    records = correct(PAGE, *options, "--format", "jsonl", name=name).text.splitlines()
    assert [json.loads(record)["correct"]["text"] for record in records] == text.splitlines()


def test_html_and_latex(correct: Correct) -> None:
    assert correct("<p title='背京'>背京</p>", name="a.html").text == "<p title='背京'>北京</p>"
    assert correct("\\label{背京}背京", name="a.tex").text == "\\label{背京}北京"


def test_wishes(correct: Correct) -> None:
    assert correct(TEXT, "--min-confidence", "0.95").text == TEXT.replace("背京", "北京")
    assert correct(TEXT, "--max-edits-per-line", "1").text == TEXT.replace("背京", "北京")
    assert correct(TEXT, "--same-sound").text == TEXT.replace("背京", "北京")
    assert correct(TEXT, "--max-edits-per-line", "0").text == TEXT


def test_own_words_and_pairs(correct: Correct, tmp_path: Path) -> None:
    (tmp_path / "terms.txt").write_text("颜值\n", encoding="utf-8")
    (tmp_path / "pairs.tsv").write_text("颜值\t言值\n明天\t今天\t0.9\n", encoding="utf-8")
    assert correct("颜值明天").text == "燕值明天"
    assert correct("颜值明天", "--protect", "terms.txt").text == "颜值明天"
    assert correct("颜值明天", "--confusion", "pairs.tsv").text == "言值今天"
    assert correct("颜值明天", "--confusion", "pairs.tsv", "--protect", "terms.txt").text == "颜值今天"
    (tmp_path / "pairs.tsv").write_text("颜值\t言值\n明天\t今\n", encoding="utf-8")
    ran = correct("颜值", "--confusion", "pairs.tsv")
    assert (ran.code, ran.out, ran.message.count("\n")) == (2, b"", 1)
    assert "pairs.tsv, line 2" in ran.message


def test_places_only(correct: Correct) -> None:
    ran = correct(TEXT, "--detect-only")
    assert ran.code == 0
    assert [line.rpartition(" ")[0] for line in ran.text.splitlines()] == [
        "in.txt:1:7: 我今天非常高[心]，因为明天要去背京。",
        "in.txt:1:15: 常高心，因为明天要去[背]京。",
    ]
    edits = json.loads(correct(TEXT, "--detect-only", "--format", "jsonl").text)["correct"]["edits"]
    assert [sorted(edit) for edit in edits] == [["end", "score", "source", "start"]] * 2


def test_check(correct: Correct) -> None:
    ran = correct(f"{TEXT}\n", "--check")
    assert (ran.code, ran.message) == (1, "cnchar: 2 places look wrong in 1 file.\n")
    assert ran.text.splitlines()[0].startswith("in.txt:1:7: 我今天非常高[心]，因为明天要去背京。 → 兴 0.")
    assert told(correct(f"{RIGHT}\n", "--check")) == (0, b"", b"")
    for form in ("jsonl", "diff", "sarif", "github"):
        assert correct(TEXT, "--check", "--format", form).code == 1
        assert correct(RIGHT, "--check", "--format", form).code == 0


def test_a_diff(correct: Correct) -> None:
    ran = correct(f"一\n{TEXT}\n", "--format", "diff")
    assert ran.text == f"--- a/in.txt\n+++ b/in.txt\n@@ -1,2 +1,2 @@\n 一\n-{TEXT}\n+{RIGHT}\n"


def test_one_report_on_many_files(correct: Correct, cnchar_here: RunCommand, tmp_path: Path, model: Path) -> None:
    (tmp_path / "docs" / "deep").mkdir(parents=True)
    for name, text in (("docs/a.md", PAGE), ("docs/deep/b.txt", TEXT), ("docs/c.txt", ""), ("docs/d.txt", RIGHT)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "docs/e.txt.gz").write_bytes(gzip.compress(TEXT.encode()))
    for inputs in (["docs"], ["docs/**/*.*"]):
        ran = cnchar_here("correct", *inputs, "-m", model, "--format", "sarif", "-o", "all.sarif", "--force")
        assert (ran.code, ran.out) == (0, b"")
        log = json.loads((tmp_path / "all.sarif").read_bytes())
        jsonschema.validate(log, SCHEMA)
        places = [result["locations"][0]["physicalLocation"] for result in log["runs"][0]["results"]]
        found = {(each["artifactLocation"]["uri"], each["region"]["startLine"]) for each in places}
        assert found == {("docs/a.md", 4), ("docs/a.md", 9), ("docs/deep/b.txt", 1), ("docs/e.txt.gz", 1)}
    assert cnchar_here("correct", "docs", "-m", model, "--format", "sarif", "-o", "all.sarif").code == 2
    listed = cnchar_here("correct", "docs", "-m", model, "--check", "--jobs", "2")
    assert (listed.code, listed.text.count("\n"), "in 3 files" in listed.message) == (1, 6, True)
    diff = cnchar_here("correct", "docs", "-m", model, "--format", "diff").text
    assert [line for line in diff.split("\n") if line.startswith("+++")] == [
        "+++ b/docs/a.md", "+++ b/docs/deep/b.txt", "+++ b/docs/e.txt.gz"
    ]  # fmt: skip


def test_a_baseline(correct: Correct) -> None:
    assert correct(f"{TEXT}\n", "--write-baseline", "known.json").message == "2 places look wrong in 1 file.\n"
    assert told(correct(f"好\n{TEXT}\n", "--baseline", "known.json", "--check")) == (0, b"", b"")
    assert correct(f"{TEXT}\n去背京\n", "--baseline", "known.json").text == f"{TEXT}\n去北京\n"
    ran = correct(f"{TEXT}\n去背京\n", "--baseline", "known.json", "--check")
    assert (ran.code, ran.text.count("\n")) == (1, 1)
    columns = ("--format", "tsv", "--column", "2", "--baseline", "columns.json")
    assert correct("背\t去背京\n", *columns[:4], "--write-baseline", "columns.json", name="t.tsv").code == 0
    assert told(correct("背\t去背京\n", *columns, "--check", name="t.tsv")) == (0, b"", b"")
    assert correct("背\t去背京\n", *columns, name="t.tsv").text == "背\t去背京\n"
    again = correct(None, "--baseline", "known.json", "--write-baseline", "known.json")
    assert again.message == "3 places look wrong in 1 file.\n"
    assert correct(None, "--baseline", "known.json", "--check").code == 0
    assert correct(None, "--baseline", "in.txt").code == 2


def test_in_place(correct: Correct, tmp_path: Path) -> None:
    ran = correct(f"{TEXT}\r\n去背京", "--in-place")
    assert (ran.code, ran.out, ran.message) == (0, b"", "3 places mended in 1 file.\n")
    assert (tmp_path / "in.txt").read_bytes() == f"{RIGHT}\r\n去北京".encode()
    assert (tmp_path / "in.txt.bak").read_bytes() == f"{TEXT}\r\n去背京".encode()
    refused = correct(TEXT, "--in-place")
    assert (refused.code, "in.txt.bak exists already" in refused.message) == (2, True)
    assert (tmp_path / "in.txt").read_text(encoding="utf-8") == TEXT
    assert told(correct(TEXT, "--in-place", "--backup", "~", "-q")) == (0, b"", b"")
    assert (tmp_path / "in.txt~").read_text(encoding="utf-8") == TEXT
    assert correct(TEXT, "--in-place", "--backup", "").code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.txt", "in.txt.bak", "in.txt~"]


def test_a_folder_in_place(correct: Correct, cnchar_here: RunCommand, tmp_path: Path, model: Path) -> None:
    (tmp_path / "docs").mkdir()
    page, clean = tmp_path / "docs/a.md", tmp_path / "docs/b.md"
    page.write_text(PAGE, encoding="utf-8")
    clean.write_bytes(b"\xef\xbb\xbfclean\n")
    before = clean.stat()
    assert cnchar_here("correct", "docs", "-m", model, "-i", "--jobs", "2").code == 0
    assert page.read_text(encoding="utf-8").count("北京") == 2
    assert (clean.stat().st_ino, clean.read_bytes()) == (before.st_ino, b"\xef\xbb\xbfclean\n")
    assert sorted(path.name for path in (tmp_path / "docs").iterdir()) == ["a.md", "a.md.bak", "b.md"]
    again = cnchar_here("correct", "docs", "-m", model, "-i", "--force")
    assert (again.code, again.message) == (0, "Nothing looks wrong.\n")
    assert (tmp_path / "docs/a.md.bak").read_text(encoding="utf-8") == PAGE


def test_a_file_in_place_has_no_colour(correct: Correct, tmp_path: Path) -> None:
    assert correct(TEXT, "-i", "--color", "always").code == 0
    assert (tmp_path / "in.txt").read_text(encoding="utf-8") == RIGHT


def test_backups_are_no_text_of_a_folder(cnchar_here: RunCommand, tmp_path: Path, model: Path) -> None:
    page = tmp_path / "docs" / "a.md"
    page.parent.mkdir()
    page.write_text(PAGE, encoding="utf-8")
    docs = str(page.parent)
    assert cnchar_here("correct", docs, "-m", model, "-i").code == 0
    for options in (["-i", "--backup", ""], ["-i", "--backup", ".old"], ["--check"]):
        assert cnchar_here("correct", docs, "-m", model, *options).code == 0
    assert page.with_name("a.md.bak").read_text(encoding="utf-8") == PAGE


def test_a_folder_may_have_pictures(cnchar_here: RunCommand, tmp_path: Path, model: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    (tmp_path / "b.txt").write_text(f"{RIGHT}\n", encoding="utf-8")
    ran = cnchar_here("correct", str(tmp_path), "-m", model, "--check")
    assert (ran.code, ran.message) == (0, f"No text, so left out: {tmp_path}/a.png.\n")
    assert cnchar_here("correct", str(tmp_path / "a.png"), "-m", model, "--check").code == 2


def test_bad_bytes_in_place_change_nothing(correct: Correct, tmp_path: Path) -> None:
    data = f"{TEXT}\n".encode() + b"\xff\n"
    ran = correct(data, "--in-place")
    assert (ran.code, ran.message.count("\n")) == (2, 1)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("in.txt", data)]


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_in_place_survives_a_kill(tmp_path: Path, model: Path, end: signal.Signals) -> None:
    """Whatever the moment, the file is the old or the new one."""
    path, old = tmp_path / "a.txt", f"{TEXT}\n" * 3000
    for pause in (0.3, 0.6, 0.8):
        path.write_text(old, encoding="utf-8")
        arguments = [sys.executable, "-m", "cnchar", "correct", str(path), "-m", str(model), "-i", "--backup", ""]
        process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(pause)
        process.send_signal(end)
        process.wait(60)
        assert path.read_text(encoding="utf-8") in (old, f"{RIGHT}\n" * 3000)


@pytest.mark.parametrize(
    "options",
    [
        ["--in-place", "--check"],
        ["--in-place", "-o", "x"],
        ["--in-place", "--format", "jsonl"],
        ["--in-place", "--detect-only"],
        ["--in-place", "--encoding", "gb18030"],
        ["--in-place", "--errors", "replace"],
        ["--detect-only", "--format", "diff"],
        ["--format", "diff", "--encoding", "gb18030"],
        ["--format", "diff", "--errors", "skip"],
        ["--write-baseline", "x", "--check"],
        ["--min-confidence", "2"],
        ["--protect", "nowhere"],
        ["--confusion", "nowhere"],
        ["--baseline", "nowhere"],
        ["--field", "x", "--format", "jsonl"],
        ["--column", "2", "--format", "tsv"],
        ["-m", "nowhere"],
    ],
)
def test_what_cannot_be_meant(correct: Correct, tmp_path: Path, options: list[str]) -> None:
    ran = correct(TEXT, *options)
    assert (ran.code, ran.out, ran.message.count("\n")) == (2, b"", 1)
    assert [path.name for path in tmp_path.iterdir()] == ["in.txt"]


def test_in_place_needs_a_file(run_cnchar: RunCommand, model: Path) -> None:
    ran = run_cnchar("correct", "-m", model, "-i", given=TEXT.encode())
    assert (ran.code, ran.out, ran.message.count("\n")) == (2, b"", 1)


def test_color(correct: Correct) -> None:
    assert correct("去背京", "--color", "always").text == "去\x1b[32m\x1b[1m北\x1b[0m京"
    assert "\x1b" not in correct("去背京").text
    assert "\x1b[31m-去背京\x1b[0m" in correct("去背京", "--color", "always", "--format", "diff").text


@pytest.mark.parametrize(
    ("choice", "output", "seen", "wanted"),
    [("always", "x", False, True), ("never", None, True, False), ("auto", None, True, True), ("auto", "x", True, False),
     ("auto", None, False, False)],
)  # fmt: skip
def test_color_is_for_terminals(
    monkeypatch: pytest.MonkeyPatch,
    choice: Literal["auto", "always", "never"],
    output: str | None,
    seen: bool,
    wanted: bool,
) -> None:
    from cnchar.runtime.correct_reports import wants_color

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: seen, raising=False)
    assert wants_color(choice, output) == wanted
    monkeypatch.setenv("NO_COLOR", "1")
    assert wants_color(choice, output) == (choice == "always")


def test_encodings(correct: Correct) -> None:
    assert correct("去背京\n".encode("gb18030"), "--encoding", "gb18030").text == "去北京\n"
    assert correct(b"\xff\n" + "去背京\n".encode(), "--errors", "skip").text == "去北京\n"


def test_jobs_and_blocks_change_nothing(correct: Correct) -> None:
    filler = "x" * 150 + "\n"
    text = "".join(f"{filler}```\n背京\n{filler}```\n去`背京`背京\n" for n in range(1_000))
    one = correct(text, name="a.md")
    assert one.text == text.replace("`背京`背京", "`背京`北京")
    assert told(correct(text, "--jobs", "2", name="a.md")) == told(one)


def test_a_very_long_line(correct: Correct) -> None:
    ran = correct(TEXT * 5_000)
    assert (ran.code, ran.text, ran.err) == (0, RIGHT * 5_000, b"")
