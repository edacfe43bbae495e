"""`pinyin2hanzi` over files and pipes: blocks of lines in, hanzi out, line for line in any of its formats."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cnchar.errors import BadInput
from cnchar.io.blocks import Block
from cnchar.io.records import Format, check_place, read_records
from cnchar.io.stream import Stats, run
from cnchar.runtime.allocator import keep_freed_memory
from cnchar.runtime.converter import Converter, load_converter
from cnchar.tasks.pinyin2hanzi import TASK, Candidate, Conversion

_SHOWN = 10  # unknown words that are told one by one


@dataclass(frozen=True)
class Look:
    """What is read and what the output shall hold.

    spans: with each candidate also its hanzi and where their pinyin stands, as with several candidates anyway.
    strict: stop at a word that is no pinyin.
    """

    form: Format = "text"
    field: str = "text"
    column: int = 1
    nbest: int = 1
    spans: bool = False
    strict: bool = False


@dataclass(frozen=True)
class Converted:
    """A block's output, the words that are no pinyin, each with its place for messages, and how many there were."""

    text: str
    unknown: list[str]
    count: int


@dataclass(frozen=True)
class BlockConverter:
    """Converts a block of lines. Sent to worker processes as its options; each loads the model for itself."""

    model: dict[str, Any]
    look: Look

    @cached_property
    def converter(self) -> Converter:
        """The model, loaded when first needed."""
        keep_freed_memory()
        return load_converter(**self.model)

    def __getstate__(self) -> dict[str, Any]:
        return {"model": self.model, "look": self.look}

    def __call__(self, block: Block) -> Converted:
        look, found = self.look, _Unknown(block, self.look.strict)
        records = read_records(block, look.form, task=TASK, path=look.field, column=look.column)
        lines = (found.noted(line) for line in self.converter(records.texts))
        return Converted(records.rebuild(map(self._answer, lines)), found.shown, found.count)

    def _answer(self, line: Conversion) -> Any:
        if self.look.form != "jsonl":
            return "\t".join(candidate.text for candidate in line.candidates)
        return {"text": line.hanzi, "candidates": [self._as_dict(candidate) for candidate in line.candidates]}

    def _as_dict(self, candidate: Candidate) -> dict[str, Any]:
        record: dict[str, Any] = {"text": candidate.text, "score": round(candidate.score, 3)}
        if self.look.spans or self.look.nbest > 1:
            record |= {"hanzi": list(candidate.hanzi), "spans": [list(span) for span in candidate.spans]}
        return record


@dataclass
class _Unknown:
    """The words of a block that should be pinyin and are not. With `strict` the first one raises BadInput."""

    block: Block
    strict: bool
    shown: list[str] = field(default_factory=list)
    count: int = 0
    _line: int = 0

    def noted(self, line: Conversion) -> Conversion:
        number = self.block.first_line + self._line
        self._line += 1
        for start, stop in line.unknown:
            word = line.text[start:stop]
            where = f"{self.block.name}, line {number}, column {start + 1}: {word[:40]!r} is no pinyin"
            if self.strict:
                raise BadInput(f"{where}; correct it, or leave --strict out and it stays as it is.")
            self.count += 1
            if len(self.shown) < _SHOWN:
                self.shown.append(where)
        return line


@dataclass
class _Reporter:
    """Tells on standard error which words stayed as they are: the first ones by name, the rest by number."""

    quiet: bool
    told: int = 0
    count: int = 0

    def __call__(self, converted: Converted) -> str:
        self.count += converted.count
        for where in converted.unknown[: _SHOWN - self.told]:
            self.told += 1
            self._print(f"{where}; it stays as it is.")
        return converted.text

    def finish(self) -> None:
        if self.count > self.told:
            self._print(f"So do {self.count - self.told} more words that are no pinyin.")

    def _print(self, message: str) -> None:
        if not self.quiet:
            print(message, file=sys.stderr)


def pinyin2hanzi_files(
    inputs: Sequence[str],
    output: str | None = None,
    *,
    model: dict[str, Any],
    look: Look,
    quiet: bool = False,
    **options: Any,
) -> Stats:
    """Converts `inputs` into `output` (see io.stream.run, which takes the `options`). Line for line.

    `model` holds the arguments of load_converter, but for `nbest`, which is the look's.

    Raises:
        CncharError: what cannot be read, options that do not go together, a broken model; with `look.strict` a word
            that should be pinyin and is not.
    """
    check_place(look.form, look.field, look.column)
    if look.spans and look.form != "jsonl":
        raise BadInput("--spans goes with --format jsonl.")
    if options.get("jobs", 1) > 1:
        model = {**model, "threads": model.get("threads") or 1}
    convert = BlockConverter({**model, "nbest": look.nbest}, look)
    _ = convert.converter  # loaded here, so that a broken model is told before anything is read
    report = _Reporter(quiet)
    stats = run(inputs, output, convert, emit=report, quiet=quiet, **options)
    report.finish()
    return stats
