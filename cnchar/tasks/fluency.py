"""How well text reads where a character is replaced: what the look-up tables of pinyin2hanzi say of what stands around.

They were counted in far more text than a small network learns from, and know words and names; what they say is evidence
beside that of a network (tasks/doubts.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnchar.bundle import open_bundle, resolve, shipped
from cnchar.decode.beam import Beam
from cnchar.decode.pinyin_lattice import KEPT, PinyinLattice
from cnchar.errors import BadBundle
from cnchar.tasks.pinyin_decoder import PinyinDecoder
from cnchar.tasks.pinyin_tables import ARCHITECTURES, read_tables

TABLES = "pinyin2hanzi"  # the model whose tables are asked if no other is named
REACH = 8  # characters on each side that are looked at
_TOGETHER = 256  # stretches scored at once: more would take memory and save no time
_MARK = "\uff0c"  # stands for white space and NUL, which the tables do not know
_BEAM = Beam(6, 10.0)

Places = NDArray[np.integer]
Gains = NDArray[np.float64]


@dataclass(frozen=True)
class Fluency:
    """Scores text of hanzi by the tables of a model. Thread-safe."""

    decoder: PinyinDecoder

    def gains(self, text: str, places: Places, targets: Sequence[str]) -> Gains:
        """How much better the text reads with targets[i] instead of text[places[i]], nats, (N,).

        Args:
            text: lines, with a newline between each two; what stands on other lines does not count.
        """
        numbers: dict[str, int] = {}
        before, after = np.zeros(len(targets), np.intp), np.zeros(len(targets), np.intp)
        for i, (place, target) in enumerate(zip(places.tolist(), targets, strict=True)):
            start = max(0, place - REACH)
            start = max(start, text.rfind("\n", start, place) + 1)
            end = text.find("\n", place, place + REACH + 1)
            left, right = text[start:place], text[place + 1 : place + REACH + 1 if end < 0 else end]
            before[i] = numbers.setdefault(left + text[place] + right, len(numbers))
            after[i] = numbers.setdefault(left + target + right, len(numbers))
        scores = self._scores(list(numbers))
        return scores[after] - scores[before]

    def _scores(self, texts: list[str]) -> Gains:
        scores = np.zeros(len(texts))
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(order), _TOGETHER):
            some = order[start : start + _TOGETHER]
            scores[some] = self.decoder.totals([_lattice(texts[i]) for i in some])
        return scores


def open_fluency(model: str = TABLES) -> Fluency:
    """The tables of a shipped model, memory-mapped. Raises BadBundle where there is none, or it is broken."""
    if model not in dict(shipped()):
        raise BadBundle(f"{model}: no look-up tables of that name ship with cnchar; train the corrector again.")
    bundle = open_bundle(resolve(model, TABLES), TABLES, ARCHITECTURES)
    return Fluency(PinyinDecoder(read_tables(bundle), _BEAM))


def _lattice(text: str) -> PinyinLattice:
    """Text as it stands: each character is kept."""
    size, places = len(text), np.arange(len(text), dtype=np.int32)
    codes = np.array([ord(_MARK if each.isspace() or each == "\0" else each) for each in text], np.int32)
    none = np.zeros(size, np.int8)
    return PinyinLattice(
        size, places, places + 1, np.full(size, KEPT, np.int16), none, none.astype(np.float32), codes
    )  # fmt: skip


__all__ = ["REACH", "TABLES", "Fluency", "open_fluency"]
