"""The segmenter as Python code and commands use it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, overload

from cnchar.bundle import open_bundle, resolve
from cnchar.errors import BadInput
from cnchar.runtime.engines import Engine, JiebaEngine, LookupEngine, join_space
from cnchar.runtime.user_files import dictionary_lines
from cnchar.tasks.segment import TASK, Segmentation
from cnchar.tasks.tables import LOOKUP, NEURAL

if TYPE_CHECKING:
    from cnchar.lookup.userdict import Format, Mode, UserDictionary
    from cnchar.runtime.neural import Device

BLOCK_CHARS = 1 << 18
BLOCK_LINES = 4096


class Segmenter:
    """Cuts text into words: one string, or any number of them as they come. Thread-safe."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.name, self.version = engine, engine.name, engine.version

    @overload
    def __call__(self, text: str) -> Segmentation: ...  # type: ignore[overload-overlap]
    @overload
    def __call__(self, text: Iterable[str]) -> Iterator[Segmentation]: ...

    def __call__(self, text: str | Iterable[str]) -> Segmentation | Iterator[Segmentation]:
        """The words of a string, or of each string of an iterable, in order and without reading far ahead."""
        if isinstance(text, str):
            return self._one(text)
        return self._many(text)

    def text(self, block: str, delimiter: str = " ") -> str:
        """Lines joined by newlines, with `delimiter` between the words; white space becomes the delimiter."""
        return self.engine.joined(block, delimiter)

    def _one(self, text: str) -> Segmentation:
        if "\n" not in text:
            return next(iter(self.engine.words(text)))
        words: list[str] = []  # a newline inside a text is white space like any other
        for line in self.engine.words(text):
            words += [*line.words, "\n"]
        return Segmentation(text, join_space(words[:-1]))

    def _many(self, texts: Iterable[str]) -> Iterator[Segmentation]:
        batch: list[str] = []
        size = 0
        for text in texts:
            if "\n" in text:
                yield from self._batch(batch)
                yield self._one(text)
                batch, size = [], 0
                continue
            batch.append(text)
            size += len(text)
            if size >= BLOCK_CHARS or len(batch) >= BLOCK_LINES:
                yield from self._batch(batch)
                batch, size = [], 0
        yield from self._batch(batch)

    def _batch(self, batch: list[str]) -> Iterator[Segmentation]:
        return self.engine.words("\n".join(batch)) if batch else iter(())


def load_segmenter(
    model: str = "fast",
    standard: str | None = None,
    user_dict: str | Path | None = None,
    user_dict_mode: Mode = "prefer",
    user_dict_format: Format = "tsv",
    device: Device = "auto",
    threads: int | None = None,
) -> Segmenter:
    """Open a segmenter. Raises CncharError for what cannot be read or does not fit together.

    device, threads: what a neural model runs on (runtime.neural.open_network); look-up models take one CPU thread.
    """
    user = _read_user(Path(user_dict), user_dict_mode, user_dict_format) if user_dict is not None else None
    if model == "jieba":
        if standard is not None:
            raise BadInput("--standard belongs to cnchar's own models; jieba has one standard only.")
        _refuse_cuda(device, model)
        return Segmenter(JiebaEngine(user))
    bundle = open_bundle(resolve(model, TASK), TASK, (LOOKUP, NEURAL))
    if bundle.config["architecture"] == NEURAL:
        from cnchar.runtime.neural_engine import NeuralEngine

        return Segmenter(NeuralEngine(bundle, standard, user, device, threads))
    _refuse_cuda(device, bundle.name)
    return Segmenter(LookupEngine(bundle, standard, user))


def _refuse_cuda(device: Device, name: str) -> None:
    if device == "cuda":
        raise BadInput(f"--device cuda is for neural models, and {name} is none; leave the option out.")


def _read_user(path: Path, mode: Mode, form: Format) -> UserDictionary:
    from cnchar.lookup.userdict import read_user_dictionary

    return read_user_dictionary(dictionary_lines(path), str(path), mode, form)
