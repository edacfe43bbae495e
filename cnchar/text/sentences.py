"""Where Chinese text may be cut: after sentences, and inside a text that is too long for one go."""

from __future__ import annotations

import re

from cnchar.text.normalise import HANZI

# A match of the group `end` closes a sentence; the other alternatives only step over text that must not be cut.
_CUT = re.compile(
    r"(?:https?|ftp)://[!-~]*[\w/]"  # a URL is stepped over, but not the ! or ? after it
    r"|(?P<end>\n"
    r"|(?:[。！？；…]++|(?:(?<!\.)\.{3,}+|(?<![!?])[!?]++)(?![!-~]))"  # Yahoo!x and a?b=c go on
    r"[”’」』）】》〉〕］)\]}]*+(?P<quote>[\"'])?"
    rf"|(?<=[{HANZI}])[.．](?![!-~])"  # a half-width stop typed after a hanzi; ．is that of scientific text
    r"|(?<=[a-z]{2})\.(?=\s+[A-Z“\"" + HANZI + "])"  # an English sentence; Mr. and 3.14 are none
    ")"
)
_GOES_ON = re.compile(r"[，、：；,:;）)—…。！？]")  # “好！”，他说: the sentence goes on after its quotation
_QUOTATION = 1000  # straight quotes are paired within so many characters, which keeps the search linear
_BLANKS = re.compile(r"[^\S\n]*\n?")

# From best to worst place to cut a long text; a cut falls after the character.
_TIERS = ("\n", "。！？!?…", "；;", "，、：,:", " \t\u3000")


def split_sentences(text: str) -> list[str]:
    r"""Cut text into sentences; nothing is lost: `"".join(split_sentences(text)) == text`, and no piece is empty.

    A sentence ends after 。！？；…, after ! ? ... not followed by ASCII (so not inside `a?b=c`), after a full stop that
    follows a hanzi or ends an English sentence, and after a newline. Closing quotes and brackets and the blanks after
    them belong to the sentence that they close; “好！”，他说。 is one sentence. Numbers and URLs are not cut.
    """
    sentences = []
    start = 0
    for cut in _CUT.finditer(text):
        end = _sentence_end(text, start, cut)
        if end > start:
            sentences.append(text[start:end])
            start = end
    if start < len(text):
        sentences.append(text[start:])
    return sentences


def _sentence_end(text: str, start: int, cut: re.Match[str]) -> int:
    """The end of the sentence that `cut` closes, or `start` where it closes none."""
    if cut["end"] is None or cut.end() <= start:
        return start
    end = cut.end()
    if cut["quote"] and text.count(cut["quote"], max(start, end - _QUOTATION), end) % 2:
        end -= 1  # the straight quote opens the next sentence
    if cut["end"] == "\n":
        return end
    if _GOES_ON.match(text, end):
        return start
    blanks = _BLANKS.match(text, end)
    return blanks.end() if blanks else end


def split_long(text: str, limit: int) -> list[tuple[int, int]]:
    """Spans of at most `limit` characters that cover the text in order, cut at the best punctuation of each stretch.

    Best is a newline, then the end of a sentence, ；, ，、：, a blank; it is looked for in the second half of the
    stretch, so that spans do not get short. Where there is none, the cut falls at the limit. Raises ValueError for
    limit < 1.
    """
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    spans = []
    start = 0
    while len(text) - start > limit:
        end = _best_cut(text, start, start + limit)
        spans.append((start, end))
        start = end
    if start < len(text):
        spans.append((start, len(text)))
    return spans


def _best_cut(text: str, start: int, stop: int) -> int:
    low = (start + stop) // 2
    for tier in _TIERS:
        place = max(text.rfind(mark, low, stop) for mark in tier)
        if place >= 0:
            return place + 1
    return stop
