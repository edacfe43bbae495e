"""What a causal model remembers of the symbols it has read, so that the next one always costs the same.

A recurrent network keeps its last vectors, convolutions those that their kernels still reach, attention the keys and
values of at most `most` symbols. Where attention's memory is full, it begins anew with the latter half of its symbols.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import gelu, glu, scaled_dot_product_attention

from cnchar.nn.backbones import Convolutions, GatedConvolution, Recurrent, Transformer, TransformerLayer, rotate
from cnchar.nn.config import LONGEST
from cnchar.nn.model import CharacterModel

Memory = tuple[Tensor, ...]  # of one layer, B rows each


@dataclass(frozen=True)
class State:
    """What is remembered of B rows of symbols. `symbols` (B, P): those that attention remembers, else none."""

    symbols: Tensor
    layers: tuple[Memory, ...]
    most: int

    def pick(self, rows: Tensor) -> State:
        """The state of other rows (R,), each as often as it is named."""
        layers = tuple(tuple(part[rows] for part in memory) for memory in self.layers)
        return State(self.symbols[rows], layers, self.most)


def begin(model: CharacterModel, rows: int = 1, most: int = LONGEST) -> State:
    """The state before the first symbol. Raises ValueError for a model that is not causal."""
    if not model.config.causal:
        raise ValueError("only a causal model can go on from what it remembers")
    nothing = torch.zeros(rows, 0, dtype=torch.long, device=model.embeddings.characters.weight.device)
    return State(nothing, ((),) * model.config.layers, most)


def advance(model: CharacterModel, chars: Tensor, state: State) -> tuple[Tensor, State]:
    """Read symbols (B, T), T > 0. Gives the logits (B, V) of the symbol that comes next, and the new state."""
    symbols, backbone = torch.cat([state.symbols, chars], 1), model.backbone
    if isinstance(backbone, Transformer) and (start := first_kept(symbols.shape[1], state.most)):
        return advance(model, symbols[:, start:], begin(model, len(symbols), state.most))
    x = model.embeddings(chars, None, None)
    if isinstance(backbone, Transformer):
        hidden, layers = _attend_on(backbone, x, state)
    elif isinstance(backbone, Convolutions):
        hidden, layers = _convolve_on(backbone, x, state)
    else:
        assert isinstance(backbone, Recurrent)
        hidden, layers = _recur_on(backbone, x, state)
    kept = symbols if isinstance(backbone, Transformer) else state.symbols
    return model.read_out(hidden[:, -1]).float(), State(kept, layers, state.most)


def first_kept(length: int, most: int) -> int:
    """The first of so many symbols that is remembered: each time memory is full, half of it is forgotten."""
    step = most - most // 2
    return max(0, -((most - length) // step)) * step


def _recur_on(backbone: Recurrent, x: Tensor, state: State) -> tuple[Tensor, tuple[Memory, ...]]:
    layers = []
    for cell, memory in zip(backbone.onward, state.layers, strict=True):
        parts = tuple(part.transpose(0, 1).contiguous() for part in memory)  # torch wants (1, B, H)
        x, after = cell(x, (parts if len(parts) > 1 else parts[0]) if parts else None)
        layers.append(tuple(part.transpose(0, 1) for part in (after if isinstance(after, tuple) else (after,))))
    return x, tuple(layers)


def _convolve_on(backbone: Convolutions, x: Tensor, state: State) -> tuple[Tensor, tuple[Memory, ...]]:
    layers = []
    for layer, memory in zip(backbone.layers, state.layers, strict=True):
        assert isinstance(layer, GatedConvolution)
        reach, length = -layer.places[0], x.shape[1]
        before = memory[0] if memory else x.new_zeros(len(x), reach, x.shape[2])
        seen = torch.cat([before, layer.norm(x)], 1)  # (B, reach + T, H)
        x = x + glu(layer.mix(torch.cat([seen[:, reach + at : reach + at + length] for at in layer.places], -1)))
        layers.append((seen[:, length:],))
    return backbone.norm(x), tuple(layers)


def _attend_on(backbone: Transformer, x: Tensor, state: State) -> tuple[Tensor, tuple[Memory, ...]]:
    before, length = state.symbols.shape[1], x.shape[1]
    if backbone.learned is not None:
        x = x + backbone.learned.weight[before : before + length]
    turns = None if backbone.learned is not None else backbone.get_buffer("turns")[:, before : before + length]
    seen = torch.ones(length, before + length, dtype=torch.bool, device=x.device).tril(before)  # (T, P + T)
    layers = []
    for layer, memory in zip(backbone.layers, state.layers, strict=True):
        assert isinstance(layer, TransformerLayer)
        mixed, after = _attend(layer, layer.norms[0](x), memory, seen, turns)
        x = x + layer.out(mixed)
        x = x + layer.down(gelu(layer.up(layer.norms[1](x))))
        layers.append(after)
    return backbone.norm(x), tuple(layers)


def _attend(
    layer: TransformerLayer, x: Tensor, memory: Memory, seen: Tensor, turns: Tensor | None
) -> tuple[Tensor, Memory]:
    size, length, hidden = x.shape
    split = layer.qkv(x).view(size, length, 3, layer.heads, hidden // layer.heads)
    q, k, v = split.permute(2, 0, 3, 1, 4).unbind(0)  # each (B, heads, T, H / heads)
    if turns is not None:
        q, k = rotate(q, turns), rotate(k, turns)
    if memory:
        k, v = torch.cat([memory[0], k], 2), torch.cat([memory[1], v], 2)  # (B, heads, P + T, H / heads)
    mixed = scaled_dot_product_attention(q, k, v, attn_mask=seen)
    return mixed.transpose(1, 2).reshape(size, length, hidden), (k, v)
