"""Readers and writers of segmented corpora: one function a format, FORMATS by name.

A reader takes lines without their ends and the file's name, and gives one list of words a sentence, blank ones left
out; what it cannot read raises BadInput with file and line. A writer gives one sentence as text with its line ends.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cnchar.errors import BadInput
from cnchar.text.tags import tags_to_words, words_to_bmes

Reader = Callable[[Iterable[str], str], Iterator[list[str]]]
Writer = Callable[[Sequence[str]], str]

TAG_LETTERS = "BMESIOLU"  # of BMES, BIO, BIOES and BILOU
_PFR_ID = re.compile(r"\d{8}-\d\d-\d{3}-\d{3}")
_PFR_READING = re.compile(r"(?<=.)\{[^{}]*\}$")  # 的{de5}/u in later editions
_CONLLU_REST = "\t_" * 7 + "\tSpaceAfter=No\n"


def read_text(lines: Iterable[str], name: str = "input") -> Iterator[list[str]]:
    """Words separated by any white space, the full-width one (U+3000) included: also the icwb2 corpora."""
    for line in lines:
        if words := line.split():
            yield words


def read_pfr(lines: Iterable[str], name: str = "input") -> Iterator[list[str]]:
    """`word/POS` of the People's Daily corpus (PFR): with or without article numbers, `[a/n b/n]nt` flattened."""
    for number, line in enumerate(lines, 1):
        words = [_pfr_word(token, name, number) for token in line.split()]
        if words and _PFR_ID.fullmatch(words[0]):
            del words[0]
        if words:
            yield words


def read_conll(lines: Iterable[str], name: str = "input") -> Iterator[list[str]]:
    """Columns of character and tag (BMES, BIO, BIOES, BILOU) with a blank line after each sentence."""
    for characters, tags in read_columns(lines, name, TAG_LETTERS):
        yield tags_to_words(characters, tags)


def read_columns(
    lines: Iterable[str], name: str = "input", letters: str | None = None
) -> Iterator[tuple[list[str], list[str]]]:
    """First and last column (separated by TABs, else by white space) of each sentence: (n,), (n,).

    `letters`: those that a tag may begin with; any if None.
    """
    characters: list[str] = []
    tags: list[str] = []
    for number, line in enumerate(lines, 1):
        line = line.rstrip("\r\n")
        if "\t" in line or line.strip():
            character, tag = _first_and_last(line, name, number)
            if letters is not None and tag[0] not in letters:
                raise BadInput(f"{name} line {number}: the tag '{tag[:20]}' begins with none of {', '.join(letters)}.")
            characters.append(character)
            tags.append(tag)
        elif characters:
            yield characters, tags
            characters, tags = [], []
    if characters:
        yield characters, tags


def read_conllu(lines: Iterable[str], name: str = "input") -> Iterator[list[str]]:
    """The FORM column of CoNLL-U: surface tokens, so a range (1-2) stands for its words and empty nodes (8.1) go."""
    words: list[str] = []
    covered = 0  # the last word number that a range stands for
    for number, line in enumerate(lines, 1):
        if not line.strip():
            if words:
                yield words
            words, covered = [], 0
        elif not line.startswith("#"):
            first, last, form = _conllu_token(line, name, number)
            if first > covered and form:
                words.append(form)
                covered = max(covered, last)
    if words:
        yield words


def read_jsonl(lines: Iterable[str], name: str = "input") -> Iterator[list[str]]:
    """JSON records with the words at `segment.words` (as `cnchar segment --format jsonl` writes) or at `words`."""
    for _, words, _ in read_json_records(lines, name):
        yield words


def read_json_records(lines: Iterable[str], name: str = "input") -> Iterator[tuple[int, list[str], dict[str, Any]]]:
    """The same with the number of the line and the whole record."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            record = _json_record(line)
            words = _words_of(record)
            if words is None:
                raise BadInput(
                    f"{name} line {number}: expected a JSON record with a list of strings at segment.words or words."
                )
            if words:
                yield number, words, record


def write_text(words: Sequence[str]) -> str:
    """One line, words separated by a space; white space within the text only separates."""
    return " ".join(" ".join(words).split()) + "\n"


def write_icwb2(words: Sequence[str]) -> str:
    """One line, words separated by two spaces, as the bakeoff's own files."""
    return "  ".join(" ".join(words).split()) + "\n"


def write_conll(words: Sequence[str]) -> str:
    """Character, TAB, BMES tag; a blank line at the end."""
    pairs = zip("".join(words), words_to_bmes(words), strict=True)
    return "".join(f"{character}\t{tag}\n" for character, tag in pairs) + "\n"


def write_conllu(words: Sequence[str]) -> str:
    """A CoNLL-U sentence with nothing but its words (those that are not white space)."""
    forms = [word for word in words if not word.isspace()]
    tokens = "".join(f"{i}\t{form}{_CONLLU_REST}" for i, form in enumerate(forms, 1))
    return f"# text = {''.join(words)}\n{tokens}\n"


def write_jsonl(words: Sequence[str]) -> str:
    """The record `cnchar segment --format jsonl` writes, without its spans."""
    return json.dumps({"text": "".join(words), "segment": {"words": list(words)}}, ensure_ascii=False) + "\n"


@dataclass(frozen=True)
class Format:
    """A file format: how to read it and, where that needs no more than words, how to write it."""

    about: str
    read: Reader
    write: Writer | None = None


FORMATS: dict[str, Format] = {
    "text": Format("words separated by white space, one sentence a line", read_text, write_text),
    "icwb2": Format("the same as the bakeoff of 2005 has it: two spaces or U+3000", read_text, write_icwb2),
    "conllu": Format("CoNLL-U (Universal Dependencies)", read_conllu, write_conllu),
    "conll": Format("character TAB tag, a blank line between sentences", read_conll, write_conll),
    "pfr": Format("word/POS of the People's Daily corpus", read_pfr),
    "jsonl": Format("JSON records with segment.words or words", read_jsonl, write_jsonl),
}


def _pfr_word(token: str, name: str, number: int) -> str:
    word, slash, tag = token.rpartition("/")
    if not (word and slash and tag):
        raise BadInput(f"{name} line {number}: '{token[:40]}' is not word/POS; choose the format the file is in.")
    return _PFR_READING.sub("", word.lstrip("[") or "[")


def _first_and_last(line: str, name: str, number: int) -> tuple[str, str]:
    columns = line.split("\t") if "\t" in line else line.split()
    if line.startswith("\t\t"):  # the character is a TAB itself
        columns[0] = "\t"
    if len(columns) < 2 or not columns[0] or not columns[-1]:
        raise BadInput(f"{name} line {number}: '{line[:40]}' is not a character and its tag, separated by a TAB.")
    return columns[0], columns[-1]


def _conllu_token(line: str, name: str, number: int) -> tuple[int, int, str]:
    """First and last word number and the form; an empty node has form ''."""
    identifier, *columns = line.rstrip("\r\n").split("\t")
    first, _, last = identifier.partition("-")
    if "." in identifier:
        return 0, 0, ""
    if not columns or not columns[0] or not first.isdecimal() or not (last or first).isdecimal():
        raise BadInput(f"{name} line {number}: '{line[:40]}' is not a token of CoNLL-U (ID TAB FORM ...).")
    return int(first), int(last or first), columns[0]


def _json_record(line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}


def _words_of(record: dict[str, Any]) -> list[str] | None:
    inner = record["segment"] if isinstance(record.get("segment"), dict) else record
    words = inner.get("words")
    return words if isinstance(words, list) and all(isinstance(word, str) for word in words) else None
