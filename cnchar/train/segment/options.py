"""What a user asks for who trains a segmenter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cnchar.bundle import SHIPPED, resolve
from cnchar.tasks.segment import TASK
from cnchar.train.segment.characters import check_same, of_vocabulary
from cnchar.train.segment.start import Start, fresh, from_model


@dataclass(frozen=True)
class SegmenterOptions:
    """Everything but the preset and the folder."""

    train: tuple[str, ...] = ()  # paths of segmented files
    dev: tuple[str, ...] = ()  # none: some of the training lines are held out
    form: str = "text"
    encoding: str = "utf-8"
    start: str | None = None  # a shipped model or a folder to begin with
    standard: str | None = None
    vocab: str | None = None
    tag_report: bool = False

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> SegmenterOptions:
        """The inverse of dataclasses.asdict, after a way through JSON."""
        return cls(**{**values, "train": tuple(values["train"]), "dev": tuple(values["dev"])})

    def absolute(self) -> SegmenterOptions:
        """The same with whole paths, so that a run can be resumed from anywhere."""
        start = self.start
        if start and SHIPPED not in (folder := resolve(start, TASK)).parents:
            start = str(folder.absolute())
        train, dev = (tuple(map(absolute, paths)) for paths in (self.train, self.dev))
        return replace(self, train=train, dev=dev, start=start, vocab=absolute(self.vocab) if self.vocab else None)

    def given_start(self) -> Start | None:
        """What `start` or `vocab` give to begin with; None where the text must say which characters there are.

        Raises BadInput or BadBundle for a model or a vocabulary that cannot be used, or where the two do not fit.
        """
        characters = of_vocabulary(self.vocab) if self.vocab else None
        if self.start is None:
            return fresh(characters, self.standard) if characters else None
        start = from_model(self.start, self.standard)
        if characters:
            check_same(str(self.vocab), characters, start.characters)
        return start


def absolute(path: str) -> str:
    """A path that is the same from any folder."""
    return str(Path(path).absolute())
