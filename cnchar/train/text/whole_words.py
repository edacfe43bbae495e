"""Where words begin in raw text, as the shipped look-up segmenter sees it: for hiding whole words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cnchar.bundle import open_bundle, resolve
from cnchar.lookup.templates import unpad
from cnchar.tasks import segment
from cnchar.tasks.tables import LOOKUP, read_tagger


class WordStarts:
    """A function from lines to where their words begin. It is as sure as `cnchar segment --model fast`."""

    def __init__(self) -> None:
        bundle = open_bundle(resolve("fast", segment.TASK), segment.TASK, (LOOKUP,))
        self._tagger = read_tagger(bundle)

    def __call__(self, lines: Sequence[str]) -> NDArray[np.bool_]:
        """(N,) of the lines packed one behind the other, each after one place for its beginning."""
        text = "".join(f"\n{line}" for line in lines)
        codes = segment.to_codes(text)
        view = self._tagger.view(codes)
        scores = self._tagger.scores(view)
        marks = segment.mark(text, codes, unpad(view.kinds))
        segment.constrain(scores, marks, self._tagger.weights.scale)
        ends = segment.decode(scores, codes, marks)
        ends |= marks.space
        ends[:-1] |= marks.space[1:]
        return np.append(True, ends[:-1])
