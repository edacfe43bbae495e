"""Runs a model for a user: loads a bundle, scores, decodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnchar.errors import CncharError

if TYPE_CHECKING:
    from cnchar.runtime.segmenter import Segmenter


def load(task: str, model: str | None = None, **options: Any) -> Segmenter:
    """An object that does the task, thread-safe: `cnchar.load("segment")("他来到了杭研大厦").words`.

    Args:
        task: "segment".
        model: a shipped name, a folder, or for segment also "jieba"; the task's default model if None.
        options: for segment `standard` ("pku" or "ud"), `user_dict` (a file) and `user_dict_mode`, `user_dict_format`;
            for neural models `device` ("auto", "cpu" or "cuda") and `threads` (all CPUs if None).

    Raises:
        CncharError: an unknown task, a model that cannot be read, a bad user dictionary.
    """
    if task != "segment":
        raise CncharError(f"unknown task {task!r}; there is: segment.")
    from cnchar.runtime.segmenter import load_segmenter

    return load_segmenter(model or "fast", **options)


__all__ = ["load"]
