from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from itertools import cycle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.errors import BadInput
from cnchar.evaluate import pairs
from cnchar.evaluate.known import KnownWords
from cnchar.evaluate.pairs import Side
from cnchar.evaluate.report import Table
from cnchar.evaluate.segmentation import Segmentation, count_segmentation, count_words, segmentation_scores
from evaluate.strategies import SPACES, corpora, spans

KNOWN = ("中", "中国", "人民", "国人民天", "a1", "天地", "\x00", "\U00020000。")


def brute_force(sentences: list[tuple[list[str], list[str]]], known: tuple[str, ...]) -> dict[str, int]:
    """The definition, word by word."""
    gold = [(i, span) for i, (words, _) in enumerate(sentences) for span in spans(words)]
    pred = [(i, span) for i, (_, words) in enumerate(sentences) for span in spans(words)]
    right = [word for word in gold if word in pred]
    unknown = [word for word in gold if word[1][2] not in known]
    return {
        "sentences": len(sentences),
        "exact_sentences": sum(words == others for words, others in sentences),
        "gold_words": len(gold),
        "pred_words": len(pred),
        "right_words": len(right),
        "oov_words": len(unknown),
        "oov_right": sum(word in pred for word in unknown),
    }


@given(corpora())
@settings(deadline=None, max_examples=300)
def test_counts_are_those_of_the_definition(sentences: list[tuple[list[str], list[str]]]) -> None:
    gold, pred = [words for words, _ in sentences], [words for _, words in sentences]
    found = count_words(gold, pred, known=KnownWords(KNOWN))
    assert found.tally.totals() == brute_force(sentences, KNOWN)
    assert lengths_of(found) == brute_force_lengths(sentences)


def lengths_of(found: Segmentation) -> list[tuple[object, ...]]:
    return [row[:3] for row in found.tables()[0].rows]


def brute_force_lengths(sentences: list[tuple[list[str], list[str]]]) -> list[tuple[object, ...]]:
    sides = [Counter(min(6, len(word)) for pair in sentences for word in pair[side]) for side in (0, 1)]
    return [(name, *(side[i] for side in sides)) for i, name in enumerate(("1", "2", "3", "4", "5", "6+"), 1)]


@given(corpora())
@settings(deadline=None, max_examples=50)
def test_every_sentence_is_kept_and_counted_for_its_groups(sentences: list[tuple[list[str], list[str]]]) -> None:
    gold, pred = ([" ".join(pair[side]) for pair in sentences] for side in (0, 1))
    names = ["odd" if i % 2 else "even" for i in range(len(gold))]
    found = count_segmentation(gold, pred, known=KnownWords(KNOWN), keep=True, groups={"slice:kind": names})
    alone = [list(brute_force([pair], KNOWN).values()) for pair in sentences]
    assert found.tally.kept().tolist() == alone
    for table in found.tally.tables():
        for name, size, f1, *_ in table.rows:
            part = count_words(
                *zip(*[pair for pair, kind in zip(sentences, names, strict=True) if kind == name], strict=True)
            )
            assert (size, f1) == (part.tally.sentences, part.tally.scores()["f1"])


@given(corpora(), st.lists(st.sampled_from(SPACES), min_size=1), st.integers(1, 40))
@settings(deadline=None, max_examples=100)
def test_kind_of_white_space_blank_lines_and_size_of_blocks_do_not_matter(
    sentences: list[tuple[list[str], list[str]]], spaces: list[str], block: int
) -> None:
    gold = [" ".join(words) for words, _ in sentences]
    pred = [spaced(words, spaces) for _, words in sentences]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pairs, "_BLOCK_CHARACTERS", block)
        counts = count_segmentation(["", *gold], [line for each in pred for line in (each, " \u3000")])
    plain = count_segmentation(gold, [" ".join(words) for _, words in sentences])
    assert counts.tally.totals() == plain.tally.totals()
    assert counts.tables() == plain.tables()


def spaced(words: list[str], spaces: list[str]) -> str:
    separators = cycle(spaces)
    return "".join(next(separators) + word for word in words) + next(separators) + "\n"


