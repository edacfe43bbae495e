"""Says which extra is missing where a command that trains finds no PyTorch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

_BROUGHT = ("torch", "safetensors", "onnx", "onnxscript", "seqeval", "sklearn")


@contextmanager
def train_extra(command: str) -> Iterator[None]:
    """Raises MissingExtra for `command` where torch or its like cannot be imported within this block."""
    from cnchar.errors import MissingExtra

    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in _BROUGHT:
            raise
        raise MissingExtra(command, "train") from None
