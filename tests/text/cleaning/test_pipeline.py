from __future__ import annotations

import pickle

import pytest

from cnchar.errors import BadInput
from cnchar.text.cleaning import DEFAULT, RULES, Cleaner, describe_rules, start
from cnchar.text.cleaning.grammar import parse_rules
from cnchar.text.cleaning.rule import Kind


def test_rules_run_in_the_order_given() -> None:
    assert Cleaner("simplify,minlen=3").clean_line("漢字") == []
    assert Cleaner("html,minlen=3").clean_line("<b>字</b>") == []
    assert Cleaner("minlen=3,html").clean_line("<b>字</b>") == ["字"]


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("minlen", {}),
        ("minlen=7", {"n": 7}),
        ("minlen = 7", {"n": 7}),
        ("minlen=n=7", {"n": 7}),
        ("hanzi=0.5", {"share": 0.5}),
        ("neardup=0.9:50", {"threshold": 0.9, "max": 50}),
        ("neardup=max=50:0.9", {"threshold": 0.9, "max": 50}),
        ("emoji=brackets=yes", {"brackets": True}),
        ("space=no", {"hanzi": False}),
        ("traditional=s2hk", {"variant": "s2hk"}),
        ("punctuation=keep=。！:gap=true", {"keep": "。！", "gap": True}),
    ],
)
def test_values(written: str, values: dict[str, object]) -> None:
    (step,) = parse_rules(written)
    assert dict(step.values) == values


def test_default_and_lists() -> None:
    assert ",".join(step.written for step in parse_rules("default")) == DEFAULT
    assert [step.written for step in parse_rules(["default,url", " minlen=2 ", ""])] == [
        *DEFAULT.split(","),
        "url",
        "minlen=2",
    ]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("htlm", r"Unknown rule 'htlm'; did you mean 'html'\? See cnchar clean --list-rules\."),
        ("qqqq", r"Unknown rule 'qqqq': see cnchar clean --list-rules\."),
        ("minlen=x", r"value n of the rule minlen must be a whole number from 1, not 'x'"),
        ("minlen=0", r"from 1, not '0'"),
        ("minlen=", r"from 1, not ''"),
        ("minlen=³", r"from 1, not '³'"),
        ("hanzi=1.5", r"share from 0 to 1, not '1\.5'"),
        ("hanzi=nan", r"share from 0 to 1"),
        ("emoji=perhaps", r"yes or no, not 'perhaps'"),
        ("traditional=s2jp", r"one of s2t, s2tw, s2hk"),
        ("minlen=3:4", r"rule minlen does not take '4': it takes n=5"),
        ("minlen=m=4", r"does not take 'm=4'"),
        ("neardup=0.9:threshold=0.8", r"does not take 'threshold=0\.8'"),
        ("html=1", r"takes no values"),
        (" , ", r"No rules are given"),
    ],
)
def test_what_is_wrong_is_named(written: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        Cleaner(written)


def test_every_rule_has_a_line_with_its_values() -> None:
    lines = describe_rules().splitlines()
    assert [line.split("=")[0].split()[0] for line in lines[: len(RULES)]] == list(RULES)
    assert "minlen=5 " in describe_rules()
    assert "neardup=0.8:max=50000 " in describe_rules()
    assert f"default = {DEFAULT}" in lines


def test_the_report_counts_what_each_rule_did() -> None:
    cleaner = Cleaner("html,split,minlen=3,dedup")
    cleaned = list(cleaner.clean(["<b>你好</b>。他来了。", "他来了。", "  短 ", "新的一行"]))
    assert cleaned == ["你好。", "他来了。", "新的一行"]
    html, split, minlen, dedup = cleaner.report.rules
    assert (html.lines, html.changed, html.characters_removed) == (4, 1, 7)
    assert (split.lines, split.split, split.changed) == (4, 1, 1)
    assert (minlen.lines, minlen.dropped) == (5, 1)
    assert (dedup.lines, dedup.dropped, dedup.characters_removed) == (4, 1, 4)
    assert (cleaner.report.lines_in, cleaner.report.lines_out) == (4, 3)
    assert (cleaner.report.characters_in, cleaner.report.characters_out) == (14 + 4 + 4 + 4, 3 + 4 + 4)
    assert cleaner.report.summary() == (
        "html: 1 of 4 lines changed; split: 1 of 4 lines changed, 1 of 4 lines split; "
        "minlen=3: 1 of 5 lines dropped; dedup: 1 of 4 lines dropped"
    )


def test_batches_do_not_matter() -> None:
    lines = [f"第{number % 700}行。<b>好</b>！" for number in range(2500)]
    whole, single = Cleaner("html,split,dedup,minlen=4"), Cleaner("html,split,dedup,minlen=4")
    expected = list(whole.clean(lines))
    assert [each for line in lines for each in single.clean_line(line)] == expected
    assert single.report == whole.report


def test_workers_do_what_needs_no_memory_and_the_rest_keeps_order() -> None:
    cleaner = Cleaner("html,dedup,simplify,dedup")
    assert [step.written for step in cleaner.first.steps] == ["html"]
    stage = pickle.loads(pickle.dumps(cleaner.first))
    done = pickle.loads(pickle.dumps(start(stage, ["<i>漢</i>", "汉", "漢", "汉"])))
    batch = cleaner.finish(done)
    assert (batch.lines, batch.owners) == (["汉"], [0])
    assert [counts.dropped for counts in cleaner.report.rules] == [0, 2, 0, 1]


def test_every_stateful_rule_makes_its_own_memory() -> None:
    assert [rule.name for rule in RULES.values() if rule.kind is Kind.STATEFUL] == ["dedup", "neardup"]
    assert list(Cleaner("dedup").clean(["甲", "甲"])) == list(Cleaner("dedup").clean(["甲", "甲"])) == ["甲"]
