"""What a user asks for who trains a corrector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cnchar.bundle import SHIPPED, resolve
from cnchar.errors import BadInput
from cnchar.io.files import expand_inputs
from cnchar.tasks.correct_parts import TASK
from cnchar.train.language.options import source_weights
from cnchar.train.segment.options import absolute
from cnchar.train.text.shards import text_files


@dataclass(frozen=True)
class CorrectorOptions:
    """Everything but the preset and the folder."""

    train: tuple[str, ...] = ()  # raw text, which errors are made in
    pairs: tuple[str, ...] = ()  # lines as they were typed, a TAB, and as they should be
    start: str | None = None  # a corrector or a pretrained model to begin with
    vocab: str | None = None
    weights: tuple[str, ...] = ()  # PATTERN=NUMBER
    encoding: str = "utf-8"

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> CorrectorOptions:
        """The inverse of dataclasses.asdict, after a way through JSON."""
        lists = {name: tuple(values[name]) for name in ("train", "pairs", "weights")}
        return cls(**{**values, **lists})

    def checked(self) -> CorrectorOptions:
        """The same with whole paths. Raises BadInput for files that are not there, before any is read."""
        if not self.train:
            raise BadInput("A corrector learns what right text is like: give some to --train, besides --pairs.")
        train = tuple(text_files(self.train))
        pairs = tuple(map(absolute, expand_inputs(self.pairs, folders=True))) if self.pairs else ()
        source_weights((*train, *pairs), self.weights)
        start = self.start
        if start and SHIPPED not in (folder := resolve(start, TASK)).parents:
            start = str(folder.absolute())
        return replace(self, train=train, pairs=pairs, start=start, vocab=absolute(self.vocab) if self.vocab else None)
