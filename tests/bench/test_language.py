"""The network and the n-grams beside each other: same lines, same characters, and what `eval language` would say."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import language
from bench.kneser_ney import KneserNey
from cnchar.corpus.held_out import is_held_out
from cnchar.errors import BadInput
from cnchar.evaluate.significance import Resampling
from cnchar.runtime.language import load_language
from cnchar.train.language.learn import train_language
from cnchar.train.language.options import PretrainOptions

LINES = [f"{day}日天{'地' * (day % 3)}雨" for day in range(1, 200)]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("bench")
    (folder / "news.txt").write_text("".join(f"{line}\n\n" for line in LINES), encoding="utf-8")
    sizes = ["backbone=cnn", "embedding=8", "hidden=8", "layers=1", "length=16", "max_steps=2"]
    train_language(PretrainOptions((str(folder / "news.txt"),)), folder / "lm", changes=sizes, quiet=True)
    return folder / "lm"


def test_both_learn_the_same_lines_and_are_scored_on_the_same_others(run: Path) -> None:
    base, other = language.rivals(run, order=3)
    held_out = [line for line in LINES if is_held_out(line)]
    learned = [line for line in LINES if not is_held_out(line)]
    assert list(language.training_lines(run)) == learned
    model = load_language(str(run))
    assert base.scores == list(KneserNey(learned, model.language.vocab, 3).score(held_out))
    assert [each.bits for each in other.scores] == pytest.approx([each.bits for each in model(held_out)])
    assert sum(each.characters for each in base.scores) == sum(each.characters for each in other.scores)


def test_the_interval_holds_the_difference(run: Path) -> None:
    base, other = language.rivals(run, order=3)
    found = language.difference(base, other, Resampling())
    assert found.difference == pytest.approx(float(other.row()[2]) - float(base.row()[2]), abs=2e-3)
    assert found.interval.low < found.difference < found.interval.high


def test_the_command_prints_a_row_each(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    language.main([str(run), "--order", "2"])
    printed = capsys.readouterr().out
    assert "| 2-gram, modified Kneser-Ney |" in printed
    assert "| cnn 8 x 1 |" in printed
    assert "held-out lines" in printed


def test_a_file_that_has_changed_is_told(run: Path) -> None:
    news = run.parent / "news.txt"
    before = news.read_bytes()
    news.write_bytes(before + "新的一行\n".encode())
    try:
        with pytest.raises(BadInput, match=r"news\.txt is not what it was"):
            list(language.training_lines(run))
    finally:
        news.write_bytes(before)
