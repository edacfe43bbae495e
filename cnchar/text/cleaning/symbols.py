"""Signs that are no writing out of text: emoji, control and invisible characters."""

from __future__ import annotations

import re

# Emoji as of Unicode 16, with room in the blocks set aside for more. ★ ☆ ✓ ① and the like are no emoji.
_PICTURES = (
    "\u231a\u231b\u23e9-\u23f3\u23f8-\u23fa\u25fd\u25fe"
    "\u2600-\u2604\u260e\u2611\u2614\u2615\u2618\u261d\u2620\u2622\u2623\u2626\u262a\u262e\u262f\u2638-\u263a"
    "\u2648-\u2653\u265f\u2660\u2663\u2665\u2666\u2668\u267b\u267e\u267f\u2692-\u2697\u2699\u269b\u269c\u26a0\u26a1"
    "\u26a7\u26aa\u26ab\u26b0\u26b1\u26bd\u26be\u26c4\u26c5\u26c8\u26ce\u26cf\u26d1\u26d3\u26d4\u26e9\u26ea\u26f0-\u26f5"
    "\u26f7-\u26fa\u26fd\u2702\u2705\u2708-\u270d\u270f\u2712\u2714\u2716\u271d\u2721\u2728\u2733\u2734\u2744\u2747"
    "\u274c\u274e\u2753-\u2755\u2757\u2763\u2764\u2795-\u2797\u27a1\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55"
    "\U0001f004\U0001f0cf\U0001f18e\U0001f191-\U0001f19a\U0001f1e6-\U0001f1ff"  # the last are flag letters
    "\U0001f201\U0001f21a\U0001f22f\U0001f232-\U0001f236\U0001f238-\U0001f23a\U0001f250\U0001f251"
    "\U0001f300-\U0001f64f\U0001f680-\U0001f6ff\U0001f7e0-\U0001f7eb\U0001f7f0\U0001f90c-\U0001f9ff\U0001fa70-\U0001faff"
)
_JOINTS = "\ufe0e\ufe0f\u20e3\U000e0020-\U000e007f"  # variation selectors, keycap, the letters in regional flags
# Plain characters, unless a variation selector or a joiner makes pictures of them: 1️⃣ © ™ ▶ ㊙.
_PLAIN = (
    "#*0-9©®\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u2328\u23cf\u24c2\u25aa\u25ab\u25b6\u25c0\u25fb\u25fc"
    "\u2640\u2642\u2934\u2935\u2b05-\u2b07\u3030\u303d\u3297\u3299\U0001f170\U0001f171\U0001f17e\U0001f17f\U0001f202\U0001f237"
)
_ANY_PICTURE = re.compile(f"[{_PICTURES}{_JOINTS}]")  # ten times as fast as _EMOJI at finding nothing
_EMOJI = re.compile(
    f"(?<!\u200d)(?:\u200d*+(?:[{_PICTURES}{_JOINTS}]|[{_PLAIN}][\ufe0f\u20e3]"
    f"|(?<=[{_PICTURES}{_JOINTS}]\u200d)[\u2640\u2642]))++\u200d*+"
)
_BRACKET = re.compile(r"([\[\]])")
_BRACKET_NAME = re.compile(r"[A-Za-z]{0,4}[\u4e00-\u9fff]{1,8}|(?i:doge|good|ok|no)")  # not a[i]

_SPACES = "\v\f\r\x1c-\x1f\x85\u2028\u2029"
_HIDDEN = (
    "\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0001"
)
_TAGS = "\U000e0020-\U000e007f"  # hidden letters, which spell regional flags after a black flag
_ANY_CONTROL = re.compile(f"[{_SPACES}{_HIDDEN}\u200d{_TAGS}]")
_SPACING = re.compile(f"[{_SPACES}]+")
_INVISIBLE = re.compile(
    f"[{_HIDDEN}]|(?<![{_PICTURES}\ufe0f\u20e3\u2640\u2642])\u200d|\u200d(?![{_PICTURES}\u2640\u2642\u2194\u2195]|[{_PLAIN}]\ufe0f)"
    f"|(?<![\U0001f3f4{_TAGS}])[{_TAGS}]+"
)


def remove_emoji(line: str, *, brackets: bool = False) -> str:
    """Emoji with their joiners, skin tones, flags, keycaps and variation selectors; with `brackets` also [哈哈]."""
    if _ANY_PICTURE.search(line):
        line = _EMOJI.sub("", line)
    return _remove_bracketed(line) if brackets and "]" in line else line


def _remove_bracketed(line: str) -> str:
    """Names in square brackets, from the inside out and in one pass, so that [[哈哈]哈] leaves nothing."""
    kept: list[str] = []
    for piece in filter(None, _BRACKET.split(line)):
        kept.append(piece)
        if piece == "]" and _ends_in_name(kept):
            while kept.pop() != "[":
                pass
    return "".join(kept)


def _ends_in_name(pieces: list[str]) -> bool:
    inside = ""
    for piece in pieces[-2:-11:-1]:
        if piece == "[":
            return _BRACKET_NAME.fullmatch(inside) is not None
        inside = piece + inside
    return False


def remove_controls(line: str) -> str:
    """Control, zero-width, bidirectional and unpaired surrogate characters out; tab and what holds emoji together stay.

    Other line and page separators (U+2028, U+0085, form feed) become one space.
    """
    return _INVISIBLE.sub("", _SPACING.sub(" ", line)) if _ANY_CONTROL.search(line) else line
