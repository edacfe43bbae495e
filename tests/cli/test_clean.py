"""`cnchar clean` on the command's own frame, in this process: files in, files and standard output out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from cnchar.cli import exits
from cnchar.cli.clean import clean_cli

Run = Callable[..., tuple[int, bytes, str]]


@pytest.fixture
def clean(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """clean(text, *options) -> (exit code, standard output, standard error)"""
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command("clean")(clean_cli)
    path = tmp_path / "in.txt"

    def run(text: str | bytes, *options: str | Path) -> tuple[int, bytes, str]:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        code = exits.run(app, [str(path), "--quiet", *map(str, options)])
        out, err = capfdbinary.readouterr()
        return code, out, err.decode()

    return run


RAW = "<p>你好　ＡＢＣ，世界！！</p>\n看http://t.cn/abc 繁體\n\n好。他来了\n"


def test_default_rules_keep_every_line(clean: Run) -> None:
    assert clean(RAW) == (0, "你好 ABC，世界！！\n看http://t.cn/abc 繁體\n\n好。他来了\n".encode(), "")


def test_the_example_of_the_help(clean: Run, tmp_path: Path) -> None:
    report = tmp_path / "clean.json"
    code, out, _ = clean(RAW, "--rules", "html,url,width,space,simplify", "--report", report)
    assert (code, out.decode()) == (0, "你好 ABC，世界！！\n看 繁体\n\n好。他来了\n")
    data = json.loads(report.read_bytes())
    assert data["schema_version"] == 1
    assert [(rule["rule"], rule["changed"]) for rule in data["rules"]] == [
        ("html", 1), ("url", 1), ("width", 1), ("space", 1), ("simplify", 1),
    ]  # fmt: skip
    assert (data["lines_in"], data["lines_out"]) == (4, 4)


def test_lines_are_dropped_and_split(clean: Run) -> None:
    assert clean(RAW, "-r", "html,split,minlen=2,dedup")[1].decode() == (
        "你好　ＡＢＣ，世界！！\n看http://t.cn/abc 繁體\n好。\n他来了\n"
    )


@pytest.mark.parametrize(
    ("given", "rules", "out"),
    [
        (b"", "default", b""),
        (b"\n", "default", b"\n"),
        (b"a \r\nb\nc \r\n", "space", b"a\r\nb\nc\r\n"),
        (b"aa\nb", "minlen=2", b"aa\n"),
        (b"a\nbb", "minlen=2", b"bb"),
        (b"a\r\nb!\r\nc", "minlen=2", b"b!\r\n"),
        (b"\xef\xbb\xbfa\0b", "control", b"ab"),
        ("甲。乙。".encode(), "split", "甲。\n乙。".encode()),
        (b"a\n", "minlen=2", b""),
    ],
)
def test_line_ends(clean: Run, given: bytes, rules: str, out: bytes) -> None:
    assert clean(given, "--rules", rules) == (0, out, "")


def test_jsonl_keeps_the_record(clean: Run) -> None:
    records = (
        '{"id": 7, "text": "<b>好</b>。走"}\n纯文本\n{"text": "x", "clean": 1, "n": 1.50}\n{"text": "\\ud800a\\nb"}\n'
    )
    code, out, _ = clean(records, "--format", "jsonl", "--rules", "html,split")
    assert (code, out.decode()) == (
        0,
        '{"id": 7, "text": "<b>好</b>。走", "clean": {"text": "好。"}}\n'
        '{"id": 7, "text": "<b>好</b>。走", "clean": {"text": "走"}}\n'
        '{"text": "纯文本", "clean": {"text": "纯文本"}}\n'
        '{"text": "x", "clean": {"text": "x"}, "n": 1.50}\n'
        '{"text": "\\ud800a\\nb", "clean": {"text": "\\ud800a"}}\n'
        '{"text": "\\ud800a\\nb", "clean": {"text": "b"}}\n',
    )


def test_jsonl_drops_records_and_reads_nested_fields(clean: Run) -> None:
    records = '{"a": {"b": "短"}}\n{"a": {"b": "够长了"}}\n'
    out = clean(records, "--format", "jsonl", "--field", "a.b", "--rules", "minlen=2")[1]
    assert out.decode() == '{"a": {"b": "够长了"}, "clean": {"text": "够长了"}}\n'


def test_tsv_replaces_the_column(clean: Run) -> None:
    out = clean("1\t<b>好</b>。走\tx\n2\t\ty\n", "--format", "tsv", "--column", "2", "-r", "html,split,minlen=1")[1]
    assert out.decode() == "1\t好。\tx\n1\t走\tx\n"


def test_check_writes_nothing_and_tells(clean: Run, tmp_path: Path) -> None:
    code, out, err = clean(RAW, "--check", "--report", tmp_path / "r.json")
    assert (code, out) == (1, b"")
    assert "html: 1 of 4 lines changed; width: 1 of 4 lines changed; space: 1 of 4 lines changed" in err
    assert json.loads((tmp_path / "r.json").read_bytes())["rules"][0]["changed"] == 1


def test_check_of_clean_text(clean: Run) -> None:
    assert clean("干净的一行。\n\n另一行", "--check") == (0, b"", "")


def test_jobs_change_nothing(clean: Run) -> None:
    text = "".join(f"<b>第{number % 5000}行</b>　的文字，其余都一样！！！\n" for number in range(30_000))
    rules = ("--rules", "html,width,space,repeat,dedup,minlen=5,dedup")
    one, two = clean(text, *rules), clean(text, *rules, "--jobs", "2")
    assert one == two
    assert one[1].count(b"\n") == 5000


def test_a_line_of_10_mb(clean: Run) -> None:
    line = "<b>很长</b>的一行，" * 400_000
    code, out, _ = clean(line + "\n短")
    assert (code, out.decode()) == (0, "很长的一行，" * 400_000 + "\n短")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--rules", "htlm"], "Unknown rule 'htlm'; did you mean 'html'? See cnchar clean --list-rules."),
        (["--rules", "minlen=x"], "must be a whole number from 1, not 'x'"),
        (["--check", "-o", "out.txt"], "--check writes no text"),
        (["--encoding", "nosuch"], "Unknown encoding 'nosuch'"),
        (["--format", "tsv", "--column", "2"], "in.txt, line 1: no column 2"),
        (["--rules", "stopwords=/nowhere"], "/nowhere cannot be read as a list of stop words"),
    ],
)
def test_bad_options_get_one_sentence(clean: Run, options: list[str], message: str) -> None:
    code, out, err = clean("一行\n", *options)
    assert (code, out) == (2, b"")
    assert message in err
    assert len(err.splitlines()) == 1


def test_a_report_of_an_earlier_run_is_replaced_but_not_by_a_failure(clean: Run, tmp_path: Path) -> None:
    report = tmp_path / "r.json"
    report.write_text("of an earlier run")
    code, out, _ = clean(b"\xff", "--report", report)
    assert (code, out, report.read_text()) == (2, b"", "of an earlier run")
    assert clean(RAW, "--report", report)[0] == 0
    assert json.loads(report.read_bytes())["lines_in"] == 4


def test_invalid_bytes(clean: Run) -> None:
    code, out, err = clean("好\n".encode() + b"\xff\n")
    assert (code, b"\xff" in out) == (2, False)
    assert "in.txt, line 2" in err
    assert clean(b"a \n\xff\nb", "--errors", "skip")[1] == b"a\nb"
    assert clean(b"a \n\xff", "--errors", "replace")[1].decode() == "a\n\ufffd"


def test_several_files_to_a_folder(clean: Run, tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("<i>乙</i>")
    code, out, _ = clean("<i>甲</i>", tmp_path / "b.txt", "-o", tmp_path / "out")
    assert (code, out) == (0, b"")
    assert [(path.name, path.read_text()) for path in sorted((tmp_path / "out").iterdir())] == [
        ("b.txt", "乙"),
        ("in.txt", "甲"),
    ]


def test_list_rules_needs_no_input(clean: Run) -> None:
    code, out, _ = clean("", "--list-rules")
    assert code == 0
    assert out.decode().startswith("html ")
    assert "default = html,control,width,space" in out.decode()


def test_a_report_never_replaces_an_input(clean: Run, tmp_path: Path) -> None:
    code, out, err = clean("甲 ", "--report", tmp_path / "in.txt")
    assert (code, out) == (2, b"")
    assert "would replace a file" in err
    assert (tmp_path / "in.txt").read_text() == "甲 "
    for report in (tmp_path / "out.txt", tmp_path / "in.txt"):
        code, _, _ = clean("甲 ", "-o", tmp_path / "out.txt", "--report", report)
        assert (code, (tmp_path / "out.txt").exists()) == (2, False)
    assert clean("甲 ", "--report", "-")[0] == 2


def test_an_entity_makes_no_column(clean: Run) -> None:
    assert clean("1\ta&#9;b\tx\n", "--rules", "html", "--format", "tsv", "--column", "2")[1] == b"1\ta b\tx\n"
