"""`cnchar pretrain`: from text to a model, further with --resume, and what is said when it cannot be."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from conftest import Ran, RunCommand, run_python
from full_disk import largest_file
from toy_verse import SMALL, write_verses

from cnchar.train.language.learn import train_language
from cnchar.train.language.options import PretrainOptions

Pretrain = Callable[..., Ran]
SETTINGS = [word for change in SMALL for word in ("--set", change)]


@pytest.fixture
def text(tmp_path: Path) -> Path:
    return write_verses(tmp_path / "verses.txt", 300)


@pytest.fixture
def pretrain(cnchar_here: RunCommand) -> Pretrain:
    return lambda *options: cnchar_here("pretrain", *options)


@pytest.fixture
def no_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves the ONNX exports out, which take longer than the training."""
    monkeypatch.setattr("cnchar.train.export.deploy.onnx_bytes", lambda model: b"")
    monkeypatch.setattr("cnchar.train.language.write.step_bytes", lambda model: b"")


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
        (["empty", "-o", "run"], "empty is a folder without files"),
        (["verses.txt", "-o", "run", "--format", "jsonl", "--field", "body"], "the record has no field 'body'"),
        (["verses.txt", "-o", "run", "--format", "conll"], "verses.txt line 1"),
        (["verses.txt", "-o", "run", "--vocab", "no.txt"], "no.txt cannot be read"),
        (["verses.txt", "-o", "run", "--vocab", "vocab.txt"], "without --special"),
        (["verses.txt", "-o", "run", "--preset", "gpt"], "no such preset"),
        (["verses.txt", "-o", "run", "--set", "wide=64"], "neither wide nor prior"),
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


@pytest.mark.usefixtures("no_graph")
def test_records_and_columns(pretrain: Pretrain, cnchar_here: RunCommand, text: Path, tmp_path: Path) -> None:
    lines = text.read_text(encoding="utf-8").splitlines()
    records, run, vocab = tmp_path / "verses.jsonl", tmp_path / "run", tmp_path / "vocab.txt"
    written = (json.dumps({"doc": {"body": "\n".join(lines[i : i + 3])}}) for i in range(0, 300, 3))
    records.write_text("".join(f"{line}\n" for line in written), encoding="utf-8")
    records.write_bytes(records.read_bytes() + b'{"doc": {"body": "\xff"}}\n')
    found = ("--format", "jsonl", "--field", "doc.body", "--errors", "skip")
    assert cnchar_here("build-vocab", records, *found, "-o", vocab, "--quiet").code == 0
    assert pretrain(records, *found, "--vocab", vocab, "-o", run, *SETTINGS, "--max-chars", "500").code == 0
    shard = json.loads((run / "data/manifest.json").read_text(encoding="utf-8"))["shards"][0]
    assert (shard["lines"] + shard["held_out_lines"], shard["unknown"]) == (300, 0)
    assert pretrain("--resume", run, "--max-chars", "1K", "--quiet").code == 0


@pytest.fixture
def begun(no_graph: None, text: Path, tmp_path: Path) -> Path:
    """A run of a few steps."""
    changes = [*SMALL, "epochs=0", "max_chars=1000"]
    return train_language(PretrainOptions((str(text),)), tmp_path / "run", changes=changes, quiet=True).folder


@pytest.mark.parametrize(
    ("trouble", "message"),
    [
        ("disk", "No space left to write "),
        ("loss", "The loss is not a number any more at step "),
        ("vocabulary", "the prepared text is missing or altered"),
        ("model", "the weights are of another model than the one to train"),
        ("checkpoint", "not a checkpoint of cnchar, or damaged"),
    ],
)
def test_trouble_is_told_and_leaves_the_last_good_checkpoint(
    pretrain: Pretrain, begun: Path, trouble: str, message: str
) -> None:
    checkpoint, record = begun / "checkpoint.safetensors", begun / "run.json"
    if trouble == "vocabulary":
        with (begun / "data/vocab.txt").open("a", encoding="utf-8") as stream:
            stream.write("龘\n")
    elif trouble == "checkpoint":
        checkpoint.write_bytes(checkpoint.read_bytes()[:-9])
    elif trouble in ("model", "loss"):
        old, new = ('"layers": 1', '"layers": 2') if trouble == "model" else ('"lr": 0.02', '"lr": 1e30')
        record.write_text(record.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    before = checkpoint.read_bytes()
    with largest_file(len(before) // 2) if trouble == "disk" else nullcontext():
        assert message in said(pretrain("--resume", begun, "--max-chars", "5K", "--quiet"))
    assert checkpoint.read_bytes() == before


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
