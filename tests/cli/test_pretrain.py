"""`cnchar pretrain`: from text to a model, further with --resume, and what is said when it cannot be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Ran, RunCommand, run_python
from toy_verse import SMALL, write_verses

Pretrain = Callable[..., Ran]
SETTINGS = [word for change in SMALL for word in ("--set", change)]


@pytest.fixture
def text(tmp_path: Path) -> Path:
    return write_verses(tmp_path / "verses.txt", 300)


@pytest.fixture
def pretrain(cnchar_here: RunCommand) -> Pretrain:
    return lambda *options: cnchar_here("pretrain", *options)


def said(ran: Ran) -> str:
    """The one sentence of a command that failed."""
    assert (ran.code, ran.out) == (2, b"")
    assert ran.message.startswith("cnchar: ") and ran.message.count("\n") == 1
    return ran.message


def test_build_a_vocabulary_pretrain_and_go_on(
    pretrain: Pretrain, cnchar_here: RunCommand, text: Path, tmp_path: Path
) -> None:
    vocab, run = tmp_path / "vocab.txt", tmp_path / "run"
    assert cnchar_here("build-vocab", text, "-o", vocab, "--max-size", 25).code == 0
    ran = pretrain(text, "--vocab", vocab, "-o", run, *SETTINGS, "--max-chars", "1K")
    assert (ran.code, ran.out) == (0, b"")
    assert f"{run}: " in ran.message and "bits_per_char on" in ran.message
    assert (run / "vocab.txt").read_bytes() == vocab.read_bytes()
    quiet = pretrain("--resume", run, "--max-chars", "3K", "--quiet")
    assert (quiet.code, quiet.err) == (0, b"")
    assert "--resume" in said(pretrain(text, "-o", run))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["-o", "run"], "cnchar pretrain FILE -o FOLDER"),
        (["verses.txt"], "cnchar pretrain FILE -o FOLDER"),
        (["no.txt", "-o", "run"], "no.txt: no such file"),
        (["-", "-o", "run"], "standard input"),
        (["empty.txt", "-o", "run"], "empty.txt has no line with text"),
        (["latin.txt", "-o", "run"], "latin.txt"),
        (["verses.txt", "-o", "run", "--vocab", "no.txt"], "no.txt cannot be read"),
        (["verses.txt", "-o", "run", "--vocab", "vocab.txt"], "without --special"),
        (["verses.txt", "-o", "run", "--preset", "gpt"], "no such preset"),
        (["verses.txt", "-o", "run", "--preset", "bilstm"], "bigrams and wide should be 0"),
        (["verses.txt", "-o", "run", "--set", "hide=3"], "--set hide=3"),
        (["verses.txt", "-o", "run", "--weight", "a*=2"], "no text file fits 'a*'"),
        (["verses.txt", "-o", "run", "--whole-words"], "--objective masked"),
        (["verses.txt", "-o", "run", "--max-chars", "many"], "no number of characters"),
        (["--resume", "empty"], "empty is not the folder of a training run"),
        (["--resume", "empty", "verses.txt"], "--resume goes on"),
        (["--resume", "empty", "--set", "lr=1"], "--resume goes on"),
    ],
)
def test_what_cannot_be(
    pretrain: Pretrain, text: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], message: str
) -> None:
    folder = text.parent
    monkeypatch.chdir(folder)
    (folder / "empty").mkdir()
    for name, content in {"empty.txt": "\n", "vocab.txt": "[UNK]\n我\n"}.items():
        (folder / name).write_text(content, encoding="utf-8")
    (folder / "latin.txt").write_bytes("我们喝茶\n".encode("gb18030"))
    assert message in said(pretrain(*options))
    assert not list(folder.glob("run/*"))


def test_without_torch() -> None:
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from cnchar.cli import exits, main\n"
        "sys.exit(exits.run(main.app, ['pretrain', 'a.txt', '-o', 'b']))"
    )
    ran = run_python("-c", code)
    assert ran.code == 2
    assert ran.message == (
        "cnchar: cnchar pretrain needs an optional dependency: pip install 'cnchar-toolkit[train]'.\n"
    )


def test_help_loads_nothing_heavy() -> None:
    code = (
        "from cnchar.cli import exits, main; exits.run(main.app, ['pretrain', '--help'])\n"
        "import sys; print(*sys.modules, file=sys.stderr)"
    )
    ran = run_python("-c", code)
    assert "--objective" in ran.text
    assert not set(ran.message.split()) & {"torch", "numpy", "onnxruntime", "safetensors"}
