"""The n-gram model against probabilities worked out by hand (discounts of 0.5, 1 and 1.5 of counts 1, 2 and more)."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import kneser_ney
from bench.kneser_ney import FALLBACK, KneserNey, discounts
from cnchar.corpus.line_scores import ScoreFile
from cnchar.text.vocab import Vocab

VOCAB = Vocab("天地")
TOY = ["天地", "天地", "地"]
TEXT = st.text("天天地人", max_size=9)  # 人 is unknown


def chances(model: KneserNey, line: str) -> list[float]:
    return model.probabilities([line])[0].tolist()


def test_bigrams_by_hand() -> None:
    """Counts: [BOS]天 2, [BOS]地 1, 天地 2, 地[EOS] 3. Seen after how many: 天 1, 地 2, [EOS] 1."""
    model = KneserNey(TOY, VOCAB, order=2)
    sky, earth, end, unknown = 0.5 / 4 + 0.5 / 4, 1 / 4 + 0.5 / 4, 0.5 / 4 + 0.5 / 4, 0.5 / 4
    assert sky + earth + end + unknown == 1
    assert chances(model, "天地") == pytest.approx(
        [(2 - 1) / 3 + (1 + 0.5) / 3 * sky, (2 - 1) / 2 + 1 / 2 * earth, (3 - 1.5) / 3 + 1.5 / 3 * end]
    )
    assert chances(model, "人天") == pytest.approx([0.5 * unknown, sky, 1 / 2 * end])


def test_trigrams_by_hand() -> None:
    """As contexts of trigrams, 天地 has one left neighbour and 地[EOS] two; what begins a line keeps its count."""
    model = KneserNey(TOY, VOCAB, order=3)
    earth, end = (1 - 0.5) / 1 + 0.5 * 0.375, (2 - 1) / 2 + 1 / 2 * 0.25
    assert chances(model, "天地") == pytest.approx([1 / 3 + 0.5 * 0.25, 1 / 2 + 1 / 2 * earth, 1 / 2 + 1 / 2 * end])


def test_unigrams_and_a_text_shorter_than_the_order() -> None:
    model = KneserNey(["天"], VOCAB, order=1)
    assert chances(model, "天地") == pytest.approx([0.25 + 0.125, 0.125, 0.25 + 0.125])
    assert len(KneserNey(["天"], VOCAB, order=5).orders) == 3  # [BOS]天[EOS]


def test_discounts_by_hand() -> None:
    counts = [1] * 8 + [2] * 4 + [3] * 2 + [4] + [9] * 5
    assert discounts(np.array(counts)) == (0.5, 1.25, 2.0)
    assert discounts(np.array([1, 2, 3])) == FALLBACK


@given(
    st.lists(st.text("天地人", max_size=6), min_size=1, max_size=30), st.text("天地人", max_size=6), st.integers(1, 5)
)
@settings(deadline=None, max_examples=60)
def test_what_can_come_next_has_a_probability_of_one(lines: list[str], before: str, order: int) -> None:
    model = KneserNey(lines, VOCAB, order)
    ends = [chances(model, before + each)[len(before)] for each in ("天", "地", "人", "")]
    assert sum(ends) == pytest.approx(1)
    assert min(ends) > 0


class Plain:
    """The same model as the textbook has it: dictionaries, and one probability at a time."""

    def __init__(self, lines: list[str], order: int) -> None:
        texts = [["<", *(ch if ch in VOCAB else "?" for ch in line), ">"] for line in lines]
        grams = [Counter(tuple(t[i : i + n]) for t in texts for i in range(len(t) - n + 1)) for n in range(order + 1)]
        self.counts: list[dict[tuple[str, ...], int]] = [{}]
        for n in range(1, order + 1):
            ways = Counter(gram[1:] for gram in grams[n + 1]) if n < order else grams[n]
            self.counts.append({g: grams[n][g] if g[0] == "<" else ways[g] for g in grams[n] if g != ("<",)})

    def chance(self, before: tuple[str, ...], symbol: str) -> float:
        counts = self.counts[len(before) + 1]
        after = [count for gram, count in counts.items() if gram[:-1] == before]
        shorter = self.chance(before[1:], symbol) if before else 1 / 4
        if not after:
            return shorter
        rates = (0.0, *discounts(np.array(list(counts.values()))))
        own = counts.get((*before, symbol), 0)
        left = sum(rates[min(count, 3)] for count in after) / sum(after)
        return (own - rates[min(own, 3)]) / sum(after) + left * shorter


@given(
    st.lists(st.text("天天地人", max_size=9), min_size=1, max_size=40), st.text("天地人", max_size=9), st.integers(1, 4)
)
@settings(deadline=None, max_examples=60)
def test_arrays_count_as_dictionaries_do(lines: list[str], line: str, order: int) -> None:
    plain, text = Plain(lines, order), ["<", *(ch if ch in VOCAB else "?" for ch in line), ">"]
    wanted = [plain.chance(tuple(text[max(0, i - order + 1) : i]), text[i]) for i in range(1, len(text))]
    assert chances(KneserNey(lines, VOCAB, order), line) == pytest.approx(wanted)


def test_the_command_writes_what_eval_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    VOCAB.save(tmp_path / "vocab.txt")
    (tmp_path / "train.txt").write_text("\n".join(TOY) + "\n", encoding="utf-8")
    (tmp_path / "text.txt").write_text("天地\n\n", encoding="utf-8")
    kneser_ney.main(
        [str(tmp_path / "train.txt"), "--vocab", str(tmp_path / "vocab.txt"), "--score", str(tmp_path / "text.txt")]
    )
    (tmp_path / "scores.jsonl").write_text(capsys.readouterr().out, encoding="utf-8")
    model = KneserNey(TOY, VOCAB)
    bits, characters = zip(*ScoreFile(str(tmp_path / "scores.jsonl"), "jsonl").scores(), strict=True)
    assert bits == pytest.approx([-math.fsum(map(math.log2, chances(model, line))) for line in ("天地", "")], abs=1e-3)
    assert characters == (3, 1)


def test_what_is_held_out_is_not_counted(tmp_path: Path) -> None:
    lines = [str(number) for number in range(100)]
    (tmp_path / "train.txt").write_text("\n \n".join(lines) + "\n", encoding="utf-8")
    found = list(kneser_ney.training_lines([str(tmp_path / "train.txt")]))
    assert found == [line for line in lines if hashlib.sha1(line.encode()).hexdigest()[-1] != "0"]
    assert 0 < len(found) < 100


def test_no_text_is_told() -> None:
    with pytest.raises(ValueError, match="at least one line"):
        KneserNey([], VOCAB)
