from __future__ import annotations

import json
import subprocess
import sys
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.errors import BadInput
from cnchar.evaluate import pairs
from cnchar.evaluate.known import KnownWords
from cnchar.evaluate.pairs import Side
from cnchar.evaluate.segmentation import SegmentationCounts, count_segmentation, count_words
from evaluate.strategies import SPACES, corpora, spans

KNOWN = ("中", "中国", "人民", "国人民天", "a1", "天地", "\x00", "\U00020000。")


def brute_force(sentences: list[tuple[list[str], list[str]]], known: tuple[str, ...]) -> SegmentationCounts:
    """The definition, word by word."""
    gold = [(i, span) for i, (words, _) in enumerate(sentences) for span in spans(words)]
    pred = [(i, span) for i, (_, words) in enumerate(sentences) for span in spans(words)]
    right = [word for word in gold if word in pred]
    unknown = [word for word in gold if word[1][2] not in known]
    return SegmentationCounts(
        sentences=len(sentences),
        exact_sentences=sum(words == others for words, others in sentences),
        gold_words=len(gold),
        pred_words=len(pred),
        right_words=len(right),
        oov_words=len(unknown),
        oov_right=sum(word in pred for word in unknown),
    )


@given(corpora())
@settings(deadline=None, max_examples=300)
def test_counts_are_those_of_the_definition(sentences: list[tuple[list[str], list[str]]]) -> None:
    gold, pred = [words for words, _ in sentences], [words for _, words in sentences]
    assert count_words(gold, pred, known=KnownWords(KNOWN)) == brute_force(sentences, KNOWN)


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
    assert counts == count_segmentation(gold, [" ".join(words) for _, words in sentences])


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
    if counts.right_words == 0:
        return  # there the script divides by zero
    assert ours_as_theirs(counts) == run_scorer(shared, folder, gold, pred, KNOWN[:6])


def ours_as_theirs(counts: SegmentationCounts) -> dict[str, float]:
    scores = counts.scores().as_dict()
    del scores["iv_recall"]
    return {
        **{name: round(value, 6) for name, value in scores.items()},
        "sentences": counts.sentences,
        "words": counts.gold_words,
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
    counts = SegmentationCounts(4, 1, 10, 8, 6, 3, 1)
    scores = counts.scores()
    assert scores.as_dict() == {
        "precision": 0.75,
        "recall": 0.6,
        "f1": pytest.approx(2 / 3, abs=1e-15),
        "exact": 0.25,
        "oov_rate": 0.3,
        "oov_recall": 1 / 3,
        "iv_recall": 5 / 7,
    }
    assert SegmentationCounts(1, 1, 2, 2, 2).scores().oov_recall is None


def test_nothing_to_score_gives_zeros() -> None:
    counts = count_segmentation(["", " "], [], known=KnownWords([]))
    assert counts == SegmentationCounts(0, 0, 0, 0, 0, 0, 0)
    assert set(counts.scores().as_dict().values()) == {0.0}


def test_counts_of_parts_add_up() -> None:
    gold, pred = ["中国 人民", "天地", "人 民"], ["中国 人 民", "天 地", "人 民"]
    parts = [count_segmentation([g], [p], known=KnownWords(KNOWN)) for g, p in zip(gold, pred, strict=True)]
    assert parts[0] + parts[1] + parts[2] == count_segmentation(gold, pred, known=KnownWords(KNOWN))


def test_every_kind_of_white_space_separates_and_nothing_else() -> None:
    for point in range(0x110000):
        if chr(point) != "\n" and (point < 0x3100 or point % 997 == 0 or chr(point).isspace()):
            counts = count_segmentation([f"中{chr(point)}国"], [f"中{chr(point)}国"])
            assert counts.gold_words == len(f"中{chr(point)}国".split()), hex(point)


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
