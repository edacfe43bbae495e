"""`hanzi2pinyin` over files and pipes: blocks of lines in, pinyin out, line for line in any of its formats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cnchar.errors import BadInput
from cnchar.io.blocks import Block
from cnchar.io.records import Format, check_place, read_records
from cnchar.io.stream import Stats, run
from cnchar.pinyin.styles import Style
from cnchar.runtime.pronouncer import Pronouncer, Rewriter, load_pronouncer
from cnchar.tasks.hanzi2pinyin import TASK, Pronunciation


@dataclass(frozen=True)
class Look:
    """What is read and what the output shall hold."""

    style: Style = "tone"
    heteronym: bool = False
    from_pinyin: bool = False
    user_dict: str | None = None
    form: Format = "text"
    field: str = "text"
    column: int = 1


@dataclass(frozen=True)
class BlockPronouncer:
    """Reads a block of lines. Sent to worker processes as its options; each loads what it needs for itself."""

    look: Look

    @cached_property
    def model(self) -> Pronouncer | Rewriter:
        """What does the work, loaded when first needed."""
        look = self.look
        return Rewriter(look.style) if look.from_pinyin else load_pronouncer(look.style, look.heteronym, look.user_dict)

    def __getstate__(self) -> dict[str, Any]:
        return {"look": self.look}

    def __call__(self, block: Block) -> str:
        look = self.look
        records = read_records(block, look.form, task=TASK, path=look.field, column=look.column)
        return records.rebuild(self.answers(records.texts))

    def answers(self, texts: Sequence[str]) -> Iterator[str | dict[str, Any]]:
        """The pinyin of each text, or with jsonl the value of the record's "hanzi2pinyin"."""
        for line in self.model(texts):
            more: dict[str, Any]
            if isinstance(line, Pronunciation):
                whole = line.all_pinyin if self.look.heteronym else line.pinyin
                more = {"pinyin": [list(each) for each in line.readings] if self.look.heteronym else list(line.items)}
            else:
                whole, more = line.pinyin, {"pinyin": list(line.items), "spans": [list(span) for span in line.spans]}
            yield {"text": whole, **more} if self.look.form == "jsonl" else whole


def hanzi2pinyin_files(inputs: Sequence[str], output: str | None = None, *, look: Look, **options: Any) -> Stats:
    """Writes the pinyin of `inputs` to `output` (see io.stream.run, which takes the `options`). Line for line.

    Raises:
        CncharError: what cannot be read, options that do not go together.
    """
    check_place(look.form, look.field, look.column)
    if look.from_pinyin and (look.heteronym or look.user_dict is not None):
        raise BadInput(
            "--from-pinyin reads pinyin, so --heteronym and --user-dict have nothing to say; leave them out."
        )
    pronounce = BlockPronouncer(look)
    _ = pronounce.model  # loaded here, so that a broken dictionary is told before anything is read
    return run(inputs, output, pronounce, **options)
