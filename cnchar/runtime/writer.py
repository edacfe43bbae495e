"""Writes text with a causal language model: character by character, or the likeliest text as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from cnchar.bundle import open_bundle, resolve
from cnchar.decode.sampling import Sampling
from cnchar.decode.writing import sample, search
from cnchar.errors import BadInput
from cnchar.runtime.neural import Device
from cnchar.runtime.steps import open_step
from cnchar.tasks.language import TASK, WRITTEN, read_causal, read_lines
from cnchar.tasks.tables import NEURAL


class Writer:
    """Goes on from a prompt, with a model that `cnchar pretrain` made. Thread-safe.

    Raises CncharError for a folder that cannot be read or foresees no next character.
    """

    def __init__(self, model: str, device: Device = "auto", threads: int | None = None) -> None:
        bundle = open_bundle(resolve(model, TASK), TASK, (NEURAL,))
        self.name, self.version = bundle.name, str(bundle.version)
        self.language = read_causal(bundle)
        self._step = open_step(bundle, self.language.config, device, threads)

    def write(self, prompt: str = "", sampling: Sampling | None = None, seed: int | None = None) -> Iterator[str]:
        """The characters after the prompt, one by one, until the model ends the text. Equal seeds write alike.

        Take as many as you want: each costs the same.
        """
        chance, most = np.random.default_rng(seed), self.language.max_length
        written = sample(self._step, self._read(prompt), WRITTEN, sampling or Sampling(), chance, most)
        return (self.language.vocab.decode([symbol]) for symbol in written)

    def likeliest(self, prompt: str = "", length: int = 100, beam: int = 5) -> str:
        """The likeliest text after the prompt that a beam finds, of at most `length` characters."""
        most = self.language.max_length
        return self.language.vocab.decode(search(self._step, self._read(prompt), WRITTEN, beam, length, most))

    def _read(self, prompt: str) -> list[int]:
        symbols: list[int] = read_lines(self.language.alphabet, [prompt]).tolist()
        return symbols


@dataclass(frozen=True)
class Wish:
    """What is to be written. Raises BadInput for wishes that contradict each other.

    sampling: how daring, None where nothing was said. beam: search with so many candidates instead of chance.
    """

    prompt: str = ""
    length: int = 100
    count: int = 1
    sampling: Sampling | None = None
    seed: int | None = None
    beam: int | None = None

    def __post_init__(self) -> None:
        if self.beam and (self.sampling or self.seed is not None or self.count > 1):
            raise BadInput(
                "--beam leaves nothing to chance and finds one text: give it without --temperature, --top-k, --top-p, "
                "--repetition-penalty, --seed and --count."
            )


def write(model: str, wish: Wish, device: Device = "auto", threads: int | None = None) -> Iterator[str]:
    """The texts, each with its prompt and a newline, in pieces as they are ready. Raises CncharError as Writer does."""
    writer = Writer(model, device, threads)
    for number in range(wish.count):
        yield wish.prompt
        if wish.beam:
            yield writer.likeliest(wish.prompt, wish.length, wish.beam)
        else:
            seed = None if wish.seed is None else wish.seed + number
            yield from islice(writer.write(wish.prompt, wish.sampling, seed), wish.length)
        yield "\n"


__all__ = ["Sampling", "Wish", "Writer", "write"]
