"""Whether two characters can sound the same: what typing by pinyin mixes up."""

from __future__ import annotations

import importlib.util
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_TONES = "\u0300\u0301\u0304\u030c"  # combining grave, acute, macron, caron; the dots of ü stay


def same_sound(one: str, other: str) -> bool:
    """Whether the two have a reading in common, tones aside."""
    return not _syllables(one).isdisjoint(_syllables(other))


@cache
def _syllables(character: str) -> frozenset[str]:
    marked = unicodedata.normalize("NFD", _readings().get(ord(character), ""))
    plain = marked.translate(dict.fromkeys(map(ord, _TONES)))
    return frozenset(filter(None, plain.split(",")))


@cache
def _readings() -> Mapping[int, str]:
    """pypinyin's readings of single characters, by code point: `zhōng,zhòng`.

    That module is loaded without its package, which would read the readings of phrases too: 0.3 s more.
    """
    package = importlib.util.find_spec("pypinyin")
    assert package is not None and package.origin is not None, "pypinyin is a dependency"
    path = Path(package.origin).with_name("pinyin_dict.py")
    spec = importlib.util.spec_from_file_location("cnchar_pinyin_dict", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    readings: Mapping[int, str] = module.pinyin_dict
    return readings
