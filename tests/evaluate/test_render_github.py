from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings

from cnchar.evaluate.markup import printable
from cnchar.evaluate.render_github import to_github
from cnchar.evaluate.report import Error, Gate
from evaluate.hostile import TEXTS, report_of
from evaluate.samples import SIMPLE

COMMAND = re.compile(r"::(error|notice) ([^:]*)::(.*)")


def read(line: str) -> tuple[str, dict[str, str], str]:
    """Level, properties and message, taken apart the way GitHub's runner does it."""
    found = COMMAND.fullmatch(line)
    assert found is not None, line
    level, given_properties, message = found.groups()
    pairs = (pair.partition("=") for pair in given_properties.split(","))
    return level, {name: unescaped(value) for name, _, value in pairs}, unescaped(message)


def unescaped(text: str) -> str:
    for code, character in (("%3A", ":"), ("%2C", ","), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(code, character)
    return text


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    assert text.endswith("\n")
    return [read(line) for line in text[:-1].split("\n")]


def test_errors_are_put_on_their_lines() -> None:
    title = "cnchar eval segment"
    assert commands(to_github(SIMPLE)) == [
        ("notice", {"title": title}, "pred.txt: f1 70.00 %"),
        (
            "notice",
            {"file": "gold.txt", "line": "1", "title": title},
            "网易 杭研 -> 网易杭研 (1): 他 来到 了 [网易 杭研] 大厦",
        ),
        ("notice", {"file": "gold.txt", "line": "3", "title": title}, "进展 -> 进 展 (1): 三峡 工程 [进展] 顺利"),
    ]


@pytest.mark.parametrize("change", [{"unit": "sentence"}, {"sources": {"gold": "-"}}, {"sources": {}}])
def test_what_is_no_line_of_a_file_is_put_on_none(change: dict[str, object]) -> None:
    for _, properties, _ in commands(to_github(replace(SIMPLE, **change))):  # type: ignore[arg-type]
        assert set(properties) == {"title"}


def test_no_more_than_github_shows() -> None:
    errors = tuple(Error(str(i), "x", 100 - i, i + 1, "", "") for i in range(30))
    gates = tuple(Gate(f"f1 >= 0.{i}", "f1", 0.0, 0.1, False) for i in range(30))
    systems = tuple(replace(SIMPLE.systems[0], name=name, errors=errors) for name in "ab")
    given_commands = commands(to_github(replace(SIMPLE, systems=systems, gates=gates)))
    assert [level for level, _, _ in given_commands] == ["error"] * 10 + ["notice"] * 10
    assert [properties.get("line") for _, properties, _ in given_commands[10:]] == [None, None, *"11223344"]


@settings(deadline=None)
@given(TEXTS)
def test_any_text_is_one_command_and_comes_back(text: str) -> None:
    shown = printable(text)
    gate, *notices = commands(to_github(report_of(text)))
    assert (gate[0], gate[2]) == ("error", f"{shown} failed: f1 is 0.5")
    assert len(notices) == 4
    assert notices[0][2] == f"{shown}: f1 50.00 %"
    assert notices[2][2].startswith(f"{shown} -> {shown} (1): ")
    assert notices[2][1].get("file") == (None if text == "-" else shown)
