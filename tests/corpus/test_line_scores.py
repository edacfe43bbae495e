from __future__ import annotations

from pathlib import Path

import pytest

from cnchar.corpus.answers import AnswerFile
from cnchar.corpus.line_scores import ScoreFile, pair_scores
from cnchar.errors import BadInput
from cnchar.evaluate.language import ScoredLine


def pairs(folder: Path, gold: str, pred: str, form: str = "text") -> list[ScoredLine]:
    paths = folder / "gold", folder / "pred"
    for path, text in zip(paths, (gold, pred), strict=True):
        path.write_text(text, encoding="utf-8")
    return list(pair_scores(AnswerFile(str(paths[0]), ("text",), columns="whole"), ScoreFile(str(paths[1]), form)))


SCORED = [ScoredLine(1, "天安\t门", 12.5, 4), ScoredLine(2, "", 0.25, 1)]


@pytest.mark.parametrize(
    ("pred", "form"),
    [
        ("1\t12.5\t4\n2\t0.25\t1\n", "text"),
        ('{"line": 1, "bits": 12.5, "chars": 4, "x": 0}\n\n{"line": 2, "bits": 0.25, "chars": 1}\n', "jsonl"),
        ('{"text": "天", "score": {"bits": 12.5, "chars": 4}}\n{"score": {"bits": 0.25, "chars": 1}}\n', "jsonl"),
    ],
)
def test_pairs(tmp_path: Path, pred: str, form: str) -> None:
    assert pairs(tmp_path, "天安\t门\n\n", pred, form) == SCORED


@pytest.mark.parametrize(
    ("line", "form"),
    [
        *((line, "text") for line in ("天安门\t9\t3", "2\t9\t3", "1\t9", "1\t9\t3\t4", "1\tnan\t3", "1\tinf\t3")),
        *((line, "text") for line in ("1\t-1\t3", "1\t9\t3.5", "1\t9\tx", "", "1\t9\tinf")),
        *((line, "jsonl") for line in ('{"line": 1, "bits": 9}', '{"line": 1, "bits": [9], "chars": 3}')),
    ],
)
def test_what_is_no_score(tmp_path: Path, line: str, form: str) -> None:
    with pytest.raises(BadInput, match="pred line 1 should give line, bits, chars: 1, the number of the line"):
        pairs(tmp_path, "天安门\n", line + "\n", form)


def test_the_text_must_be_the_same(tmp_path: Path) -> None:
    assert [line.characters for line in pairs(tmp_path, "天\n安\n", "1\t9\t1\n2\t9\t2\n")] == [1, 2]
    with pytest.raises(BadInput, match=r"pred line 2 is for 3 characters, but line 2 of .*gold has 1 "):
        pairs(tmp_path, "天\n安\n", "1\t9\t1\n2\t9\t3\n")
    with pytest.raises(BadInput, match=r"gold has 2 lines, .*pred has 1"):
        pairs(tmp_path, "天\n安\n", "1\t9\t1\n")
    with pytest.raises(BadInput, match="Unknown format 'tsv'"):
        pairs(tmp_path, "天\n", "1\t9\t1\n", "tsv")
