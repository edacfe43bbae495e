"""Runs a model for a user: loads a bundle, scores, decodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from cnchar.errors import CncharError

if TYPE_CHECKING:
    from cnchar.runtime.converter import Converter
    from cnchar.runtime.corrector import Corrector
    from cnchar.runtime.language import LanguageModel
    from cnchar.runtime.pronouncer import Pronouncer
    from cnchar.runtime.segmenter import Segmenter


@overload
def load(task: Literal["segment"], model: str | None = None, **options: Any) -> Segmenter: ...
@overload
def load(task: Literal["hanzi2pinyin"], **options: Any) -> Pronouncer: ...


@overload
def load(task: Literal["pinyin2hanzi"], model: str | None = None, **options: Any) -> Converter: ...
@overload
def load(task: Literal["correct"], model: str | None = None, **options: Any) -> Corrector: ...
@overload
def load(task: Literal["language"], model: str, **options: Any) -> LanguageModel: ...


def load(
    task: str, model: str | None = None, **options: Any
) -> LanguageModel | Segmenter | Pronouncer | Converter | Corrector:
    """An object that does the task, thread-safe: `cnchar.load("segment")("他来到了杭研大厦").words`.

    Args:
        task: "segment", "pinyin2hanzi", "hanzi2pinyin", "correct" or "language".
        model: a shipped name, a folder, or for segment also "jieba"; the task's default if None (language has none).
        options: for segment `standard` ("pku" or "ud"), `user_dict` (a file) and `user_dict_mode`, `user_dict_format`;
            for neural models `device` ("auto", "cpu" or "cuda") and `threads` (all CPUs if None); for hanzi2pinyin
            `style` ("tone", "number", "plain" or "initials"), `heteronym` and `user_dict`; for pinyin2hanzi those of
            runtime.converter.load_converter: `fast`, `nbest`, `fuzzy`, `user_dict`, `punct` and others; for correct
            those of runtime.corrector.load_corrector: `min_confidence`, `protect`, `confusion`, `markup` and others.

    Raises:
        CncharError: an unknown task, a model that cannot be read, a bad user dictionary.
    """
    if task == "hanzi2pinyin":
        from cnchar.runtime.pronouncer import load_pronouncer

        return load_pronouncer(**options)
    if task == "pinyin2hanzi":
        from cnchar.runtime.converter import load_converter

        return load_converter(model or task, **options)
    if task == "correct":
        from cnchar.runtime.corrector import load_corrector

        return load_corrector(model or task, **options)
    if task == "language":
        from cnchar.runtime.language import load_language

        if model is None:
            raise CncharError("language needs a model: the folder of a causal one that cnchar pretrain made.")
        return load_language(model, **options)
    if task != "segment":
        raise CncharError(f"unknown task {task!r}; there are: segment, pinyin2hanzi, hanzi2pinyin, correct, language.")
    from cnchar.runtime.segmenter import load_segmenter

    return load_segmenter(model or "fast", **options)


__all__ = ["load"]
