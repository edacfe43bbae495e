"""What lets characters see each other: five ways behind one function.

Every backbone maps vectors (B, T, E), E = config.entry, and a mask (B, T), true on characters and false on the padding
after them, to vectors (B, T, H). What stands in the padding never reaches a character, so a sentence scores the same
alone and in a batch. A causal backbone sees nothing that stands after a character.

Where several texts are packed into one row, `texts` (B, T) has another number for each. Convolutions and attention then
see one text at a time; a recurrent network has only the symbol at the border to learn from that a new text begins.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import embedding, gelu, glu, pad, scaled_dot_product_attention

from cnchar.nn.config import LONGEST, ModelConfig
from cnchar.nn.embeddings import shifted

DILATIONS = (1, 2, 4, 8)
_CELLS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


def build_backbone(config: ModelConfig) -> nn.Module:
    """The backbone that a config names."""
    if config.backbone == "cnn":
        return Convolutions(config)
    if config.backbone == "transformer":
        return Transformer(config)
    return Recurrent(config)


class Recurrent(nn.Module):
    """Layers of recurrent networks: one each if causal, else two, one a direction (Schuster and Paliwal 1997)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        cell = _CELLS[config.backbone]
        self.width = config.hidden if config.causal else config.hidden // 2  # of one direction
        entries = [config.entry, *[config.hidden] * config.layers][: config.layers]
        self.onward = nn.ModuleList(cell(entry, self.width, batch_first=True) for entry in entries)
        if not config.causal:
            self.backward = nn.ModuleList(cell(entry, self.width, batch_first=True) for entry in entries)
        self.causal = config.causal
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: Tensor, mask: Tensor, texts: Tensor | None = None) -> Tensor:
        if self.causal:
            for onward in self.onward:
                x = self.dropout(onward(x)[0])
            return x
        turn = mirror(mask)[..., None]
        for onward, backward in zip(self.onward, self.backward, strict=True):
            ahead, _ = onward(x)
            behind, _ = backward(x.gather(1, turn.expand(-1, -1, x.shape[-1])))
            x = self.dropout(torch.cat([ahead, behind.gather(1, turn.expand(-1, -1, self.width))], -1))
        return x


def mirror(mask: Tensor) -> Tensor:
    """Where each place of a row goes when its characters are reversed and its padding stays, (B, T)."""
    places = torch.arange(mask.shape[1], device=mask.device).expand(mask.shape)
    return torch.where(mask, mask.sum(1, keepdim=True) - 1 - places, places)


