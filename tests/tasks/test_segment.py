"""From scores to words: nothing lost, white space apart, certain neighbours together."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.decode.viterbi import TRANSITIONS, B, E, M, S
from cnchar.lookup.symbols import SymbolTable
from cnchar.lookup.userdict import UserDictionary
from cnchar.tasks.segment import LONGEST, bmes, constrain, decode, join_words, mark, to_codes, to_text, words_of

TABLE = SymbolTable(list("我们在北京"), {})


def cut(text: str, scores: np.ndarray, user: UserDictionary | None = None) -> list[tuple[str, ...]]:
    codes = to_codes(text)
    marks = mark(text, codes, TABLE.read(codes)[1], user)
    scores = scores.copy()
    constrain(scores, marks, 16.0)
    ends = decode(scores, codes, marks)
    lines = list(words_of(text, ends, marks.space))
    flat = [[w for w in line.words if not w.isspace() or " " in (user.words if user else ())] for line in lines]
    if not user:
        assert join_words(codes, ends, marks.space, "/") == "\n".join("/".join(line) for line in flat)
        assert join_words(codes, ends, marks.space, "<>") == "\n".join("<>".join(line) for line in flat)
    assert [line.text for line in lines] == text.split("\n")
    for line in lines:
        assert "".join(line.words) == line.text
        assert [line.text[a:b] for a, b in line.spans] == list(line.words)
    return [line.words for line in lines]


def single(text: str) -> np.ndarray:
    """Scores that favour words of one character."""
    scores = np.zeros((4, len(text)), np.int32)
    scores[S] = 10
    return scores


@settings(deadline=None, max_examples=150)
@given(st.text(st.characters(codec="utf-8"), max_size=60), st.integers(0, 2**32 - 1))
def test_nothing_is_lost_and_white_space_stands_apart(text: str, seed: int) -> None:
    scores = np.random.default_rng(seed).integers(-99, 99, (4, len(text))).astype(np.int32)
    for words in cut(text, scores):
        assert all(words)
        assert all(word.isspace() or not any(c.isspace() for c in word) for word in words)
        assert not any(a.isspace() and b.isspace() for a, b in itertools.pairwise(words))


@given(st.text(max_size=40))
def test_codes_and_text_are_inverse(text: str) -> None:
    assert to_text(to_codes(text)) == text


@pytest.mark.parametrize(
    "together",
    [
        "https://example.com/a?b=1#c",
        "www.example.cn/路"[:15],
        "a.b+c@example.com.cn",
        "3.14",
        "1,000.5",
        "iPhone15",
        "👩‍👩‍👧",
        "🇨🇳",
        "👍🏽",
        "é",
    ],
)
def test_what_belongs_together_stays_together(together: str) -> None:
    text = f"在{together}，在"
    assert cut(text, single(text)) == [("在", together, "，", "在")]


def test_neighbouring_lines_do_not_touch() -> None:
    assert cut("\n我\n\n们 \n", single("\n我\n\n们 \n")) == [(), ("我",), (), ("们", " "), ()]


def test_a_long_run_is_cut_where_the_scores_say() -> None:
    size = 5 * LONGEST
    scores = np.zeros((4, size), np.int32)
    scores[B, ::2] = scores[E, 1::2] = 50
    words = cut("我们" * (size // 2), scores)[0]
    assert set(words) == {"我们"}


def test_a_very_long_url_is_one_word() -> None:
    url = "https://example.com/" + "a-b/" * LONGEST
    assert cut(f"在{url}", single(f"在{url}")) == [("在", url)]


def test_forced_words_are_always_words_longest_first() -> None:
    user = UserDictionary({"在北": 1, "在北京": 1, "我": 1}, "force")
    text = "我们在北京"
    scores = np.zeros((4, 5), np.int32)
    scores[M] = scores[B] = 1000  # the model wants one long word
    assert cut(text, scores, user) == [("我", "们", "在北京")]


def test_preferred_words_compete_by_weight() -> None:
    text = "我们在北京"
    for weight, expected in ((1_000_000, ("我", "们在", "北", "京")), (1, ("我", "们", "在", "北", "京"))):
        scores = single(text) * 8  # 5 nats for every word of one character
        assert cut(text, scores, UserDictionary({"们在": weight}))[0] == expected


def test_user_words_may_hold_spaces_and_punctuation() -> None:
    text = "在New York，我"
    user = UserDictionary({"New York": 100, "，我": 10**6})
    assert cut(text, single(text), user)[0] == ("在", "New York", "，我")


def test_bmes() -> None:
    assert bmes(("我", "我们", "北京人", "在北京人")) == "SBEBMEBMME"
    assert (B, M, E, S) == (0, 1, 2, 3)


@settings(deadline=None, max_examples=60)
@given(st.text("我们，。 ", max_size=7), st.integers(0, 2**32 - 1))
def test_steps_between_tags_count_across_punctuation(text: str, seed: int) -> None:
    """Punctuation that is a word for sure is not decoded, but what the steps from and to its S are worth is."""
    random = np.random.default_rng(seed)
    scores = random.integers(-50, 50, (4, len(text))).astype(np.int32)
    steps = random.integers(-50, 50, (4, 4)).astype(np.int32)
    codes = to_codes(text)
    marks = mark(text, codes, TABLE.read(codes)[1])
    before = scores.copy()
    ends = decode(scores, codes, marks, steps)
    assert (scores == before).all()
    for piece in re.finditer(r"\S+", text):
        start, stop = piece.span()
        paths = [
            path
            for path in itertools.product((B, M, E, S), repeat=stop - start)
            if path[0] in (B, S)
            and path[-1] in (E, S)
            and set(itertools.pairwise(path)) <= set(TRANSITIONS)
            and all(tag == S for tag, c in zip(path, piece[0], strict=True) if c in "，。")
        ]
        values = [
            sum(scores[tag, start + i] for i, tag in enumerate(path)) + sum(steps[s] for s in itertools.pairwise(path))
            for path in paths
        ]
        best = [path for path, value in zip(paths, values, strict=True) if value == max(values)]
        assert ends[start:stop].tolist() in [[tag in (E, S) for tag in path] for path in best]
