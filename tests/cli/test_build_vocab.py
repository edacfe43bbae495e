"""`cnchar build-vocab` on the command's own frame, in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from cnchar.cli import exits
from cnchar.cli.build_vocab import build_vocab_cli
from cnchar.text.vocab import Vocab

Run = Callable[..., tuple[int, str, str]]
SPECIALS = "[PAD]\n[UNK]\n[MASK]\n[BOS]\n[EOS]\n"


@pytest.fixture
def build(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """build(*arguments) -> (exit code, standard output, standard error)"""
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command("build-vocab")(build_vocab_cli)

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        code = exits.run(app, list(map(str, arguments)))
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return run


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "text.txt"
    path.write_bytes("乙甲 甲\r\n丁丙 甲\t\n".encode())
    return path


def test_characters_by_count_then_code_point(build: Run, text: Path) -> None:
    code, out, err = build(text)
    assert (code, out) == (0, SPECIALS + "甲\n\\u0020\n\\u0009\n丁\n丙\n乙\n")
    assert err == "9 characters, 6 different; 6 kept cover 100.0000% (size 11)\n"


def test_limits_and_report(build: Run, text: Path, tmp_path: Path) -> None:
    vocab, report = tmp_path / "vocab.txt", tmp_path / "report.json"
    code, out, err = build(text, text, "-o", vocab, "--min-count", "4", "--max-size", "6", "--report", report)
    assert (code, out, vocab.read_text()) == (0, "", SPECIALS + "甲\n")
    assert "most frequent left out: ' ' 4, '\\t' 2" in err
    assert Vocab.load(vocab).encode("甲乙") == [5, 1]
    data = json.loads(report.read_bytes())
    assert (data["characters"], data["kept"], data["covered"], data["size"]) == (18, 1, 6, 6)
    assert data["coverage"] == 6 / 18
    assert data["dropped"][0] == {"character": " ", "code_point": "U+0020", "count": 4}


def test_special_symbols_of_ones_own(build: Run, text: Path) -> None:
    assert build(text, "--special", "[UNK],<s>", "--coverage", "0.3")[1] == "[UNK]\n<s>\n甲\n"


def test_files_jobs_and_compression_give_the_same(build: Run, tmp_path: Path) -> None:
    import gzip

    whole = "".join(chr(0x4E00 + (number * number) % 3001) for number in range(700_000))
    (tmp_path / "a").write_text(whole[:400_000] + "\n")
    (tmp_path / "b.gz").write_bytes(gzip.compress((whole[400_000:] + "\n").encode("gb18030")))
    (tmp_path / "b").write_text(whole[400_000:])
    (tmp_path / "a.gb").write_bytes(whole[:400_000].encode("gb18030"))
    expected = build(tmp_path / "a", tmp_path / "b")
    assert build(tmp_path / "b", tmp_path / "a", "--jobs", "2") == expected
    assert build(tmp_path / "a.gb", tmp_path / "b.gz", "--encoding", "gb18030") == expected


def test_what_exists_is_kept(build: Run, text: Path, tmp_path: Path) -> None:
    (tmp_path / "vocab.txt").write_text("mine")
    code, _, err = build(tmp_path / "missing", "-o", tmp_path / "vocab.txt")
    assert (code, (tmp_path / "vocab.txt").read_text()) == (2, "mine")
    assert "--force" in err
    assert build(text, "-o", tmp_path / "vocab.txt", "--force")[0] == 0


def test_a_report_is_no_vocabulary(build: Run, text: Path, tmp_path: Path) -> None:
    assert build(text, "-o", tmp_path / "vocab.txt", "--report", tmp_path / "vocab.txt")[0] == 2
    assert not (tmp_path / "vocab.txt").exists()
    assert build(text, "-o", "-") == build(text)


def test_a_report_of_an_earlier_run_is_replaced(build: Run, text: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_text("of an earlier run")
    assert build(text, "--report", report)[0] == 0
    assert json.loads(report.read_bytes())["characters"] == 9


def test_a_failure_leaves_nothing(build: Run, tmp_path: Path) -> None:
    (tmp_path / "bad").write_bytes(b"\xff")
    code, out, err = build(tmp_path / "bad", "-o", tmp_path / "vocab.txt", "--report", tmp_path / "report.json")
    assert (code, out) == (2, "")
    assert "line 1" in err
    assert [path.name for path in tmp_path.iterdir()] == ["bad"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--max-size", "3"], "max_size 3 has no room"),
        (["--coverage", "1.5"], "coverage must be a share"),
        (["--special", "[PAD]"], "[UNK] must be one of the special symbols"),
        (["--special", "[UNK],x"], "'x' cannot be a special symbol"),
    ],
)
def test_bad_options_get_one_sentence(build: Run, text: Path, options: list[str], message: str) -> None:
    code, out, err = build(text, *options)
    assert (code, out) == (2, "")
    assert message in err
    assert len(err.splitlines()) == 1
