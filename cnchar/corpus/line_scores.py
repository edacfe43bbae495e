"""Files of what a language model says of each line: `line<TAB>bits<TAB>chars`, or JSON records of the same.

The records may also be those of `cnchar score --format jsonl`, which hold bits and chars in their `score`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from cnchar.corpus.answers import ANSWER_FORMATS, AnswerFile, check_form, read_records
from cnchar.corpus.segmented import SegmentedFile
from cnchar.errors import BadInput
from cnchar.evaluate.aligned import pair_up
from cnchar.evaluate.language import ScoredLine
from cnchar.evaluate.pairs import Side

_FIELDS = ("line", "bits", "chars")


class ScoreFile:
    """For each line of a text its number from 1, the bits of its probability, and the characters these are for."""

    def __init__(self, path: str, form: str = "text", encoding: str = "utf-8") -> None:
        check_form(form, ANSWER_FORMATS)
        self._file, self._form = SegmentedFile(path, encoding=encoding), form
        self.name = self._file.name

    def scores(self) -> Iterator[tuple[float, int]]:
        """Bits and characters of each line. Raises BadInput, naming the line, for what is not such a score."""
        for expected, (number, values) in enumerate(self._values(), 1):
            try:
                which, bits, characters = map(float, values)
            except (ValueError, TypeError, OverflowError):
                which = bits = characters = math.nan
            if which != expected or not (math.isfinite(bits) and bits >= 0 and characters.is_integer()):
                raise BadInput(
                    f"{self.name} line {number} should give {', '.join(_FIELDS)}: {expected}, the number of the line; "
                    "the bits of its probability, a number from 0; and how many characters these are for."
                )
            yield bits, int(characters)

    def _values(self) -> Iterator[tuple[int, list[Any]]]:
        if self._form == "jsonl":
            records = enumerate(read_records(self._file), 1)
            return ((number, _values_of(record, nth)) for nth, (number, record) in records)
        return ((number, list(line.split("\t"))) for number, line in enumerate(self._file.lines(), 1))


def _values_of(record: dict[str, Any], nth: int) -> list[Any]:
    """What stands at _FIELDS; the records of `cnchar score` are in the order of the lines."""
    score = record.get("score")
    values = {"line": nth, **score} if isinstance(score, dict) else record
    return [values.get(name) for name in _FIELDS]


def pair_scores(gold: AnswerFile, pred: ScoreFile) -> Iterator[ScoredLine]:
    """A text and its scores line for line. Raises BadInput where the number of lines or of characters differs.

    A model may foresee the end of the line as well, which counts as one character more.
    """
    for one, (bits, characters) in pair_up(gold.answers(), pred.scores(), (Side(gold.name), Side(pred.name))):
        if characters - len(one.text) not in (0, 1):
            raise BadInput(
                f"{pred.name} line {one.number} is for {characters} characters, but line {one.number} of {gold.name} "
                f"has {len(one.text)} ('{one.text[:40]}'): score the very same text."
            )
        yield ScoredLine(one.number, one.text, bits, characters, slices=one.slices)
