"""What a user asks for who pretrains a language model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Self

from cnchar.corpus.raw_text import Kind, Reading
from cnchar.corpus.vocabulary import count_files
from cnchar.errors import BadInput
from cnchar.io.decode import Errors
from cnchar.tasks.language import CAUSAL, DENOISE, MASKED, parse_objectives, parse_weight
from cnchar.tasks.packed_lines import Alphabet
from cnchar.text.counts import Limits, choose
from cnchar.text.vocab import Vocab
from cnchar.train.text.shards import text_files

LEAST_COUNT = 2  # without --vocab: a character seen once is read as unknown, so that the unknown is learned too


@dataclass(frozen=True)
class PretrainOptions:
    """Everything but the preset and the folder."""

    text: tuple[str, ...] = ()  # paths of text files, globs, folders
    vocab: str | None = None  # none: the characters of the text
    objective: str = CAUSAL  # or several with their weights: tasks.language.parse_objectives
    whole_words: bool = False
    weights: tuple[str, ...] = ()  # PATTERN=NUMBER
    encoding: str = "utf-8"
    form: Kind = "text"
    field: str = "text"
    column: int = 1
    errors: Errors = "strict"

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The inverse of dataclasses.asdict, after a way through JSON."""
        return cls(**{**values, "text": tuple(values["text"]), "weights": tuple(values["weights"])})

    def checked(self) -> PretrainOptions:
        """The same with whole paths. Raises BadInput for options that do not fit together, before text is read."""
        if self.whole_words and MASKED not in self.objectives:
            raise BadInput("--whole-words says what is hidden: give it together with --objective masked.")
        return self.with_paths()

    def with_paths(self) -> Self:
        """The same with whole paths. Raises BadInput for files that are not there, and weights that fit none."""
        paths = tuple(text_files(self.text))
        self.weights_of(paths)
        return replace(self, text=paths, vocab=str(Path(self.vocab).absolute()) if self.vocab else None)

    @property
    def objectives(self) -> dict[str, float]:
        """What is learned, and how much of each. Raises BadInput for what cannot be."""
        return parse_objectives(self.objective)

    @property
    def needs_words(self) -> bool:
        """Whether the text has to say where words begin."""
        return self.whole_words or DENOISE in self.objectives

    def weights_of(self, paths: Sequence[str]) -> tuple[float, ...]:
        """How often an epoch has each source: by the last pattern that its path or name fits, else once.

        Raises BadInput for a weight that is none, and for a pattern that no source fits.
        """
        return source_weights(paths, self.weights)

    @property
    def reading(self) -> Reading:
        """How text is found in the files. Raises BadInput for a kind that there is not."""
        return Reading(self.form, self.field, self.column, self.encoding, self.errors)

    def alphabet(self) -> Alphabet:
        """The characters to know. Raises BadInput for a vocabulary that cannot be read or lacks special symbols."""
        if self.vocab:
            return Alphabet(Vocab.load(self.vocab))
        counts = count_files(self.text, self.reading)
        return Alphabet(choose(counts, Limits(min_count=LEAST_COUNT))[0])


def source_weights(paths: Sequence[str], weights: Sequence[str]) -> tuple[float, ...]:
    """How often an epoch has each source, by weights written PATTERN=NUMBER: see PretrainOptions.weights_of."""
    out = dict.fromkeys(paths, 1.0)
    for weight in weights:
        pattern, _, number = weight.rpartition("=")
        fitting = [path for path in paths if fnmatch(path, pattern) or fnmatch(Path(path).name, pattern)]
        if not fitting:
            raise BadInput(f"--weight {weight}: no text file fits {pattern or weight!r}; write PATTERN=NUMBER.")
        out.update(dict.fromkeys(fitting, parse_weight(f"--weight {weight}", number)))
    return tuple(out[path] for path in paths)