class Convolutions(nn.Module):
    """Gated dilated convolutions with residuals (Dauphin et al. 2017; Strubell et al. 2017)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            GatedConvolution(config, DILATIONS[i % len(DILATIONS)]) for i in range(config.layers)
        )
        self.norm = nn.LayerNorm(config.hidden)

    def forward(self, x: Tensor, mask: Tensor, texts: Tensor | None = None) -> Tensor:
        keep = mask[..., None].to(x.dtype)
        for layer in self.layers:
            x = layer(x, keep, texts)
        out: Tensor = self.norm(x)
        return out


class GatedConvolution(nn.Module):
    """One layer, written as a matrix product over the neighbours: fast on CPUs and open to int8."""

    def __init__(self, config: ModelConfig, dilation: int) -> None:
        super().__init__()
        last = 0 if config.causal else config.kernel // 2
        self.places = [dilation * i for i in range(last - config.kernel + 1, last + 1)]
        self.norm = nn.LayerNorm(config.hidden)
        self.mix = nn.Linear(config.kernel * config.hidden, 2 * config.hidden)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: Tensor, keep: Tensor, texts: Tensor | None) -> Tensor:
        seen = self.norm(x) * keep
        if texts is None:
            neighbours = torch.cat([shifted(seen, place) for place in self.places], -1)
        else:
            neighbours = self._of_one_text(seen, texts)
        out: Tensor = x + self.dropout(glu(self.mix(neighbours)))  # of (B, T, K * H)
        return out

    def _of_one_text(self, seen: Tensor, texts: Tensor) -> Tensor:
        """The neighbours (B, T, K * H), zeros where they are of other texts: looked up in one step."""
        size, length, hidden = seen.shape
        if torch.is_autocast_enabled(seen.device.type):
            seen = seen.to(torch.get_autocast_dtype(seen.device.type))
        rows = torch.arange(size * length, device=seen.device).view(size, length)
        texts = texts + 1  # beyond the ends of a row is text 0
        same = [torch.where(shifted(texts, p) == texts, rows + p, size * length) for p in self.places]
        table = pad(seen.reshape(-1, hidden), (0, 0, 0, 1))  # and a row of zeros
        return embedding(torch.stack(same, -1), table).view(size, length, -1)


class Transformer(nn.Module):
    """Pre-norm transformer (Vaswani et al. 2017; Xiong et al. 2020) with rotary or learned positions."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.learned = nn.Embedding(LONGEST, config.hidden) if config.positions == "learned" else None
        self.layers = nn.ModuleList(TransformerLayer(config) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.hidden)
        width = config.hidden // config.attention_heads
        turns = rotations(LONGEST, width)
        self.register_buffer("turns", turns, persistent=False)
        self.causal = config.causal

    def forward(self, x: Tensor, mask: Tensor, texts: Tensor | None = None) -> Tensor:
        length = x.shape[1]
        turns = None if self.learned is not None else self.get_buffer("turns")[:, :length]
        if self.learned is not None:
            x = x + self.learned.weight[:length]
        seen = mask[:, None, None, :]  # (B, 1, 1, T): every character sees all characters and no padding
        if self.causal:
            seen = seen & torch.ones(length, length, dtype=torch.bool, device=x.device).tril()  # (B, 1, T, T)
        if texts is not None:
            seen = seen & (texts[:, None, :, None] == texts[:, None, None, :])
        for layer in self.layers:
            x = layer(x, seen, turns)
        out: Tensor = self.norm(x)
        return out


class TransformerLayer(nn.Module):
    """Attention, then a feed-forward network, each added to what came in."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        hidden = config.hidden
        self.heads, self.dropout = config.attention_heads, config.dropout
        self.norms = nn.ModuleList((nn.LayerNorm(hidden), nn.LayerNorm(hidden)))
        self.qkv = nn.Linear(hidden, 3 * hidden)
        self.out = nn.Linear(hidden, hidden)
        self.up, self.down = nn.Linear(hidden, 4 * hidden), nn.Linear(4 * hidden, hidden)
        self.drop = nn.Dropout(config.dropout)

    def forward(self, x: Tensor, seen: Tensor, turns: Tensor | None) -> Tensor:
        x = x + self.drop(self.out(self._attend(self.norms[0](x), seen, turns)))
        out: Tensor = x + self.drop(self.down(gelu(self.up(self.norms[1](x)))))
        return out

    def _attend(self, x: Tensor, seen: Tensor, turns: Tensor | None) -> Tensor:
        size, length, hidden = x.shape
        split = self.qkv(x).view(size, length, 3, self.heads, hidden // self.heads)
        q, k, v = split.permute(2, 0, 3, 1, 4).unbind(0)  # each (B, heads, T, H / heads)
        if turns is not None:
            q, k = rotate(q, turns), rotate(k, turns)
        dropout = self.dropout if self.training else 0.0
        mixed = scaled_dot_product_attention(q, k, v, attn_mask=seen, dropout_p=dropout)
        return mixed.transpose(1, 2).reshape(size, length, hidden)


# What repeats in a backbone: processes that hold parts of a model bring one of these together at a time. A recurrent
# network is brought together as a whole.
LAYERS = (GatedConvolution, TransformerLayer)


def rotations(length: int, width: int) -> Tensor:
    """Cosines and sines (2, length, width / 2) of rotary positions (Su et al. 2021)."""
    speeds = 10_000 ** (-torch.arange(0, width, 2) / width)
    angles = torch.arange(length)[:, None] * speeds
    return torch.stack([angles.cos(), angles.sin()])


def rotate(x: Tensor, turns: Tensor) -> Tensor:
    """Turn the pairs of x (..., T, W) by the angle of their place; `turns` (2, T, W / 2)."""
    cos, sin = turns[0].to(x.dtype), turns[1].to(x.dtype)
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)
