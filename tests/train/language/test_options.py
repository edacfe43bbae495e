from __future__ import annotations

from pathlib import Path

import pytest

from cnchar.errors import BadInput
from cnchar.train.language.options import PretrainOptions
from cnchar.train.language.pretrain import characters


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("news_a.txt", "news_b.txt", "verse.txt"):
        (tmp_path / name).write_text("一一二三三三\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_paths_become_whole_and_globs_unfold(folder: Path) -> None:
    names = ["news_a.txt", "news_b.txt", "verse.txt"]
    expected = tuple(str(folder / name) for name in names)
    for given in (tuple(names), (".",), ("*.txt",), ("news_*", "verse.txt")):
        assert PretrainOptions(given, vocab="v.txt").checked().text == expected
    assert PretrainOptions(("verse.txt",), vocab="v.txt").checked().vocab == str(folder / "v.txt")


def test_weights_by_name(folder: Path) -> None:
    asked = PretrainOptions(("*.txt",), weights=("news*=0.5", f"{folder}/news_b.txt=3"))
    assert asked.weights_of(asked.checked().text) == (0.5, 3.0, 1.0)


@pytest.mark.parametrize(
    "weight", ["wiki*=1", "verse.txt=0", "verse.txt=-1", "verse.txt=nan", "verse.txt", "=1", "verse.txt="]
)
def test_weights_that_cannot_be(folder: Path, weight: str) -> None:
    with pytest.raises(BadInput, match="--weight "):
        PretrainOptions(("*.txt",), weights=(weight,)).checked()


def test_whole_words_are_for_the_masked_objective(folder: Path) -> None:
    PretrainOptions(("verse.txt",), objective="masked", whole_words=True).checked()
    with pytest.raises(BadInput, match="--objective masked"):
        PretrainOptions(("verse.txt",), whole_words=True).checked()


def test_without_a_vocabulary_it_is_that_of_the_text(folder: Path) -> None:
    alphabet = PretrainOptions((str(folder / "verse.txt"),)).alphabet()
    assert alphabet.vocab.characters == ("三", "一")


@pytest.mark.parametrize(
    ("text", "size"), [("5000", 5000), ("200K", 200_000), ("1.5m", 1_500_000), (" 2G ", 2_000_000_000)]
)
def test_numbers_of_characters(text: str, size: int) -> None:
    assert characters(text) == size


@pytest.mark.parametrize("text", ["", "many", "0", "-3", "1e6", "3T", "0.0001K"])
def test_what_is_no_number_of_characters(text: str) -> None:
    with pytest.raises(BadInput, match="no number of characters"):
        characters(text)
