"""What a corrector leaves alone: all that is no hanzi, and hanzi that are part of an address, a name or a number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cnchar.text.normalise import HANZI
from cnchar.text.terms import Span, Terms

_RUN = re.compile(f"[{HANZI}]+")
# Hanzi belong to a URL behind a sign after which it must go on (wiki/北京, ?q=北京), not behind a letter (a.com看看).
_URL = re.compile(rf"(?i:[a-z][a-z0-9+.\-]{{1,15}}+://|www\.)(?:[!-;=?-~]|(?<=[/=#?&%+_\-.:@])[{HANZI}]++)*+")
_EMAIL = re.compile(rf"[{HANZI}]{{1,20}}@[\w\-]++(?:\.[\w\-]++)++")  # what is ASCII in one is safe anyway
_MENTION = re.compile(r"(?<![A-Za-z0-9])@[\w\-·]{1,30}")  # names on Weibo have up to 30 characters
_EMOTICON = re.compile(rf"\[[{HANZI}A-Za-z]{{1,6}}\](?!\()")  # [允悲]; but [文字](a.html) is a link
_NUMERAL = re.compile("[〇零一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟]{2,}")
_KINDS = (("://", _URL), ("www.", _URL), ("@", _EMAIL), ("@", _MENTION), ("[", _EMOTICON))


def untouched(text: str) -> Iterator[Span]:
    """Start and end, in any order, of addresses, @names, [emoticons] and numbers in hanzi."""
    lower = text.lower()
    for mark, pattern in _KINDS:
        if mark in lower:
            yield from (match.span() for match in pattern.finditer(text))
    yield from (match.span() for match in _NUMERAL.finditer(text))


def free_places(text: str, protected: Iterable[Span] = (), terms: Terms | None = None) -> bytearray:
    """One byte a character: 1 for a hanzi that may be replaced, 0 for what is never touched. (len(text),)

    Args:
        protected: what else is left alone: code and markup.
        terms: words that are left alone wherever they stand.
    """
    free = bytearray(len(text))
    for match in _RUN.finditer(text):
        free[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    for spans in (untouched(text), protected, terms.spans(text) if terms else ()):
        for start, end in spans:
            free[start:end] = bytes(end - start)
    return free
