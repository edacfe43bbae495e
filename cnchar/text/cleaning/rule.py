"""What a cleaning rule is: a function with a name, a kind and typed parameters."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property, partial
from typing import Any, Literal, get_args, get_origin, get_type_hints

Value = str | int | float | bool
_WORDS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


class Kind(Enum):
    """What a rule's function does."""

    MAP = "map"  # line -> line
    FILTER = "filter"  # line -> bool: keep it?
    SPLIT = "split"  # line -> lines, at least one
    STATEFUL = "stateful"  # () -> an object whose keep(lines) -> bools remembers what it saw, in order


@dataclass(frozen=True)
class Parameter:
    """A keyword argument of a rule's function."""

    name: str
    type: type
    default: Value
    choices: tuple[str, ...] = ()

    def parse(self, text: str) -> Value:
        """The value that was written. Counts start at 1, shares run from 0 to 1. Raises ValueError saying what fits."""
        if self.choices:
            return _expect(text, text in self.choices, f"one of {', '.join(self.choices)}")
        if self.type is bool:
            return _WORDS[_expect(text.lower(), text.lower() in _WORDS, "yes or no")]
        if self.type is int:
            return int(_expect(text, text.isdecimal() and int(text) > 0, "a whole number from 1"))
        if self.type is float:
            return float(_expect(text, _is_share(text), "a share from 0 to 1"))
        return text

    @property
    def example(self) -> str:
        """What a value looks like: the choices, the default, or what is to be put there."""
        if self.type is bool:
            return "yes" if self.default else "no"
        return "|".join(self.choices) or str(self.default) or self.name.upper()

    def __str__(self) -> str:
        return f"{self.name}={self.example}"


def _expect(text: str, fits: bool, what: str) -> str:
    if not fits:
        raise ValueError(f"must be {what}, not {text!r}")
    return text


def _is_share(text: str) -> bool:
    try:
        return 0 <= float(text) <= 1
    except ValueError:
        return False


@dataclass(frozen=True)
class Rule:
    """An entry of the registry. The keyword-only arguments of `function` are the rule's parameters, in their order."""

    name: str
    kind: Kind
    function: Callable[..., Any]
    summary: str

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Read off the function's signature, so that they are written down once."""
        signature = inspect.signature(self.function)
        target = self.function.__init__ if isinstance(self.function, type) else self.function  # type: ignore[misc]
        hints = get_type_hints(target)
        keywords = (p for p in signature.parameters.values() if p.kind is p.KEYWORD_ONLY)
        return tuple(_parameter(p.name, hints[p.name], p.default) for p in keywords)


def _parameter(name: str, hint: Any, default: Value) -> Parameter:
    if get_origin(hint) is Literal:
        return Parameter(name, str, default, get_args(hint))
    return Parameter(name, hint, default)


@dataclass(frozen=True)
class Step:
    """A rule with its values, as it stands in a list of rules. `written` is how the user spelled it."""

    rule: Rule
    written: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def bind(self) -> Callable[..., Any]:
        """The rule's function with its values filled in."""
        return partial(self.rule.function, **self.values) if self.values else self.rule.function
