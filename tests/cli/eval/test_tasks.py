"""The tasks beside segment, as commands: each scores, resamples, gates, slices and reports alike."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import RunCommand, run_python

import cnchar
from cnchar.cli.reports import KINDS

HEAVY = {"torch", "onnxruntime", "sklearn", "seqeval", "sacrebleu", "pypinyin", "opencc", "chardet", "rich", "jieba"}


@dataclass(frozen=True)
class Case:
    """A task with a gold file, a prediction that errs, the same as records, and what comes of it."""

    task: str
    gold: str
    pred: str
    metric: str
    scores: dict[str, float]
    records: list[dict[str, Any]]  # of the gold file, without the slice
    options: tuple[str, ...] = ()
    n: int = 2

    def arguments(self, folder: Path) -> list[str]:
        """The command on files in this folder."""
        for name, text in (("gold", self.gold), ("pred", self.pred)):
            (folder / name).write_text(text, encoding="utf-8")
        return ["eval", self.task, "--gold", str(folder / "gold"), "--pred", str(folder / "pred"), *self.options]


CASES = [
    Case(
        "tag",
        "吴 B-PER\n阳 I-PER\n\n我 O\n",
        "吴 B-PER\n阳 B-PER\n\n我 O\n",
        "tag-f1|level:entity-bio",
        {"f1": 0.0, "lenient_f1": 0.0, "accuracy": 2 / 3, "exact": 0.5},
        [
            {"text": "吴阳", "tag": {"entities": [{"start": 0, "end": 2, "label": "PER"}]}},
            {"text": "我", "entities": []},
        ],
        ("--scheme", "BIO"),
    ),
    Case(
        "classify",
        "好\tpos\n坏\tneg\n",
        "pos\npos\n",
        "cls-acc|level:line",
        {"accuracy": 0.5, "macro_f1": 1 / 3},
        [{"text": "好", "classify": {"label": "pos"}}, {"text": "坏", "label": "neg"}],
    ),
    Case(
        "pinyin2hanzi",
        "ni hao\t你好\nta lai\t她来\n",
        "你好\n他来\n",
        "p2h-acc|level:char",
        {"accuracy": 0.75, "cer": 0.25, "exact": 0.5},
        [{"text": "ni hao", "pinyin2hanzi": {"text": "你好"}}, {"text": "ta lai", "target": "她来"}],
    ),
    Case(
        "correct",
        "高心\t高兴\n北京\t北京\n",
        "高兴\n背京\n",
        "csc-f1|level:sentence",
        {"sentence_correction_f1": 2 / 3, "char_detection_precision": 0.5, "false_alarm": 1.0},
        [{"text": "高心", "correct": {"text": "高兴"}}, {"source": "北京", "target": "北京"}],
    ),
    Case(
        "language",
        "天安门\n人\n",
        "1\t9\t3\n2\t6\t2\n",
        "lm-bpc|level:char",
        {"bits_per_char": 3.0, "perplexity": 8.0},
        [{"text": "天安门"}, {"text": "人"}],
    ),
    Case(
        "transduce",
        "你好世界\n她来自北京\n",
        "你好世界\n她 来自北京\n",
        "chrf|level:char",
        {"chrf": 1.0, "bleu": 1.0, "exact": 0.5},
        [{"transduce": {"text": "你好世界"}}, {"target": "她来自北京"}],
    ),
]
each_task = pytest.mark.parametrize("case", CASES, ids=[case.task for case in CASES])


@each_task
def test_scores(cnchar_here: RunCommand, tmp_path: Path, case: Case) -> None:
    ran = cnchar_here(*case.arguments(tmp_path), "--format", "json")
    assert (ran.code, ran.message) == (0, "")
    report = json.loads(ran.text)
    (system,) = report["systems"]
    digest = hashlib.sha256(case.gold.encode()).hexdigest()[:8]
    assert system["signature"] == (f"{case.metric}|norm:none|data:sha256:{digest}|n:{case.n}|v:{cnchar.__version__}")
    assert report["task"] == case.task
    assert report["sources"] == {"gold": str(tmp_path / "gold"), "pred": str(tmp_path / "pred")}
    assert next(iter(system["scores"])) == next(iter(case.scores))
    assert {name: system["scores"][name] for name in case.scores} == pytest.approx(case.scores)


@each_task
def test_gates_a_baseline_and_every_kind_of_report(cnchar_here: RunCommand, tmp_path: Path, case: Case) -> None:
    arguments = case.arguments(tmp_path)
    headline, value = next(iter(case.scores.items()))
    reports = [f"--report={kind}:{tmp_path / f'report.{kind}'}" for kind in KINDS]
    assert cnchar_here(*arguments, *reports, "--fail-under", f"{headline}={value:.9f}").code in (0, 1)
    assert all((tmp_path / f"report.{kind}").stat().st_size > 50 for kind in KINDS)
    baseline = ["--baseline", str(tmp_path / "report.json")]
    assert cnchar_here(*arguments, *baseline).code == 0
    perfect = 1e-9 if headline == "bits_per_char" else 1.000001
    failed = cnchar_here(*arguments, "--fail-under", f"{headline}={perfect}")
    assert (failed.code, failed.message.count("\n")) == (1, 1)
    (tmp_path / "gold").write_text(case.gold * 2, encoding="utf-8")
    (tmp_path / "pred").write_text(case.pred * 2, encoding="utf-8")
    if case.task != "language":  # whose second copy would have to go on counting lines
        other = cnchar_here(*arguments, *baseline)
        assert (other.code, other.message.count("\n")) == (2, 1)


@each_task
def test_intervals_and_pairs(cnchar_here: RunCommand, tmp_path: Path, case: Case) -> None:
    arguments = case.arguments(tmp_path)
    (tmp_path / "same").write_text(case.pred, encoding="utf-8")
    ran = cnchar_here(*arguments, "--pred", tmp_path / "same", "--paired", "--bootstrap", "50", "--format", "json")
    report = json.loads(ran.text)
    assert "|bs:50|seed:1|" in report["systems"][0]["signature"]
    for system in report["systems"]:
        assert system["intervals"].keys() == system["scores"].keys()
        assert all(low_high["low"] <= low_high["high"] for low_high in system["intervals"].values())
    assert {each["difference"] for each in report["comparisons"]} == {0.0}
    assert {each["p_randomization"] for each in report["comparisons"]} == {1.0}


@each_task
def test_records_and_slices(cnchar_here: RunCommand, tmp_path: Path, case: Case) -> None:
    arguments = case.arguments(tmp_path)
    expected = json.loads(cnchar_here(*arguments, "--format", "json").text)["systems"][0]
    records = [{**record, "domain": f"d{i}"} for i, record in enumerate(case.records)]
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    (tmp_path / "gold").write_text("\n".join(lines), encoding="utf-8")
    options = ["--gold-format", "jsonl", "--slice", "domain", "--format", "json"]
    (system,) = json.loads(cnchar_here(*arguments, *options).text)["systems"]
    assert system["scores"] == expected["scores"]
    assert system["counts"] == expected["counts"]
    (table,) = [table for table in system["tables"] if table["name"] == "slice:domain"]
    assert [row[:2] for row in table["rows"]] == [["d0", 1], ["d1", 1]]


@each_task
def test_the_gold_as_prediction_is_perfect_and_nothing_is_zero(
    cnchar_here: RunCommand, tmp_path: Path, case: Case
) -> None:
    arguments = case.arguments(tmp_path)
    if case.task != "language":
        (tmp_path / "pred").write_text(case.gold, encoding="utf-8")
        scores = json.loads(cnchar_here(*arguments, "--format", "json").text)["systems"][0]["scores"]
        assert set(scores.values()) == ({0.0, 1.0} if {"cer", "false_alarm"} & scores.keys() else {1.0})
    for name in ("gold", "pred"):
        (tmp_path / name).write_text("", encoding="utf-8")
    ran = cnchar_here(*arguments, "--bootstrap", "10", "--format", "json")
    assert ran.code == 0
    assert set(json.loads(ran.text)["systems"][0]["scores"].values()) == {0.0}


@each_task
def test_bad_input_is_one_sentence_and_exit_2(cnchar_here: RunCommand, tmp_path: Path, case: Case) -> None:
    arguments = case.arguments(tmp_path)
    for more, mention in (
        (["--pred", str(tmp_path / "none")], "no such file"),
        (["--slice", "domain"], "--slice reads a field of JSON records"),
        (["--gold-format", "jsonl"], "gold line 1: expected a JSON record"),
        (["--paired"], "--paired needs two --pred"),
        (["--fail-under", "beauty=1"], "beauty"),
        (["--encoding", "klingon"], "Unknown encoding"),
    ):
        ran = cnchar_here(*arguments, *more)
        assert (ran.code, ran.out, ran.message.count("\n")) == (2, b"", 1), more
        assert mention in ran.message
    (tmp_path / "pred").write_text(case.pred + case.pred.split("\n")[0].replace("1", "3") + "\n", encoding="utf-8")
    ran = cnchar_here(*arguments)
    assert (ran.code, ran.message.count("\n")) == (2, 1)
    assert " 2" in ran.message or " differ in text" in ran.message


def test_a_slice_of_scores_is_none_of_the_text(cnchar_here: RunCommand, tmp_path: Path) -> None:
    arguments = next(case for case in CASES if case.task == "language").arguments(tmp_path)
    ran = cnchar_here(*arguments, "--pred-format", "jsonl", "--slice", "domain")
    assert (ran.code, "give --gold-format jsonl" in ran.message) == (2, True)


def test_errors_top(cnchar_here: RunCommand, tmp_path: Path) -> None:
    for case in CASES:
        for top in (0, 1):
            ran = cnchar_here(*case.arguments(tmp_path), "--errors-top", str(top), "--format", "json")
            (system,) = json.loads(ran.text)["systems"]
            hardest = [len(table["rows"]) for table in system["tables"] if table["name"] == "hardest_lines"]
            found = sum(hardest) if case.task == "language" else len(system["errors"])
            assert found == top, case.task


@each_task
def test_needs_no_heavy_library(tmp_path: Path, case: Case) -> None:
    code = (
        f"from cnchar.cli import exits, main; assert exits.run(main.app, {case.arguments(tmp_path)!r}) == 0;"
        "import sys; print(*sys.modules, file=sys.stderr)"
    )
    ran = run_python("-c", code)
    assert ran.code == 0
    assert not HEAVY & set(ran.message.split())
