"""What holds for every rule and every text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.text.cleaning import RULES, Cleaner
from cnchar.text.cleaning.rule import Kind, Rule
from cnchar.text.normalise import is_hanzi

# Traps: what is cut out must not leave a new match behind, wherever it stood.
TRAPS = st.sampled_from([
    "http://", "www.", "a", "b1", ".cn", "@", "@b", ":", "：", "回复", "//", "_", "-", "·", " ", "\u3000", "\t", "。",
    "！", "!", ".", ",", "…", "—", "1", "3.1", "[", "]", "哈", "他的", "我们", "#", "*", "Ａ", "．", "，", "x" * 31,
    "😀", "👍", "🏽", "\u200d", "\ufe0f", "\u20e3", "♀", "©", "🇨", "🇳", "🏴", "\U000e0041",
    "\u200b", "\0", "\u2028", "\ud800", "<b>", "&amp;", "&lt;",
])  # fmt: skip
TEXT = st.text(st.characters()) | st.lists(TRAPS, max_size=14).map("".join)

SCRIPT = {"simplify", "traditional"}  # OpenCC's; see test_script_rules_come_to_rest
VARIANTS = {"emoji": ["emoji=brackets=yes"], "space": ["space=hanzi=yes"], "repeat": ["repeat=3"]} | {
    "punctuation": ["punctuation=keep=。:gap=yes"]
}
MAPS = [
    spelled for rule in RULES.values() if rule.kind is Kind.MAP for spelled in [rule.name, *VARIANTS.get(rule.name, [])]
]


@pytest.mark.parametrize("rule", [each for each in MAPS if each not in SCRIPT])
def test_a_second_run_changes_nothing(rule: str) -> None:
    if rule == "stopwords":
        pytest.importorskip("jieba")
    cleaner = Cleaner(rule)

    @given(TEXT)
    @settings(max_examples=100 if rule == "stopwords" else 400, deadline=None)
    def law(text: str) -> None:
        (once,) = cleaner.clean_line(text)
        assert cleaner.clean_line(once) == [once]

    law()


@pytest.mark.parametrize("rule", sorted(set(RULES) - {"neardup", "stopwords"}))
def test_no_text_makes_a_rule_fail(rule: str) -> None:
    cleaner = Cleaner(rule)

    @given(TEXT)
    @settings(max_examples=100, deadline=None)
    def law(text: str) -> None:
        assert all(isinstance(line, str) for line in cleaner.clean_line(text))

    law()


def _touches_hanzi(rule: Rule) -> bool:
    return rule.name in {"html", "mention", "stopwords", *SCRIPT} or rule.kind is not Kind.MAP


@pytest.mark.parametrize("rule", [rule.name for rule in RULES.values() if not _touches_hanzi(rule)])
def test_hanzi_stay_as_they_are(rule: str) -> None:
    cleaner = Cleaner(rule)

    @given(TEXT)
    @settings(max_examples=200, deadline=None)
    def law(text: str) -> None:
        (cleaned,) = cleaner.clean_line(text)
        assert list(filter(is_hanzi, cleaned)) == list(filter(is_hanzi, text))

    law()


@given(TEXT)
@settings(max_examples=200, deadline=None)
def test_split_loses_blanks_only(text: str) -> None:
    lines = Cleaner("split").clean_line(text)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(Cleaner("split").clean_line(line) == [line] for line in lines)


@given(st.lists(TEXT, max_size=8))
@settings(max_examples=100, deadline=None)
def test_default_rules_keep_every_line_and_come_to_rest(lines: list[str]) -> None:
    once = list(Cleaner().clean(lines))
    assert len(once) == len(lines)
    assert list(Cleaner().clean(once)) == once


def test_script_rules_come_to_rest() -> None:
    """OpenCC's tables map three rare characters to ones that they map again; all others rest after one run."""
    restless = {"simplify": {"薴"}, "traditional": {"苎"}, "traditional=s2tw": {"苎", "幺"}, "traditional=s2hk": {"苎"}}
    hanzi = [chr(code) for code in [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000)]]
    for rule, known in restless.items():
        once = list(Cleaner(rule).clean(hanzi))
        twice = list(Cleaner(rule).clean(once))
        assert {ch for ch, a, b in zip(hanzi, once, twice, strict=True) if a != b} <= known
