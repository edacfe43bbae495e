"""Runs a model for a user: loads a bundle, scores, decodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from cnchar.errors import CncharError

if TYPE_CHECKING:
    from cnchar.runtime.pronouncer import Pronouncer
    from cnchar.runtime.segmenter import Segmenter


@overload
def load(task: Literal["segment"], model: str | None = None, **options: Any) -> Segmenter: ...
@overload
def load(task: Literal["hanzi2pinyin"], **options: Any) -> Pronouncer: ...


def load(task: str, model: str | None = None, **options: Any) -> Segmenter | Pronouncer:
    """An object that does the task, thread-safe: `cnchar.load("segment")("他来到了杭研大厦").words`.

    Args:
        task: "segment" or "hanzi2pinyin".
        model: a shipped name, a folder, or for segment also "jieba"; the task's default model if None.
        options: for segment `standard` ("pku" or "ud"), `user_dict` (a file) and `user_dict_mode`, `user_dict_format`;
            for neural models `device` ("auto", "cpu" or "cuda") and `threads` (all CPUs if None); for hanzi2pinyin
            `style` ("tone", "number", "plain" or "initials"), `heteronym` and `user_dict`.

    Raises:
        CncharError: an unknown task, a model that cannot be read, a bad user dictionary.
    """
    if task == "hanzi2pinyin":
        from cnchar.runtime.pronouncer import load_pronouncer

        return load_pronouncer(**options)
    if task != "segment":
        raise CncharError(f"unknown task {task!r}; there are: segment, hanzi2pinyin.")
    from cnchar.runtime.segmenter import load_segmenter

    return load_segmenter(model or "fast", **options)


__all__ = ["load"]
