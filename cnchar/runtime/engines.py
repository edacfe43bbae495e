"""What cuts blocks of lines into words: look-up tables, or jieba for comparison; a network in neural_engine.py."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Protocol

from cnchar.bundle import Bundle
from cnchar.errors import BadInput, MissingExtra
from cnchar.lookup.tagger import Contribution
from cnchar.lookup.templates import unpad
from cnchar.tasks import segment as task
from cnchar.tasks.segment import Marks, Segmentation
from cnchar.tasks.tables import read_tagger

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cnchar.lookup.symbols import Codes
    from cnchar.lookup.templates import View
    from cnchar.lookup.userdict import UserDictionary


class Engine(Protocol):
    """What segments a block of lines."""

    name: str
    version: str

    def words(self, block: str) -> Iterator[Segmentation]:
        """The lines of a block and their words."""

    def joined(self, block: str, delimiter: str) -> str:
        """The block with `delimiter` between words."""


def join_space(words: list[str]) -> tuple[str, ...]:
    """Neighbouring runs of white space as one word."""
    out: list[str] = []
    for word in words:
        if out and word.isspace() and out[-1].isspace():
            out[-1] += word
        else:
            out.append(word)
    return tuple(out)


@dataclass(frozen=True)
class Analysis:
    """A block of N characters: code points, what the templates read, scores (4, N) with the marks written in, marks."""

    codes: Codes
    view: View
    scores: NDArray[np.int32]
    marks: Marks


class TaggingEngine(ABC):
    """What scores the tags of every character and decodes them, perhaps with a user dictionary.

    scale: units of a score that make one nat; transitions: what steps between tags are worth, (4, 4) in those units.
    """

    scale: float
    transitions: NDArray[np.int32] | None = None

    def __init__(self, bundle: Bundle, user: UserDictionary | None) -> None:
        self.name, self.version = bundle.name, str(bundle.version)
        self.user = user

    @abstractmethod
    def read(self, codes: Codes) -> View:
        """What tables see in a block."""

    @abstractmethod
    def score(self, block: str, view: View) -> NDArray[np.int32]:
        """(4, N) scores of B, M, E, S."""

    @abstractmethod
    def contributions(self, block: str, view: View) -> Iterator[Contribution]:
        """The parts that a block's scores are the sum of, but for what is added to all tags of a character."""

    def words(self, block: str) -> Iterator[Segmentation]:
        """The lines of a block and their words."""
        seen = self.analyse(block)
        return task.words_of(block, self._decode(seen), seen.marks.space)

    def joined(self, block: str, delimiter: str) -> str:
        """The block with `delimiter` between words."""
        seen = self.analyse(block)
        return task.join_words(seen.codes, self._decode(seen), seen.marks.space, delimiter)

    def analyse(self, block: str) -> Analysis:
        """What decoding, --scores and --explain look at."""
        codes = task.to_codes(block)
        view = self.read(codes)
        scores = self.score(block, view)
        marks = task.mark(block, codes, unpad(view.kinds), self.user)
        task.constrain(scores, marks, self.scale)
        return Analysis(codes, view, scores, marks)

    def _decode(self, seen: Analysis) -> NDArray[np.bool_]:
        return task.decode(seen.scores, seen.codes, seen.marks, self.transitions)

    def confidences(self, sentence: Segmentation) -> list[float]:
        """The probability of each word of a line; 1 for white space."""
        from cnchar.decode.posterior import word_posteriors

        if not sentence.text:
            return []
        seen = self.analyse(sentence.text)
        values = seen.scores / self.scale
        steps = None if self.transitions is None else self.transitions / self.scale
        out: list[float] = []
        for is_space, group in groupby(sentence.spans, key=lambda span: bool(seen.marks.space[span[0]])):
            spans = list(group)
            start, stop = spans[0][0], spans[-1][1]
            inside = [(a - start, b - start) for a, b in spans]
            out += [1.0] * len(spans) if is_space else word_posteriors(values[:, start:stop], inside, steps)
        return out


class LookupEngine(TaggingEngine):
    """The look-up tagger with one standard's tables."""

    def __init__(self, bundle: Bundle, standard: str | None = None, user: UserDictionary | None = None) -> None:
        super().__init__(bundle, user)
        self.tagger = read_tagger(bundle, standard)
        self.scale = self.tagger.weights.scale

    def read(self, codes: Codes) -> View:
        """What the tables see in a block."""
        return self.tagger.view(codes)

    def score(self, block: str, view: View) -> NDArray[np.int32]:
        """(4, N) scores of B, M, E, S."""
        return self.tagger.scores(view)

    def contributions(self, block: str, view: View) -> Iterator[Contribution]:
        """What each template adds."""
        return self.tagger.contributions(view)


class JiebaEngine:
    """jieba's accurate mode, for comparison. Needs the [jieba] extra."""

    name = "jieba"

    def __init__(self, user: UserDictionary | None = None) -> None:
        try:
            import jieba
        except ImportError:
            raise MissingExtra("The model jieba", "jieba") from None
        if user and user.mode == "force":
            raise BadInput("jieba weighs the words of a dictionary and forces none: leave --user-dict-mode out.")
        jieba.setLogLevel("WARNING")
        self.version = jieba.__version__
        self._tokenizer = jieba.Tokenizer()
        for word, weight in (user.words if user else {}).items():
            self._tokenizer.add_word(word, weight)

    def words(self, block: str) -> Iterator[Segmentation]:
        """The lines of a block and their words."""
        for line in block.split("\n"):
            yield Segmentation(line, join_space(self._tokenizer.lcut(line)))

    def joined(self, block: str, delimiter: str) -> str:
        """The block with `delimiter` between words."""
        return "\n".join(delimiter.join(w for w in line.words if not w.isspace()) for line in self.words(block))
