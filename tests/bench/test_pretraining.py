"""The table of what pretraining is worth, with sizes that say nothing about it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bench import pretraining
from bench.pretraining import Corpus, Trial
from cnchar.train.engine.run_folder import read_run
from cnchar.train.language.learn import train_language
from cnchar.train.language.options import PretrainOptions

WORDS = [
    f"今天 是 {month}月 {day}日 ， {'天气 很 好' if day % 2 else '下雨 了'} 。"
    for month in (1, 2)
    for day in range(1, 29)
]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("bench")
    text = pretraining.write(folder / "text.txt", ("".join(line.split()) for line in WORDS))
    sizes = ["backbone=cnn", "embedding=8", "hidden=8", "layers=3", "dropout=0.1", "length=16", "max_steps=2"]
    train_language(PretrainOptions((text,), objective="masked"), folder / "base", changes=sizes, quiet=True)
    return folder / "base"


@pytest.fixture(scope="module")
def corpus(base: Path) -> Corpus:
    paths = [base.parent / f"{name}.txt" for name in ("train", "dev", "test")]
    for path in paths:
        pretraining.write(path, WORDS)
    return Corpus(*paths)


@pytest.fixture(scope="module")
def trained(base: Path, corpus: Corpus) -> dict[Trial, Path]:
    trials = [Trial(0.5, 1, pretrained) for pretrained in (False, True)]
    return {trial: pretraining.train(trial, base, corpus, base.parent, budget=2000) for trial in trials}


def test_both_train_the_same_network_on_the_same_lines(base: Path, trained: dict[Trial, Path]) -> None:
    plain, pretrained = (read_run(run)["config"] for run in trained.values())
    assert plain["model"] == pretrained["model"]
    assert plain["train"] == pretrained["train"]
    assert plain["options"]["start"] is None
    assert pretrained["options"]["start"] == str(base)
    read = [Path(run["options"]["train"][0]).read_text(encoding="utf-8") for run in (plain, pretrained)]
    assert read[0] == read[1]
    assert len(read[0].splitlines()) == len(WORDS) // 2


def test_what_is_done_is_not_done_again(
    base: Path,
    corpus: Corpus,
    trained: dict[Trial, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    copies = {trial: Path(shutil.copytree(run, tmp_path / run.name)) for trial, run in trained.items()}
    monkeypatch.setattr(pretraining, "train", lambda trial, *_: copies.pop(trial))
    files = [f"--{name}={getattr(corpus, name)}" for name in ("train", "dev", "test")]
    asked = [f"--base={base}", *files, f"--output={tmp_path}", "--shares", "0.5", "--seeds", "1", "--budget", "2000"]
    pretraining.main(asked)
    table = capsys.readouterr().out
    assert not copies
    scores = [pretraining.score(run, corpus.test) for run in trained.values()]
    assert f"| 50% (28) | {100 * scores[0]:.2f} ± 0.00 | {100 * scores[1]:.2f} ± 0.00 |" in table
    pretraining.main(asked)
    assert capsys.readouterr().out == table
    assert not list(tmp_path.glob("*/run.json"))


def test_means_and_deviations() -> None:
    assert pretraining.row(0.01, 1850, [0.8, 0.82], [0.9, 0.9]) == (
        "1% (1,850)",
        "81.00 ± 1.41",
        "90.00 ± 0.00",
        "+9.00",
    )


def test_a_share_is_some_of_the_lines_in_their_order(corpus: Corpus) -> None:
    some = corpus.share(0.25, seed=1)
    assert some == [line for line in WORDS if line in set(some)]
    assert len(some) == 14
    assert some != corpus.share(0.25, seed=2)
    assert corpus.share(1.0, seed=3) == WORDS
