"""What cuts blocks of lines into words: the shipped look-up model, or jieba for comparison."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Protocol

from cnchar.bundle import Bundle
from cnchar.errors import MissingExtra
from cnchar.lookup.templates import unpad
from cnchar.runtime.read_tagger import read_tagger
from cnchar.tasks import segment as task
from cnchar.tasks.segment import Marks, Segmentation

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


class LookupEngine:
    """The look-up tagger with one standard's tables and perhaps a user dictionary."""

    def __init__(self, bundle: Bundle, standard: str | None = None, user: UserDictionary | None = None) -> None:
        self.name, self.version = bundle.name, str(bundle.version)
        self.user = user
        self.tagger = read_tagger(bundle, standard)

    def words(self, block: str) -> Iterator[Segmentation]:
        """The lines of a block and their words."""
        seen = self.analyse(block)
        return task.words_of(block, task.decode(seen.scores, seen.codes, seen.marks), seen.marks.space)

    def joined(self, block: str, delimiter: str) -> str:
        """The block with `delimiter` between words."""
        seen = self.analyse(block)
        ends = task.decode(seen.scores, seen.codes, seen.marks)
        return task.join_words(seen.codes, ends, seen.marks.space, delimiter)

    def analyse(self, block: str) -> Analysis:
        """What decoding, --scores and --explain look at."""
        codes = task.to_codes(block)
        view = self.tagger.view(codes)
        scores = self.tagger.scores(view)
        marks = task.mark(block, codes, unpad(view.kinds), self.user)
        task.constrain(scores, marks, self.tagger.weights.scale)
        return Analysis(codes, view, scores, marks)

    def confidences(self, sentence: Segmentation) -> list[float]:
        """The probability of each word of a line; 1 for white space."""
        from cnchar.decode.posterior import word_posteriors

        if not sentence.text:
            return []
        seen = self.analyse(sentence.text)
        values = seen.scores / self.tagger.weights.scale
        out: list[float] = []
        for is_space, group in groupby(sentence.spans, key=lambda span: bool(seen.marks.space[span[0]])):
            spans = list(group)
            start, stop = spans[0][0], spans[-1][1]
            inside = [(a - start, b - start) for a, b in spans]
            out += [1.0] * len(spans) if is_space else word_posteriors(values[:, start:stop], inside)
        return out


class JiebaEngine:
    """jieba's accurate mode, for comparison. Needs the [jieba] extra."""

    name = "jieba"

    def __init__(self, user: UserDictionary | None = None) -> None:
        try:
            import jieba
        except ImportError:
            raise MissingExtra("The model jieba", "jieba") from None
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
