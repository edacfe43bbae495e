"""What a causal model remembers of the symbols it has read, so that the next one always costs the same.

A recurrent network keeps its last vectors, convolutions those that their kernels still reach, attention the keys and
values of all it has read; hashed n-grams need the last symbols, which come first then. A state is a tuple of tensors of
B rows each, as many for each layer, and is never changed.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import gelu, glu, scaled_dot_product_attention

from cnchar.nn.backbones import Convolutions, GatedConvolution, Recurrent, Transformer, TransformerLayer, rotate
from cnchar.nn.model import CharacterModel

State = tuple[Tensor, ...]


class Step:
    """A causal model that reads on from what it remembers: numpy in and out, tensors between (decode.writing.Step)."""

    def __init__(self, model: CharacterModel) -> None:
        self.model, self.grows = model, isinstance(model.backbone, Transformer)

    def begin(self, rows: int) -> State:
        """The state before the first symbol."""
        return begin(self.model, rows)

    @torch.inference_mode()
    def advance(self, chars: NDArray[np.int64], state: State) -> tuple[NDArray[np.float32], State]:
        """Read symbols (B, T), T > 0. Gives the logits (B, V) of the symbol that comes next, and the new state."""
        on_device = torch.from_numpy(chars).to(self.model.embeddings.characters.weight.device)
        logits, after = advance(self.model, on_device, state)
        return logits.cpu().numpy(), after


def begin(model: CharacterModel, rows: int = 1) -> State:
    """The state before the first symbol. Raises ValueError for a model that is not causal."""
    if not model.config.causal:
        raise ValueError("only a causal model can go on from what it remembers")
    table = model.embeddings.characters.weight
    symbols = [table.new_zeros(rows, model.config.reach, dtype=torch.long)] if model.config.reach else []
    return (*symbols, *(table.new_zeros(rows, *shape) for layer in _layers(model.backbone) for shape in _shapes(layer)))


def advance(model: CharacterModel, chars: Tensor, state: State) -> tuple[Tensor, State]:
    """Read symbols (B, T), T > 0. Gives the logits (B, V) of the symbol that comes next, and the new state."""
    backbone, reach = model.backbone, model.config.reach
    if reach:  # hashed n-grams begin before what is read now
        chars, state = torch.cat([state[0], chars], 1), state[1:]
    x = model.embeddings(chars, None, None)[:, reach:]
    size = len(state) // max(1, len(_layers(backbone)))
    memories = [state[at : at + size] for at in range(0, len(state), size or 1)]
    if isinstance(backbone, Transformer):
        hidden, after = _attend_on(backbone, x, memories)
    elif isinstance(backbone, Convolutions):
        hidden, after = _convolve_on(backbone, x, memories)
    else:
        assert isinstance(backbone, Recurrent)
        hidden, after = _recur_on(backbone, x, memories)
    symbols = [chars[:, -reach:]] if reach else []
    return model.read_out(hidden[:, -1]).float(), (*symbols, *(part for memory in after for part in memory))


def _layers(backbone: nn.Module) -> nn.ModuleList:
    layers = backbone.onward if isinstance(backbone, Recurrent) else backbone.layers
    assert isinstance(layers, nn.ModuleList)
    return layers


def _shapes(layer: nn.Module) -> tuple[tuple[int, ...], ...]:
    """The shapes of what a layer remembers before the first symbol, without the rows."""
    if isinstance(layer, TransformerLayer):
        return 2 * ((layer.heads, 0, layer.out.in_features // layer.heads),)  # keys, values
    if isinstance(layer, GatedConvolution):
        return ((-layer.places[0], layer.mix.out_features // 2),)
    assert isinstance(layer, nn.RNNBase)
    return (2 if isinstance(layer, nn.LSTM) else 1) * ((layer.hidden_size,),)  # of LSTMs, the cells too


def _recur_on(backbone: Recurrent, x: Tensor, memories: list[State]) -> tuple[Tensor, list[State]]:
    states = []
    for cell, memory in zip(backbone.onward, memories, strict=True):
        parts = tuple(part[None] for part in memory)  # torch wants (1, B, H)
        x, after = cell(x, parts if len(parts) > 1 else parts[0])
        states.append(tuple(part[0] for part in (after if isinstance(after, tuple) else (after,))))
    return x, states


def _convolve_on(backbone: Convolutions, x: Tensor, memories: list[State]) -> tuple[Tensor, list[State]]:
    states: list[State] = []
    for layer, (before,) in zip(backbone.layers, memories, strict=True):
        assert isinstance(layer, GatedConvolution)
        reach, length = before.shape[1], x.shape[1]
        seen = torch.cat([before, layer.norm(x)], 1)  # (B, reach + T, H)
        x = x + glu(layer.mix(torch.cat([seen[:, reach + at : reach + at + length] for at in layer.places], -1)))
        states.append((seen[:, length:],))
    return backbone.norm(x), states


def _attend_on(backbone: Transformer, x: Tensor, memories: list[State]) -> tuple[Tensor, list[State]]:
    before, length = memories[0][0].shape[2] if memories else 0, x.shape[1]
    places = torch.arange(before + length, device=x.device)
    if backbone.learned is not None:
        x = x + backbone.learned.weight[places[before:]]
    turns = None if backbone.learned is not None else backbone.get_buffer("turns")[:, places[before:]]
    seen = places <= places[before:, None]  # (T, P + T): each sees itself and what stands before it
    states: list[State] = []
    for layer, memory in zip(backbone.layers, memories, strict=True):
        assert isinstance(layer, TransformerLayer)
        mixed, after = _attend(layer, layer.norms[0](x), memory, seen, turns)
        x = x + layer.out(mixed)
        x = x + layer.down(gelu(layer.up(layer.norms[1](x))))
        states.append(after)
    return backbone.norm(x), states


def _attend(
    layer: TransformerLayer, x: Tensor, memory: State, seen: Tensor, turns: Tensor | None
) -> tuple[Tensor, State]:
    size, length, hidden = x.shape
    split = layer.qkv(x).view(size, length, 3, layer.heads, hidden // layer.heads)
    q, k, v = split.permute(2, 0, 3, 1, 4).unbind(0)  # each (B, heads, T, H / heads)
    if turns is not None:
        q, k = rotate(q, turns), rotate(k, turns)
    k, v = torch.cat([memory[0], k], 2), torch.cat([memory[1], v], 2)  # (B, heads, P + T, H / heads)
    mixed = scaled_dot_product_attention(q, k, v, attn_mask=seen)
    return mixed.transpose(1, 2).reshape(size, length, hidden), (k, v)
