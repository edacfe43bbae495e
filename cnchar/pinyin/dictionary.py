"""pypinyin's two dictionaries: the readings of characters, and of 47,000 phrases.

Their modules are loaded without the package around them, which costs 0.2 s more.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from cnchar.pinyin.styles import read
from cnchar.pinyin.syllables import Syllable


@cache
def listed_readings(character: str) -> tuple[Syllable, ...]:
    """The readings of a character, common ones first as far as known; () for what is no hanzi or has none."""
    return _syllables(_characters().get(str(ord(character)), "").split(","))


@cache
def phrases() -> Mapping[str, list[list[str]]]:
    """For each phrase the readings of each of its characters, with tone marks."""
    loaded: Mapping[str, list[list[str]]] = _load("phrases_dict")
    return loaded


def _syllables(written: list[str]) -> tuple[Syllable, ...]:
    return tuple(syllable for each in written if (syllable := read(each)) is not None)


@cache
def _characters() -> Mapping[str, str]:
    return {str(code): written for code, written in _load("pinyin_dict").items()}


def _load(name: str) -> Any:
    package = importlib.util.find_spec("pypinyin")
    assert package is not None and package.origin is not None, "pypinyin is a dependency"
    path = Path(package.origin).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"cnchar_{name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, name)
