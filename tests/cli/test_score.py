"""`cnchar score` and what is composed of it, with a model whose bits are known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import RunCommand
from toy_lm import BITS, write_lm

TEXT = "天\n天地\r\n\n人\n地天"  # 1.5, 1, 3, 2.5 and 2 bits a character
NUMBERS = "1.5000\n1.0000\r\n3.0000\n2.5000\n2.0000"


@pytest.fixture(scope="module")
def lm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_lm(tmp_path_factory.mktemp("lm") / "lm")


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "text.txt"
    path.write_bytes(TEXT.encode())
    return path


def test_text_line_for_line(cnchar_here: RunCommand, lm: Path, text: Path) -> None:
    ran = cnchar_here("score", "--model", lm, text)
    assert (ran.code, ran.text, ran.message) == (0, NUMBERS, "")


def test_from_a_pipe_a_line_at_a_time(run_cnchar: RunCommand, lm: Path) -> None:
    assert run_cnchar("score", "-m", lm, "--line-buffered", given=TEXT.encode()).text == NUMBERS


def test_records_and_columns(cnchar_here: RunCommand, lm: Path, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": 7, "text": "天地"}\n人\n', encoding="utf-8")
    ran = cnchar_here("score", "--model", lm, "--format", "jsonl", tmp_path / "a.jsonl")
    assert ran.text == (
        '{"id": 7, "text": "天地", "score": {"bits": 3.0, "chars": 3, "bits_per_char": 1.0}}\n'
        '{"text": "人", "score": {"bits": 5.0, "chars": 2, "bits_per_char": 2.5}}\n'
    )
    (tmp_path / "a.tsv").write_text("1\t天地\tx\n", encoding="utf-8")
    ran = cnchar_here("score", "--model", lm, "--format", "tsv", "--column", "2", tmp_path / "a.tsv")
    assert ran.text == "1\t天地\t1.0000\tx\n"


def test_eval_runs_the_model_or_reads_its_scores(cnchar_here: RunCommand, lm: Path, text: Path, tmp_path: Path) -> None:
    text.write_text("".join(f"{line}\n" for line in BITS), encoding="utf-8")
    ran = cnchar_here("eval", "language", "--gold", text, "--model", lm, "--format", "json")
    report = json.loads(ran.text)
    (system,) = report["systems"]
    characters = sum(len(line) + 1 for line in BITS)
    wanted = sum(BITS.values()) / characters
    assert system["scores"]["bits_per_char"] == pytest.approx(wanted, abs=1e-5)
    assert system["scores"]["perplexity"] == pytest.approx(2**wanted, abs=1e-4)
    assert system["scores"]["accuracy"] == pytest.approx(4 / characters)  # 天, and 天地 with its end
    assert (system["name"], system["signature_fields"]["model"]) == ("toy-lm@2", "toy-lm@2")
    assert report["sources"] == {"gold": str(text), "model": str(lm)}
    scores = tmp_path / "scores.jsonl"
    assert cnchar_here("score", "--model", lm, "--format", "jsonl", text, "-o", scores).code == 0
    ran = cnchar_here(
        "eval", "language", "--gold", text, "--pred", scores, "--pred-format", "jsonl", "--format", "json"
    )
    (same,) = json.loads(ran.text)["systems"]
    assert same["scores"]["bits_per_char"] == pytest.approx(wanted, abs=1e-4)
    assert "accuracy" not in same["scores"]


def test_eval_by_slices_with_intervals(cnchar_here: RunCommand, lm: Path, tmp_path: Path) -> None:
    path = tmp_path / "text.jsonl"
    path.write_text('{"text": "天地", "of": "a"}\n{"text": "人", "of": "b"}\n', encoding="utf-8")
    more = ["--gold-format", "jsonl", "--slice", "of", "--bootstrap", "20", "--format", "json"]
    (system,) = json.loads(cnchar_here("eval", "language", "--gold", path, "--model", lm, *more).text)["systems"]
    (table,) = (table for table in system["tables"] if table["name"] == "slice:of")
    assert [(name, sentences, round(bits, 4)) for name, sentences, bits, *_ in table["rows"]] == [
        ("a", 1, 1.0),
        ("b", 1, 2.5),
    ]
    assert system["intervals"].keys() == system["scores"].keys()


def test_eval_wants_a_model_or_scores(cnchar_here: RunCommand, lm: Path, text: Path) -> None:
    for more in ([], ["--model", lm, "--pred", text]):
        ran = cnchar_here("eval", "language", "--gold", text, *more)
        assert (ran.code, ran.message.count("\n")) == (2, 1)
        assert "either --pred FILE or --model NAME" in ran.message


def test_clean_drops_what_is_hard_to_foresee(cnchar_here: RunCommand, lm: Path, text: Path, tmp_path: Path) -> None:
    report = tmp_path / "clean.json"
    limit = ["--max-bits-per-char", "2.1", "--lm", lm]
    ran = cnchar_here("clean", text, *limit, "--rules", "space", "--report", report)
    assert (ran.code, ran.text) == (0, "天\n天地\r\n地天")
    (_, step) = json.loads(report.read_text(encoding="utf-8"))["rules"]
    assert (step["rule"], step["lines"], step["dropped"]) == ("max-bits-per-char=2.1", 5, 2)
    ran = cnchar_here("clean", "--check", text, *limit)
    assert (ran.code, ran.message) == (
        1,
        "cnchar: The text is not clean: max-bits-per-char=2.1: 2 of 5 lines dropped.\n",
    )
    for half in (limit[:2], limit[2:]):
        ran = cnchar_here("clean", text, *half)
        assert (ran.code, "go together" in ran.message) == (2, True)


def test_several_processes_clean_alike(cnchar_here: RunCommand, lm: Path, text: Path) -> None:
    limit = ["--max-bits-per-char", "2.1", "--lm", lm, "--rules", "space"]
    assert cnchar_here("clean", text, *limit, "--jobs", "2").text == "天\n天地\r\n地天"


def test_no_such_model(cnchar_here: RunCommand, text: Path) -> None:
    for arguments in (["score", "--model"], ["eval", "language", "--gold", text, "--model"]):
        ran = cnchar_here(*arguments, "nowhere/lm", *([text] if arguments[0] == "score" else []))
        assert (ran.code, ran.message.count("\n")) == (2, 1)
        assert "nowhere/lm: no such model" in ran.message
