"""What a language model learns from text without labels: what follows each symbol, what was hidden, what was mistyped.

Each objective makes a batch for CharacterModel.forward of rows of packed lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from cnchar.corpus.noise import Noise
from cnchar.nn.heads import UNLABELLED
from cnchar.tasks.packed_lines import BEGIN, FIRST_CHARACTER, MASK, PADDING
from cnchar.train.engine.batches import Batch

Rows = NDArray[np.int64]
Chosen = NDArray[np.bool_]

_MASKED, _CHANGED = 0.8, 0.1  # of the hidden characters; the rest is shown, and asked for all the same
_HIDING = 0.6  # of the rows, how many hide some hanzi besides


class TextRows(NamedTuple):
    """Packed lines, (B, T) each; PADDING in `symbols` and `following` behind the ends.

    following: what follows each symbol. marks: what else is known of each, by its name in text_shards.MARKS, as far as
    the objective wants it and the text has it.
    """

    symbols: Rows
    following: Rows
    marks: Mapping[str, NDArray[Any]] = {}


class Objective(Protocol):
    """Makes something to learn of text. `marks`: what it wants to know of it; `measure`: what it costs, as a name."""

    @property
    def marks(self) -> tuple[str, ...]: ...

    @property
    def measure(self) -> str: ...

    def __call__(self, rows: TextRows, chance: np.random.Generator) -> Batch: ...


@dataclass(frozen=True)
class Foresee:
    """The causal objective: each symbol is asked what follows it."""

    marks: tuple[str, ...] = ()
    measure: str = "bits_per_char"

    def __call__(self, rows: TextRows, chance: np.random.Generator) -> Batch:
        """A batch of rows (B, T)."""
        padding = rows.symbols == PADDING
        return batch_of(rows.symbols, rows.symbols, np.where(padding, UNLABELLED, rows.following))


@dataclass(frozen=True)
class Hide:
    """The objective of Devlin et al. 2019: some characters are hidden, and asked for.

    share: of a row's symbols, rounded, so that all rows of one length count the same. symbols: the vocabulary's size.
    Where the text says where words begin, they are hidden whole (Cui et al. 2021).
    """

    share: float
    symbols: int
    marks: tuple[str, ...] = ("words",)
    measure: str = "bits_per_hidden_char"

    def __call__(self, rows: TextRows, chance: np.random.Generator) -> Batch:
        """A batch of rows (B, T)."""
        symbols = rows.symbols
        hidden = self._choose(symbols, rows.marks.get("words"), chance)
        how = chance.random(symbols.shape)
        others = chance.integers(FIRST_CHARACTER, max(self.symbols, FIRST_CHARACTER + 1), symbols.shape)
        shown = np.where(hidden & (how < _MASKED), MASK, symbols)
        shown = np.where(hidden & (how >= 1 - _CHANGED), others, shown)
        return batch_of(shown, symbols, np.where(hidden, symbols, UNLABELLED))

    def _choose(self, symbols: Rows, starts: Chosen | None, chance: np.random.Generator) -> Chosen:
        """Which characters are hidden, (B, T): those of the words that chance puts first, as many as the share says."""
        size, length = symbols.shape
        words: Rows = np.cumsum(np.ones_like(symbols) if starts is None else starts, axis=1, dtype=np.int64)
        place = np.take_along_axis(chance.random((size, length + 1)), words, axis=1)
        place[symbols < FIRST_CHARACTER] = 2.0  # never
        rank = np.argsort(np.argsort(place, axis=1, kind="stable"), axis=1, kind="stable")
        wanted = np.rint(self.share * np.count_nonzero(symbols != PADDING, axis=1))
        chosen: Chosen = (rank < wanted[:, None]) & (symbols >= FIRST_CHARACTER)
        return chosen


@dataclass(frozen=True)
class Denoise:
    """Some characters are mistaken for others, as people do, and asked for, together with some that stand as they were.

    share: of the symbols, how many are asked for: those that are wrong or hidden; the others are to be left alone.
    flags: what the model reads of each symbol besides, (S,), if anything. hidden: of the hanzi, how many are not shown
    at all, so that a model learns what must stand there whatever was typed (as Hide does).

    Where the text says how it was typed (the mark `typed`), those errors are kept in most lines; in some others are
    made, on top of them or instead, so that lines which are read many times are not learned by heart.
    """

    noise: Noise
    share: float = 0.25
    flags: Rows | None = None
    hidden: float = 0.0
    marks: tuple[str, ...] = ("words", "typed")
    measure: str = "bits_per_asked_char"

    def __call__(self, rows: TextRows, chance: np.random.Generator) -> Batch:
        """A batch of rows (B, T)."""
        symbols, texts = rows.symbols, np.cumsum(rows.symbols == BEGIN, axis=1)
        shown = self.noise(symbols, rows.marks.get("words"), texts, chance)
        if (typed := rows.marks.get("typed")) is not None:
            told = np.where(typed == PADDING, symbols, typed)  # other sources do not say how they were typed
            shown = self._keep_typed(symbols, told, shown, texts, chance)
        if self.hidden:
            shown = self._hide(symbols, shown, rows.marks.get("words"), chance)
        return self.asking(rows, shown, chance)

    def asking(self, rows: TextRows, shown: Rows, chance: np.random.Generator) -> Batch:
        """A batch that shows these symbols (B, T)."""
        symbols = rows.symbols
        place = np.where(shown != symbols, 0.0, 1.0) + chance.random(symbols.shape)
        place[symbols < FIRST_CHARACTER] = np.inf
        wanted = min(round(self.share * np.count_nonzero(symbols != PADDING)), np.count_nonzero(place < np.inf))
        asked = np.zeros(symbols.shape, np.bool_)  # of full rows always as many, so that memory is used again
        asked.flat[np.argsort(place, axis=None)[:wanted]] = True
        flags = None if self.flags is None else self.flags[shown][..., None]
        return batch_of(shown, symbols, np.where(asked, symbols, UNLABELLED), flags)

    def _keep_typed(self, symbols: Rows, typed: Rows, shown: Rows, texts: Rows, chance: np.random.Generator) -> Rows:
        """Lines with errors of their own: many as they were typed, some as they should be, some with more or others."""
        own = np.zeros((len(texts), int(texts.max(initial=0)) + 1), np.bool_)
        rows, places = np.nonzero(typed != symbols)
        own[rows, texts[rows, places]] = True
        how = np.take_along_axis(chance.random(own.shape), texts, axis=1)
        has_own = np.take_along_axis(own, texts, axis=1)
        more = np.where(typed != symbols, typed, shown)
        of_own = np.select([how < 0.45, how < 0.6, how < 0.75], [typed, symbols, more], shown)
        return np.where(has_own, of_own, shown)

    def _hide(self, symbols: Rows, shown: Rows, starts: Chosen | None, chance: np.random.Generator) -> Rows:
        """Nothing is hidden in some rows, as text is mostly seen; in half of the others single hanzi, else words."""
        size, length = symbols.shape
        places = np.broadcast_to(np.arange(length), symbols.shape)
        words = places if starts is None else np.cumsum(starts, axis=1, dtype=np.int64)
        units = np.where(chance.random((size, 1)) < 0.5, places, words)
        rates = np.where(chance.random((size, 1)) < _HIDING, self.hidden / _HIDING, 0.0)
        hidden = np.take_along_axis(chance.random((size, length + 1)), units, axis=1) < rates
        return np.where(hidden & self.noise.hanzi[symbols] & (shown == symbols), MASK, shown)


@dataclass(frozen=True)
class Mixed:
    """Several objectives in one run: each batch is of one of them, as often as its weight says."""

    objectives: tuple[Objective, ...]
    weights: tuple[float, ...]
    measure: str = "bits_per_asked_char"

    @property
    def marks(self) -> tuple[str, ...]:
        """What any of them wants to know."""
        return tuple(dict.fromkeys(mark for objective in self.objectives for mark in objective.marks))

    def __call__(self, rows: TextRows, chance: np.random.Generator) -> Batch:
        """A batch of rows (B, T), of one of the objectives."""
        shares = np.array(self.weights) / sum(self.weights)
        return self.objectives[chance.choice(len(shares), p=shares)](rows, chance)


def batch_of(shown: Rows, symbols: Rows, targets: Rows, flags: Rows | None = None) -> Batch:
    """A batch that shows some symbols (B, T) and asks for targets (B, T); `symbols` say where lines begin."""
    arrays = {"chars": shown, "targets": targets, "texts": np.cumsum(symbols == BEGIN, axis=1)}
    if flags is not None:
        arrays["flags"] = flags
    return {name: torch.from_numpy(np.ascontiguousarray(values)) for name, values in arrays.items()}
