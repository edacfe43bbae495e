"""How often each character occurs, in constant memory, and which of them make a vocabulary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cnchar.text.vocab import SPECIALS, Vocab, check_specials

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.int64]
    BlockCounts = tuple[Array, Array]

CODE_POINTS = 0x110000
TOP_DROPPED = 20


def count_block(text: str) -> BlockCounts:
    """The code points in a text, ascending, and how often each occurs. (n,), (n,); newlines are not counted.

    A few kB whatever the text, so it travels well between processes.
    """
    import numpy as np

    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    counts = np.bincount(codes, minlength=ord("\n") + 1)
    counts[ord("\n")] = 0
    present = np.flatnonzero(counts)
    return present, counts[present]


class CharacterCounts:
    """Counts of all code points: 9 MB, however much text there is."""

    def __init__(self) -> None:
        import numpy as np

        self._counts = np.zeros(CODE_POINTS, dtype=np.int64)

    def add(self, block: BlockCounts) -> None:
        """Adds what `count_block` found."""
        codes, counts = block
        self._counts[codes] += counts

    @property
    def total(self) -> int:
        """How many characters were counted."""
        return int(self._counts.sum())

    def ranked(self) -> tuple[Array, Array]:
        """Code points that occur and their counts, the most frequent first, equal ones by code point. (n,), (n,)"""
        import numpy as np

        codes = np.flatnonzero(self._counts)
        order = np.argsort(-self._counts[codes], kind="stable")
        codes = codes[order]
        return codes, self._counts[codes]


@dataclass(frozen=True)
class Limits:
    """Which characters are kept: each limit cuts the ranked list, the shortest holds. None is no limit.

    `max_size` counts the special symbols too; `coverage` keeps the fewest characters that make up this share of all.
    Raises ValueError for limits that cannot be.
    """

    min_count: int = 1
    max_size: int | None = None
    coverage: float | None = None
    specials: tuple[str, ...] = SPECIALS

    def __post_init__(self) -> None:
        check_specials(self.specials)
        if self.min_count < 1:
            raise ValueError(f"min_count must be at least 1, not {self.min_count}")
        if self.max_size is not None and self.max_size < len(self.specials):
            raise ValueError(f"max_size {self.max_size} has no room for the {len(self.specials)} special symbols")
        if self.coverage is not None and not 0 < self.coverage <= 1:
            raise ValueError(f"coverage must be a share above 0 and up to 1, not {self.coverage}")

    def cut(self, counts: Array, total: int) -> int:
        """How many of the ranked counts are kept. (n,) -> scalar"""
        import numpy as np

        kept = int(np.count_nonzero(counts >= self.min_count))
        if self.max_size is not None:
            kept = min(kept, self.max_size - len(self.specials))
        if self.coverage is not None and total:
            wanted = np.ceil(self.coverage * total - 1e-9 * total)  # 0.7 * 10 must be 7, not 7.000000000000001
            kept = min(kept, int(np.searchsorted(counts.cumsum(), wanted)) + 1)
        return kept


@dataclass(frozen=True)
class VocabReport:
    """What a vocabulary covers of the text that it was built from."""

    characters: int  # in the text
    distinct: int
    kept: int  # different characters in the vocabulary
    size: int  # with specials
    covered: int  # characters of the text that are in the vocabulary
    dropped: tuple[tuple[str, int], ...]  # the most frequent characters left out, with their counts

    @property
    def coverage(self) -> float:
        """Share of the text that the vocabulary covers; 1 for no text."""
        return self.covered / self.characters if self.characters else 1.0

    def as_json(self) -> dict[str, Any]:
        """The report as `--report` writes it."""
        dropped = [{"character": ch, "code_point": f"U+{ord(ch):04X}", "count": count} for ch, count in self.dropped]
        return {"schema_version": 1, **self.__dict__, "coverage": self.coverage, "dropped": dropped}

    def summary(self) -> str:
        """One line for people."""
        left = ", ".join(f"{ch!r} {count}" for ch, count in self.dropped[:5])
        return (
            f"{self.characters} characters, {self.distinct} different; {self.kept} kept cover {self.coverage:.4%} "
            f"(size {self.size})" + (f"; most frequent left out: {left}" if left else "")
        )


def choose(counts: CharacterCounts, limits: Limits) -> tuple[Vocab, VocabReport]:
    """The vocabulary of the counted text within the limits, always in the same order, and what it covers."""
    codes, numbers = counts.ranked()
    total = counts.total
    kept = limits.cut(numbers, total)
    vocab = Vocab(_characters(codes[:kept]), limits.specials)
    last = kept + TOP_DROPPED
    dropped = tuple(zip(_characters(codes[kept:last]), numbers[kept:last].tolist(), strict=True))
    return vocab, VocabReport(total, len(codes), kept, len(vocab), int(numbers[:kept].sum()), dropped)


def _characters(codes: Array) -> Sequence[str]:
    return list(map(chr, codes.tolist()))