@pytest.mark.shared
@given(data=st.data())
@settings(deadline=None, max_examples=25)
def test_same_as_the_shared_scorer(data: st.DataObject, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    sentences = data.draw(corpora("中国人民天地a1。，\U00020000").filter(bool))
    folder = tmp_path_factory.mktemp("scorer")
    gold, pred = ("".join(" ".join(pair[side]) + "\n" for pair in sentences) for side in (0, 1))
    known = KnownWords(KNOWN[:6])
    counts = count_segmentation(gold.split("\n"), pred.split("\n"), known=known)
    if counts.tally.totals()["right_words"] == 0:
        return  # there the script divides by zero
    assert ours_as_theirs(counts) == run_scorer(shared, folder, gold, pred, KNOWN[:6])


def ours_as_theirs(found: Segmentation) -> dict[str, float]:
    counts, scores = found.tally.totals(), found.tally.scores()
    del scores["iv_recall"]
    return {
        **{name: round(value, 6) for name, value in scores.items()},
        "sentences": counts["sentences"],
        "words": counts["gold_words"],
    }


def run_scorer(shared: Path, folder: Path, gold: str, pred: str, known: tuple[str, ...]) -> dict[str, float]:
    names = []
    for name, text in (("gold", gold), ("pred", pred), ("known", "\n".join(known))):
        path = folder / name
        path.write_text(text, encoding="utf-8", newline="\n")
        names.append(str(path))
    command = [sys.executable, str(shared / "bench/score_cws.py"), names[0], names[1], "--known", names[2]]
    done = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    scores: dict[str, float] = json.loads(done.stdout)
    return scores


def test_scores_of_known_counts() -> None:
    counts = {"sentences": 4, "exact_sentences": 1, "gold_words": 10, "pred_words": 8, "right_words": 6}
    shares = {"f1": pytest.approx(2 / 3, abs=1e-15), "precision": 0.75, "recall": 0.6, "exact": 0.25}
    assert scores_of(counts) == shares
    assert list(scores_of(counts)) == list(shares)  # the headline first
    more = {"oov_rate": 0.3, "oov_recall": 1 / 3, "iv_recall": 5 / 7}
    assert scores_of({**counts, "oov_words": 3, "oov_right": 1}) == {**shares, **more}


def scores_of(counts: dict[str, int]) -> dict[str, float]:
    arrays = {name: np.array(float(value)) for name, value in counts.items()}
    return {name: float(value) for name, value in segmentation_scores(arrays).items()}


def test_nothing_to_score_gives_zeros() -> None:
    found = count_segmentation(["", " "], [], known=KnownWords([]))
    assert set(found.tally.totals().values()) == {0}
    assert set(found.tally.scores().values()) == {0.0}
    assert {cell for table in found.tables() for row in table.rows for cell in row[1:]} == {0}


def test_known_and_unknown_words_side_by_side() -> None:
    found = count_words([["中国", "人民", "天地"]], [["中国", "人", "民", "天地"]], known=KnownWords(["中国", "人民"]))
    assert found.tables()[1] == Table(
        "by_oov",
        ("words", "gold_words", "right_words", "recall"),
        (("known", 2, 1, 0.5), ("unknown", 1, 1, 1.0)),
    )


def test_every_kind_of_white_space_separates_and_nothing_else() -> None:
    lines = [f"中{chr(point)}国" for point in range(0x110000) if chr(point) != "\n"]
    found = count_segmentation(lines, lines, keep=True)
    words = found.tally.kept()[:, found.tally.metric.columns.index("gold_words")]
    assert words.tolist() == [len(line.split()) for line in lines]


def test_different_text_names_both_lines_and_shows_both_versions() -> None:
    gold = ["今天 天气 好", "", "他 来到 了 网易 杭研 大厦"]
    pred = ["今天 天气 好", "他 来 了 网易 杭研 大厦"]
    with pytest.raises(BadInput) as caught:
        count_segmentation(gold, pred, sides=(Side("g.txt"), Side("p.txt", "sentence")))
    assert str(caught.value) == (
        "g.txt line 3 and p.txt sentence 2 differ in text at character 3: '他来到了网易杭研大厦' against "
        "'他来了网易杭研大厦'; apart from white space both files must hold the same text."
    )


@pytest.mark.parametrize(
    ("gold", "pred", "shown"),
    [
        ("中" * 50, "中" * 49 + "国", f"'…{'中' * 20}中' against '…{'中' * 20}国'"),
        ("中国", "中国人", "'中国' against '中国人'"),
        ("中国" + "人" * 30, "国" + "人" * 30, f"'中国{'人' * 18}…' against '国{'人' * 19}…'"),
    ],
)
def test_the_difference_is_shown_in_its_surroundings(gold: str, pred: str, shown: str) -> None:
    with pytest.raises(BadInput, match="differ in text") as caught:
        count_segmentation([gold], [pred])
    assert shown in str(caught.value)


@pytest.mark.parametrize(("gold", "pred"), [(3, 2), (2, 3), (0, 1), (1, 0)])
def test_different_numbers_of_lines(gold: int, pred: int) -> None:
    with pytest.raises(BadInput, match=rf"^gold has {gold} lines that are not blank, pred has {pred}:"):
        count_segmentation(["中 国", ""] * gold, ["", "中国"] * pred)
