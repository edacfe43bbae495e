"""A causal model as an ONNX graph that reads on from what it remembers: what `cnchar generate` runs without torch."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from cnchar.nn.config import LONGEST
from cnchar.nn.model import CharacterModel
from cnchar.nn.state import State, advance, begin
from cnchar.train.export.deploy import exportable, to_onnx

STEP = "step.onnx"


class _Step(nn.Module):
    def __init__(self, model: CharacterModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, chars: Tensor, state: State) -> tuple[Tensor, State]:
        return advance(self.model, chars, state)


def step_bytes(model: CharacterModel) -> bytes:
    """The graph, the bytes of a file.

    Inputs are `chars` (B, T) and the tensors of nn.state as `state_0`, ...; outputs are the `logits` (B, V) of the
    symbol that comes next, and the new state as `next_0`, ... B, T and the number of symbols that attention remembers
    are free: the first state is all zeros, and remembers none.
    """
    first = begin(model, 3)
    with torch.no_grad():
        _, state = advance(model, torch.ones(3, 5, dtype=torch.long), first)
    batch, length = torch.export.Dim("batch", max=1 << 20), torch.export.Dim("length", max=LONGEST)
    past = torch.export.Dim("past", max=LONGEST)
    grown = [
        [i for i in range(1, now.dim()) if now.shape[i] != one.shape[i]] for one, now in zip(first, state, strict=True)
    ]
    dims = {"chars": {0: batch, 1: length}, "state": tuple({0: batch, **dict.fromkeys(axes, past)} for axes in grown)}
    names = range(len(state))
    return to_onnx(
        _Step(exportable(model)),
        {"chars": torch.ones(3, 4, dtype=torch.long), "state": state},
        dims,
        ["chars", *(f"state_{i}" for i in names)],
        ["logits", *(f"next_{i}" for i in names)],
    )
