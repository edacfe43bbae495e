"""`cnchar finetune segment`: from segmented text to a model that runs, and what is said when it cannot be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Ran, RunCommand, run_python
from full_disk import full
from toy_language import SMALL, lines, write_text

Finetune = Callable[..., Ran]
SETTINGS = [word for change in SMALL for word in ("--set", change)]


@pytest.fixture
def train(tmp_path: Path) -> Path:
    return write_text(tmp_path / "train.txt", 300, 1)


@pytest.fixture
def finetune(cnchar_here: RunCommand) -> Finetune:
    return lambda *options: cnchar_here("finetune", "segment", *options)


def said(ran: Ran) -> str:
    """The one sentence of a command that failed."""
    assert (ran.code, ran.out) == (2, b"")
    assert ran.message.startswith("cnchar: ") and ran.message.count("\n") == 1
    return ran.message


def test_train_and_run(finetune: Finetune, cnchar_here: RunCommand, train: Path, tmp_path: Path) -> None:
    dev = write_text(tmp_path / "dev.txt", 40, 2)
    ran = finetune("--train", train, "--dev", dev, "-o", tmp_path / "run", *SETTINGS, "--device", "cpu")
    assert (ran.code, ran.out) == (0, b"")
    assert ran.message.splitlines()[-1].startswith(f"{tmp_path / 'run'}: F1 ")
    gold = lines(40, 2)
    raw = tmp_path / "raw.txt"
    raw.write_text("".join(line.replace(" ", "") + "\n" for line in gold), encoding="utf-8")
    words = cnchar_here("segment", "--model", tmp_path / "run", raw).text.splitlines()
    assert sum(a == b for a, b in zip(words, gold, strict=True)) >= 36
    quiet = finetune("--resume", tmp_path / "run", "--quiet")  # of a finished run: the model is written again
    assert quiet.code == 0
    assert b"step" not in quiet.err
    again = said(finetune("--train", train, "-o", tmp_path / "run"))
    assert "exists already" in again and "--resume" in again


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["-o", "run"], "--train FILE -o FOLDER"),
        (["--train", "train.txt"], "--train FILE -o FOLDER"),
        (["--train", "no.txt", "-o", "run"], "no.txt: no such file"),
        (["--train", "empty.txt", "-o", "run"], "empty.txt has no line with text"),
        (["--train", "raw.txt", "-o", "run"], "no line has two words"),
        (["--train", "train.txt", "--dev", "empty.txt", "-o", "run"], "empty.txt has no line"),
        (["--train", "tags.txt", "--format", "conll", "-o", "run"], "tags.txt line 2: the tag 'Q'"),
        (["--train", "train.txt", "--encoding", "utf-9", "-o", "run"], "utf-9"),
        (["--train", "latin.txt", "-o", "run"], "latin.txt"),
        (["--train", "train.txt", "-o", "run", "--preset", "lstn"], "no such preset"),
        (["--train", "train.txt", "-o", "run", "--set", "hide=3"], "--set hide=3"),
        (["--train", "train.txt", "-o", "run", "--from", "slow"], "slow: no such model"),
        (["--train", "train.txt", "-o", "run", "--vocab", "empty.txt"], "empty.txt"),
        (["--train", "train.txt", "-o", "run", "--from", "fast", "--vocab", "vocab.txt"], "vocab.txt does not fit"),
        (["--train", "-", "-o", "run"], "standard input"),
        (["--resume", "empty"], "empty is not the folder of a training run"),
        (["--resume", "train.txt"], "train.txt is not the folder of a training run"),
        (["--resume", "empty", "--train", "train.txt"], "--resume goes on"),
        (["--resume", "empty", "--set", "lr=1"], "--resume goes on"),
    ],
)
def test_what_cannot_be(
    finetune: Finetune, train: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], message: str
) -> None:
    folder = train.parent
    monkeypatch.chdir(folder)
    (folder / "empty").mkdir()
    files = {"empty.txt": "", "raw.txt": "我们喝茶\n北京\n", "tags.txt": "我\tB\n们\tQ\n", "vocab.txt": "[UNK]\n我\n"}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "latin.txt").write_bytes("我们 喝 茶\n".encode("gb18030"))
    assert message in said(finetune(*options))
    assert not list(folder.glob("run/*"))


def test_a_full_disk(finetune: Finetune, train: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("cnchar.train.export.deploy.write_bundle", full)
    monkeypatch.setattr("cnchar.train.export.deploy.onnx_bytes", lambda model: b"")
    ran = finetune("--train", train, "-o", tmp_path / "run", *SETTINGS, "--set", "epochs=1", "--quiet")
    assert "No space left" in said(ran)
    assert (tmp_path / "run/best.safetensors").stat().st_size > 1000
    monkeypatch.undo()
    assert finetune("--resume", tmp_path / "run", "--quiet").code == 0


def test_without_torch() -> None:
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from cnchar.cli import exits, main\n"
        "sys.exit(exits.run(main.app, ['finetune', 'segment', '--train', 'a', '-o', 'b']))"
    )
    ran = run_python("-c", code)
    assert ran.code == 2
    assert ran.message == (
        "cnchar: cnchar finetune needs an optional dependency: pip install 'cnchar-toolkit[train]'.\n"
    )


def test_help_loads_nothing_heavy() -> None:
    code = (
        "from cnchar.cli import exits, main; exits.run(main.app, ['finetune', 'segment', '--help'])\n"
        "import sys; print(*sys.modules, file=sys.stderr)"
    )
    ran = run_python("-c", code)
    assert "--preset" in ran.text
    assert not set(ran.message.split()) & {"torch", "numpy", "onnxruntime", "safetensors"}
