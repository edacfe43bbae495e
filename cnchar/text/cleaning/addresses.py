"""Addresses out of text: URLs, e-mail addresses, @mentions."""

from __future__ import annotations

import re

# ASCII only: a URL in Chinese text is often followed by hanzi without a space. It ends before its sentence's
# punctuation, before what no URL has (RFC 3986: quotes, < and >), and before a bracket that does not close one of its
# own. Nothing that is cut out leaves a new match behind, so each rule is done in one pass.
_END, _POINT = r"A-Za-z0-9/#=&%_~$+\-", r"!'*,.:;?@"  # what it may end with, and what it may only go on with
_URL = re.compile(
    r"(?:(?i:https?|ftps?|rtsp|mms)://|(?<![A-Za-z0-9])(?i:www)\.)"
    rf"(?:[{_POINT}]*+(?:[{_END}]++|\([{_END}{_POINT}]*+\)|\[[{_END}{_POINT}]*+\]))++"
)
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-@])(?:[A-Za-z0-9._%+\-]++@[A-Za-z0-9\-]++(?:\.[A-Za-z0-9\-]++)++(?<=[A-Za-z]{2})(?!@))++"
)
# Names on Weibo have up to 30 characters.
_MENTION = re.compile(
    r"(?:(?<![\w\-·@])回复\s?|(?<!@)//)?(?<![A-Za-z0-9._%+\-@])"
    r"(?:@[\w\-·]{1,30}+(?![\w\-·]|\.[A-Za-z])[:：]?)++"
)


def remove_urls(line: str) -> str:
    """http, https, ftp, rtsp and mms addresses and those that begin with `www.`, without the punctuation after them."""
    return _URL.sub("", line) if "://" in line or "www." in line.lower() else line


def remove_emails(line: str) -> str:
    """`name@host.tld`."""
    return _EMAIL.sub("", line) if "@" in line else line


def remove_mentions(line: str) -> str:
    """`@name` up to the next blank or punctuation, with `回复` or `//` before it and a colon after it."""
    return _MENTION.sub("", line) if "@" in line else line
