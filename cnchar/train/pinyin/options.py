"""What a user asks for who trains a network for pinyin."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cnchar.bundle import SHIPPED, resolve
from cnchar.errors import BadInput
from cnchar.tasks.language import PINYIN
from cnchar.tasks.pinyin2hanzi import TASK
from cnchar.train.language.options import PretrainOptions


@dataclass(frozen=True)
class PinyinOptions(PretrainOptions):
    """Everything but the preset and the folder.

    start: the model that gives tables, and perhaps a network to adapt; fresh: a new network is trained.
    """

    objective: str = PINYIN
    start: str | None = None  # the shipped one
    fresh: bool = False

    def checked(self) -> PinyinOptions:
        """The same with whole paths. Raises BadInput for options that do not fit together, before text is read."""
        if list(self.objectives) != [PINYIN] or self.whole_words:
            raise BadInput("The objective pinyin has a network of its own: leave other objectives out.")
        start = self.start
        if start and SHIPPED not in (folder := resolve(start, TASK)).parents:
            start = str(folder.absolute())
        return replace(self.with_paths(), start=start)
