"""Reads a list of rules as it is written: `html,minlen=5,neardup=0.9:max=20000`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from cnchar.errors import BadInput
from cnchar.text.cleaning.registry import DEFAULT, RULES
from cnchar.text.cleaning.rule import Parameter, Rule, Step, Value

HELP = "see cnchar clean --list-rules"


def parse_rules(rules: str | Sequence[str]) -> tuple[Step, ...]:
    """The steps that are written, in order; `default` stands for its rules. Raises BadInput naming what is wrong."""
    written = rules.split(",") if isinstance(rules, str) else [part for item in rules for part in item.split(",")]
    steps = tuple(step for part in written for step in _parse_part(part.strip()))
    if not steps:
        raise BadInput(f"No rules are given; {HELP}.")
    return steps


def _parse_part(part: str) -> Iterator[Step]:
    if part == "default":
        yield from parse_rules(DEFAULT)
    elif part:
        name, has_values, values = part.partition("=")
        rule = _find(name.strip())
        yield Step(rule, part, dict(_parse_values(rule, values)) if has_values else {})


def _find(name: str) -> Rule:
    if name in RULES:
        return RULES[name]
    raise BadInput(f"Unknown rule {name!r}{_suggest(name, [*RULES, 'default'])}.")


def _suggest(name: str, known: Sequence[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]!r}? {HELP[0].upper()}{HELP[1:]}" if close else f": {HELP}"


def _parse_values(rule: Rule, written: str) -> Iterator[tuple[str, Value]]:
    named = {parameter.name: parameter for parameter in rule.parameters}
    left = list(rule.parameters)
    for part in written.split(":"):
        name, equals, text = part.partition("=")
        if not equals:
            parameter, text = (left[0] if left else None), part
        else:
            parameter = named.get(name.strip())
        if parameter not in left:
            raise BadInput(_too_much(rule, part))
        left.remove(parameter)
        yield parameter.name, _parse_value(rule, parameter, text.strip())


def _too_much(rule: Rule, part: str) -> str:
    takes = ", ".join(map(str, rule.parameters)) or "no values"
    return f"The rule {rule.name} does not take {part!r}: it takes {takes}; {HELP}."


def _parse_value(rule: Rule, parameter: Parameter, text: str) -> Value:
    try:
        return parameter.parse(text)
    except ValueError as error:
        raise BadInput(f"The value {parameter.name} of the rule {rule.name} {error}; {HELP}.") from None
