"""`cnchar eval correct --model`: a model is scored as its output in a file would be, and on text without errors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import RunCommand
from evaluate.oracles import run_scorer
from toy_correct import write_corrector

PAIRS = [
    ("我很高心", "我很高兴"),
    ("去背京", "去北京"),
    ("颜值很高", "颜值很高"),  # a false alarm
    ("我门走吧", "我们走吧"),
    ("因位今天", "因为明天"),  # detected in part
    ("今天很好", "今天很好"),
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corrector(tmp_path_factory.mktemp("models") / "toy")


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "gold.tsv"
    path.write_text("".join(f"{source}\t{target}\n" for source, target in PAIRS), encoding="utf-8")
    return path


def system(text: str) -> dict[str, Any]:
    (found,) = json.loads(text)["systems"]
    return dict(found)


def rows(found: dict[str, Any], name: str) -> list[dict[str, Any]]:
    (table,) = [table for table in found["tables"] if table["name"] == name]
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]


def test_a_model_scores_as_its_output_does(cnchar_here: RunCommand, tmp_path: Path, model: Path, gold: Path) -> None:
    pred = tmp_path / "pred.txt"
    cnchar_here("correct", gold, "-m", model, "--format", "tsv", "-o", tmp_path / "both.tsv")
    lines = (tmp_path / "both.tsv").read_text(encoding="utf-8").splitlines()
    pred.write_text("".join(line.split("\t")[0] + "\n" for line in lines), encoding="utf-8")
    ran = cnchar_here("eval", "correct", "--gold", gold, "--model", model, "--format", "json")
    assert (ran.code, ran.message) == (0, "")
    mine = system(ran.text)
    theirs = system(cnchar_here("eval", "correct", "--gold", gold, "--pred", pred, "--format", "json").text)
    assert mine["scores"] == theirs["scores"] and mine["counts"] == theirs["counts"]
    assert mine["counts"]["false_alarms"] == 1
    assert mine["signature"].endswith(f"|n:6|model:toy-correct@2|v:{mine['signature'].rpartition(':')[2]}")
    assert [(row["type"], row["characters"]) for row in rows(mine, "by_error_type")] == [
        ("same sound", 3),
        ("other", 2),
    ]


@pytest.mark.shared
def test_the_same_as_the_shared_scorer(
    cnchar_here: RunCommand, tmp_path: Path, model: Path, gold: Path, shared: Path
) -> None:
    from cnchar.runtime.corrector import load_corrector

    corrected = [found.text for found in load_corrector(str(model))(source for source, _ in PAIRS)]
    theirs = run_scorer(shared, "score_csc", tmp_path, ("\t".join(pair) for pair in PAIRS), corrected)
    mine = system(cnchar_here("eval", "correct", "--gold", gold, "--model", model, "--format", "json").text)["scores"]
    for level in ("sentence_detection", "sentence_correction", "char_detection", "char_correction"):
        for short, name in (("p", "precision"), ("r", "recall"), ("f1", "f1")):
            assert mine[f"{level}_{name}"] == pytest.approx(theirs[level][short], abs=1e-5)
    assert mine["false_alarm"] == pytest.approx(theirs["false_alarm"], abs=1e-5)


def test_text_without_errors(cnchar_here: RunCommand, tmp_path: Path, model: Path, gold: Path) -> None:
    (tmp_path / "news.tsv").write_text("颜值很高\t颜值很高\n今天\t今天\n" * 2, encoding="utf-8")
    (tmp_path / "blog.txt").write_text("今天很好\n\n", encoding="utf-8")
    clean = ["--clean", tmp_path / "news.tsv", "--clean", tmp_path / "blog.txt"]
    arguments = ["eval", "correct", "--gold", gold, "--model", model, *clean]
    found = system(cnchar_here(*arguments, "--format", "json").text)
    assert found["scores"]["clean_changed"] == pytest.approx(2 / 6)
    assert found["scores"]["clean_edits_per_10k"] == pytest.approx(10_000 * 2 / 16)
    counts = [(row["lines"], row["characters"], row["clean_changed"]) for row in rows(found, "clean_text")]
    assert counts == [(4, 12, 0.5), (2, 4, 0.0)]
    assert [Path(row["file"]).name for row in rows(found, "clean_text")] == ["news.tsv", "blog.txt"]
    failed = cnchar_here(*arguments, "--fail-under", "clean_changed=0.01")
    assert (failed.code, "clean_changed" in failed.message) == (1, True)
    assert "clean edits per 10k" in cnchar_here(*arguments).text


def test_thresholds(cnchar_here: RunCommand, model: Path, gold: Path) -> None:
    arguments = ["eval", "correct", "--gold", gold, "--model", model, "--format", "json"]
    found = system(cnchar_here(*arguments).text)
    table = rows(found, "by_threshold")
    assert [row["threshold"] for row in table] == ["0.5", "0.6", "0.7", "0.8", "0.85", "0.9", "0.95", "0.98", "0.99"]
    strict = system(cnchar_here(*arguments, "--min-confidence", "0.95").text)
    chosen = {row["threshold"]: row["sentence_correction_f1"] for row in table}
    assert strict["scores"]["sentence_correction_f1"] == chosen["0.95"] != chosen["0.5"]
    assert found["scores"]["sentence_correction_f1"] == chosen["0.5"]
    odd = system(cnchar_here(*arguments, "--min-confidence", "0.123").text)
    assert rows(odd, "by_threshold")[0]["threshold"] == "0.123"


@pytest.mark.parametrize(
    "options",
    [
        ["--pred", "gold.tsv", "--clean", "gold.tsv"],
        ["--pred", "gold.tsv", "--min-confidence", "0.5"],
        ["--pred", "gold.tsv", "--model", "correct"],
        ["--model", "nowhere"],
        [],
    ],
)
def test_what_cannot_be_meant(
    cnchar_here: RunCommand, gold: Path, options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(gold.parent)
    ran = cnchar_here("eval", "correct", "--gold", "gold.tsv", *options)
    assert (ran.code, ran.out, ran.message.count("\n")) == (2, b"", 1)


def test_pairs_of_unequal_length(cnchar_here: RunCommand, tmp_path: Path, model: Path) -> None:
    (tmp_path / "bad.tsv").write_text("甲\t甲\n甲乙\t甲\n", encoding="utf-8")
    ran = cnchar_here("eval", "correct", "--gold", tmp_path / "bad.tsv", "--model", model)
    assert (ran.code, ran.out, "bad.tsv line 2: the target has 1 characters" in ran.message) == (2, b"", True)
