"""`score` over files and pipes: blocks of lines in, what a language model says of each line out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cnchar.io.blocks import Block
from cnchar.io.records import Format, check_place, read_records
from cnchar.io.stream import Stats, run
from cnchar.runtime.language import LanguageModel, LineScore, load_language
from cnchar.runtime.neural import Device

KEY = "score"  # of JSON records


@dataclass(frozen=True)
class BlockScorer:
    """Scores a block of lines."""

    model: LanguageModel
    form: Format = "text"
    field: str = "text"
    column: int = 1

    def __call__(self, block: Block) -> str:
        """Bits per character; in a record with the bits and characters, in columns behind the one that was read."""
        records = read_records(block, self.form, task=KEY, path=self.field, column=self.column)
        found = self.model(records.texts)
        if self.form == "jsonl":
            return records.rebuild(map(as_dict, found))
        numbers = (f"{each.bits_per_char:.4f}" for each in found)
        if self.form == "tsv":
            numbers = (f"{text}\t{number}" for text, number in zip(records.texts, numbers, strict=True))
        return records.rebuild(numbers)


def as_dict(found: LineScore) -> dict[str, Any]:
    """The value of a record's "score"."""
    return {"bits": round(found.bits, 4), "chars": found.characters, "bits_per_char": round(found.bits_per_char, 4)}


def score_files(
    inputs: Sequence[str],
    output: str | None = None,
    *,
    model: str,
    device: Device = "auto",
    threads: int | None = None,
    form: Format = "text",
    field: str = "text",
    column: int = 1,
    **options: Any,
) -> Stats:
    """Scores `inputs` into `output`, line for line (see io.stream.run, which takes the `options`).

    Raises CncharError for what cannot be read, and a model that is broken or foresees no next character.
    """
    check_place(form, field, column)
    return run(inputs, output, BlockScorer(load_language(model, device, threads), form, field, column), **options)
