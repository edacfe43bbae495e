"""Bytes to text in any encoding, block after block, with three ways to meet invalid bytes."""

from __future__ import annotations

import codecs
from typing import Literal

from cnchar.errors import BadInput

Errors = Literal["strict", "replace", "skip"]
MARK = "\udc80"  # stands for invalid bytes until the line they are in is dropped; no sound text has it
SAMPLE_BYTES = 1 << 16
_BOM = "\ufeff"

codecs.register_error("cnchar.mark", lambda error: (MARK, error.end))  # type: ignore[attr-defined]


def check_encoding(encoding: str) -> None:
    """Raises BadInput unless `encoding` is `auto` or the name of a text encoding Python knows."""
    if encoding == "auto":
        return
    try:
        codecs.getincrementaldecoder(encoding)
        b"\0\0\0\0".decode(encoding)  # "hex" and "zlib" are codecs, but not of text
    except (LookupError, ValueError):
        raise BadInput(
            f"Unknown encoding {encoding!r}: give --encoding utf-8, gb18030, big5, utf-16, auto or another codec."
        ) from None


def detect_encoding(sample: bytes) -> str:
    """The likely encoding of the first bytes of a file: UTF-8 when they are, else what chardet finds, else UTF-8."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
        return "utf-8"
    except UnicodeDecodeError:
        import chardet
    found = (chardet.detect(sample)["encoding"] or "utf-8").lower()
    if found in ("gb2312", "gbk", "cp936"):
        return "gb18030"  # which holds them both: a file is rarely strict about its subset
    try:
        codecs.getincrementaldecoder(found)
    except LookupError:
        return "utf-8"
    return found


class TextDecoder:
    """Decodes one stream piece by piece. A byte order mark at its start is dropped, NUL is a character like any other.

    `errors`: strict raises BadInput with file, line and byte offset in the line; replace gives U+FFFD;
    skip leaves MARK in the line, for the caller to drop it.
    """

    def __init__(self, name: str, encoding: str, errors: Errors) -> None:
        check_encoding(encoding)
        self.name, self.encoding, self.errors = name, encoding, errors
        self._decoder: codecs.IncrementalDecoder | None = None
        self._held = b""  # bytes kept back until there are enough of them to guess the encoding
        self._started = False
        self._line, self._tail = 1, [""]  # number and pieces of the line being read: for messages only

    def decode(self, data: bytes, final: bool = False, paused: bool = False) -> str:
        """The characters that `data` completes; `final` at the end of the stream.

        With "auto", bytes are kept back until there is a sample to guess from, or the source has `paused`.
        """
        if self._decoder is None:
            self._held += data
            if self.encoding == "auto" and len(self._held) < SAMPLE_BYTES and not (final or paused):
                return ""
            data, self._held = self._held, b""
            self._decoder = self._new_decoder(data)
        try:
            text = self._decoder.decode(data, final)
        except UnicodeDecodeError as error:
            raise BadInput(self._describe(error)) from None
        if text and not self._started:
            self._started = True
            text = text.removeprefix(_BOM)
        if self.errors == "strict":
            self._follow(text)
        return text

    def _new_decoder(self, sample: bytes) -> codecs.IncrementalDecoder:
        if self.encoding == "auto":
            self.encoding = detect_encoding(sample)
        handler = {"strict": "strict", "replace": "replace", "skip": "cnchar.mark"}[self.errors]
        return codecs.getincrementaldecoder(self.encoding)(handler)

    def _follow(self, text: str) -> None:
        newlines = text.count("\n")
        if newlines:
            self._line += newlines
            self._tail.clear()
        self._tail.append(text[text.rfind("\n") + 1 :])

    def _describe(self, error: UnicodeDecodeError) -> str:
        codec = error.encoding if error.encoding.startswith("utf") else self.encoding  # utf-16-le rather than utf-16
        self._follow(error.object[: error.start].decode(codec, "replace"))
        offset = sum(len(piece.encode(codec, "replace")) for piece in self._tail)
        return (
            f"{self.name}, line {self._line}: byte 0x{error.object[error.start]:02x} at offset {offset} of the line "
            f"is not valid {self.encoding}; give the right --encoding (auto guesses), or --errors replace or skip."
        )
