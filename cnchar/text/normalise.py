"""What a character is, and its other forms: hanzi, half width, simplified, traditional."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

# All of planes 2 and 3 is set aside for ideographs (Extensions B to I stand there as of Unicode 16, J follows), so
# the whole planes count. Kangxi radicals, 々 and Hangzhou numerals are not ideographs.
HANZI = (
    "\u3007"  # 〇
    "\u3400-\u4dbf"  # Extension A
    "\u4e00-\u9fff"  # the basic block
    "\uf900-\ufaff"  # compatibility ideographs
    "\U00020000-\U0002fffd"  # supplementary ideographic plane: B, C, D, E, F, I, compatibility supplement
    "\U00030000-\U0003fffd"  # tertiary ideographic plane: G, H
)
"""The inside of a regular expression class that matches one hanzi."""

KEPT_FULL_WIDTH = "！（），：；？［］～"
"""Full-width forms that are Chinese punctuation (GB/T 15834-2011), so `to_halfwidth` leaves them."""

_HANZI = re.compile(f"[{HANZI}]")
_HANZI_RUN = re.compile(f"[{HANZI}]+")
_SURROGATES = re.compile("([\ud800-\udfff]+)")
_HALF = {0x3000: " "} | {c: chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F) if chr(c) not in KEPT_FULL_WIDTH}
_WORD = "0-9A-Za-z０-９Ａ-Ｚａ-ｚ"
_FULL_RUN = re.compile(
    "[" + "".join(re.escape(chr(c)) for c in _HALF if chr(c) != "．") + f"]+|(?<=[{_WORD}])．(?=[{_WORD}])"
)

SIMPLIFIED = "t2s"
TRADITIONAL = ("s2t", "s2tw", "s2hk")


def is_hanzi(ch: str) -> bool:
    """Is this one character a CJK ideograph (any block up to Unicode 16, compatibility forms and 〇 included)?"""
    return _HANZI.fullmatch(ch) is not None


def count_hanzi(text: str) -> int:
    """How many characters of the text are hanzi."""
    return sum(map(len, _HANZI_RUN.findall(text)))


def to_halfwidth(text: str) -> str:
    """Full-width ASCII to ASCII and the ideographic space to a space; as many characters come out as go in.

    Converted: U+3000; of U+FF01-FF5E the letters, the digits and ＂＃＄％＆＇＊＋－／＜＝＞＠＼＾＿｀｛｜｝, and ．
    between two letters or digits (１．５). Kept, being Chinese punctuation: ！（），：；？［］～ (`KEPT_FULL_WIDTH`),
    ．elsewhere, which ends sentences in scientific text, and all that is outside that block, such as 。、《》「」￥.
    """
    return _FULL_RUN.sub(lambda run: run[0].translate(_HALF), text)


def to_simplified(text: str) -> str:
    """Traditional to simplified characters, by OpenCC's `t2s` (phrases first, so 乾坤 stays and 乾燥 becomes 干燥)."""
    return _convert(text, SIMPLIFIED)


def to_traditional(text: str, variant: str = "s2t") -> str:
    """Simplified to traditional characters, by OpenCC: `s2t` (its own standard), `s2tw` (Taiwan) or `s2hk` (Hong Kong).

    Raises ValueError for another variant.
    """
    if variant not in TRADITIONAL:
        raise ValueError(f"unknown variant {variant!r}: use one of {', '.join(TRADITIONAL)}")
    return _convert(text, variant)


def _convert(text: str, config: str) -> str:
    if text.isascii():
        return text
    convert = _converter(config).convert
    try:
        return str(convert(text))
    except UnicodeEncodeError:  # lone surrogates cannot pass through OpenCC's UTF-8: they go round it
        pieces = _SURROGATES.split(text)
        pieces[::2] = map(convert, pieces[::2])
        return "".join(pieces)


@lru_cache(maxsize=4)
def _converter(config: str) -> Any:
    import opencc  # 10 ms and its dictionaries: only who converts pays

    return opencc.OpenCC(config)
