"""Scores lines with a causal language model: onnxruntime on a CPU, PyTorch where there is CUDA or no graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

from cnchar.bundle import Bundle, open_bundle, resolve
from cnchar.decode.sampling import Sampling
from cnchar.runtime.neural import Device, batch_chars, open_network
from cnchar.runtime.writer import Writer
from cnchar.tasks.language import TASK, LineScore, read_causal, score_lines
from cnchar.tasks.tables import NEURAL
from cnchar.text.batches import line_size, together

BLOCK_CHARS = 1 << 15  # read ahead: enough for lines of like lengths to find each other
LOGITS = 1 << 25  # of one batch: 128 MB


class LanguageModel:
    """Says how well it foresees lines, and writes some itself. Thread-safe. Made by `load_language`."""

    def __init__(self, bundle: Bundle, device: Device = "auto", threads: int | None = None) -> None:
        self.name, self.version = bundle.name, str(bundle.version)
        self.language = read_causal(bundle)
        self.network = open_network(bundle, self.language.config, device, threads)
        self._where = str(bundle.folder), device, threads

    @overload
    def __call__(self, text: str) -> LineScore: ...  # type: ignore[overload-overlap]
    @overload
    def __call__(self, text: Iterable[str]) -> Iterator[LineScore]: ...

    def __call__(self, text: str | Iterable[str]) -> LineScore | Iterator[LineScore]:
        """What a line costs, or each line of an iterable, in order; read some ten thousand characters ahead."""
        return self._score([text])[0] if isinstance(text, str) else self._many(text)

    def write(self, prompt: str = "", sampling: Sampling | None = None, seed: int | None = None) -> Iterator[str]:
        """The characters after the prompt, one by one, until the model ends the text. Equal seeds write alike.

        Take as many as you want: each costs the same. Raises CncharError as Writer does.
        """
        return self._writer.write(prompt, sampling, seed)

    def likeliest(self, prompt: str = "", length: int = 100, beam: int = 5) -> str:
        """The likeliest text after the prompt that a beam finds, of at most `length` characters."""
        return self._writer.likeliest(prompt, length, beam)

    @cached_property
    def _writer(self) -> Writer:
        """Opened when something is to be written: it has a network of its own, that goes symbol by symbol."""
        return Writer(*self._where)

    def _many(self, lines: Iterable[str]) -> Iterator[LineScore]:
        for batch in together(lines, line_size, BLOCK_CHARS):
            yield from self._score(batch)

    def _score(self, lines: list[str]) -> list[LineScore]:
        most = min(batch_chars(self.network), LOGITS // self.language.config.symbols)
        return score_lines(self.network, self.language, lines, most)


@dataclass(frozen=True)
class Foreseeable:
    """Keeps lines that a model foresees with at most so many bits per character: a rule of `cnchar clean`."""

    model: LanguageModel
    most: float

    def keep(self, lines: Sequence[str]) -> list[bool]:
        """For each line: is it foreseen well enough? (n,) -> (n,)"""
        return [found.bits_per_char <= self.most for found in self.model(lines)]


def load_language(model: str, device: Device = "auto", threads: int | None = None) -> LanguageModel:
    """Open a causal language model: a folder that `cnchar pretrain` made, or a shipped name.

    Raises CncharError for what cannot be read or foresees no next character.
    """
    return LanguageModel(open_bundle(resolve(model, TASK), TASK, (NEURAL,)), device, threads)


__all__ = ["Foreseeable", "LanguageModel", "LineScore", "Sampling", "load_language"]
