"""From symbols to vectors: characters, hashed pairs and n-grams, categorical flags, another model's logits."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot, pad

from cnchar.nn.config import ModelConfig

# Odd numbers near 2**20, one for each character of an n-gram: products of three symbols stay far below 2**63.
_FACTORS = (1_000_003, 1_299_709, 1_500_451)
# The n-grams that have vectors, as places seen from the character.
PAIRS, TRIPLES = ((-1, 0), (0, 1)), ((-2, -1, 0), (-1, 0, 1), (0, 1, 2))
# The n-grams of the wide part, as places seen from the character.
WIDE = ((0,), (-1,), (1,), (-1, 0), (0, 1), (-1, 1), (-2, -1, 0), (-1, 0, 1), (0, 1, 2))


def shifted(x: Tensor, offset: int) -> Tensor:
    """What stands `offset` places after each place of x (B, T, ...), zero outside."""
    if offset == 0:
        return x
    width = (0, 0) * (x.dim() - 2)
    if offset > 0:
        return pad(x, (*width, 0, offset))[:, offset:]
    return pad(x, (*width, -offset, 0))[:, :offset]


def hash_ngrams(chars: Tensor, places: tuple[int, ...], salt: int, rows: int, texts: Tensor | None = None) -> Tensor:
    """A row (B, T) for the n-gram at `places` of each character; the hashing trick of Weinberger et al. 2009.

    Outside of its text, where `texts` (B, T) has another number, a character sees padding.
    """
    total = torch.full_like(chars, salt * 7_368_787)
    for place, factor in zip(places, _FACTORS, strict=False):
        seen = shifted(chars, place)
        if texts is not None and place:
            seen = seen * (shifted(texts, place) == texts)
        total = (total + seen + 1) * factor
    return total % rows


class OneHot(nn.Embedding):
    """An embedding written as the matrix product it is: one-hot vectors times the table."""

    def forward(self, chars: Tensor) -> Tensor:
        """(B, T, E) from symbols (B, T)."""
        hot = one_hot(chars, self.num_embeddings).to(self.weight.dtype)  # (B, T, symbols)
        return hot @ self.weight


class Embeddings(nn.Module):
    """All that a character is to the network, as one vector of `config.entry` numbers."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        table_of = OneHot if config.one_hot else nn.Embedding
        self.characters = table_of(config.symbols, config.embedding, padding_idx=0)
        self.pairs = nn.Embedding(config.bigrams, config.bigram_dim) if config.bigrams else None
        self.triples = nn.Embedding(config.trigrams, config.trigram_dim) if config.trigrams else None
        self.flags = nn.ModuleList(nn.Embedding(size, config.flag_dim) for size in config.flags)
        for table in self.modules():
            if isinstance(table, nn.Embedding):
                nn.init.normal_(table.weight, std=config.width**-0.5)
        self.causal = config.causal
        self.project = nn.Linear(config.width, config.hidden) if config.project else None
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, chars: Tensor, flags: Tensor | None, prior: Tensor | None, texts: Tensor | None = None) -> Tensor:
        """(B, T, config.entry) from symbols (B, T), flags (B, T, F), prior (B, T, L) and texts (B, T)."""
        parts = [self.characters(chars)]  # (B, T, E)
        for table, ngrams in ((self.pairs, PAIRS), (self.triples, TRIPLES)):
            if table is not None:
                seen = [places for places in ngrams if not (self.causal and places[-1] > 0)]
                parts += [table(hash_ngrams(chars, places, 0, table.num_embeddings, texts)) for places in seen]
        if flags is not None:
            parts += [table(flags[..., i]) for i, table in enumerate(self.flags)]
        if prior is not None:
            parts.append(prior.softmax(-1))
        out: Tensor = self.dropout(torch.cat(parts, -1))
        return out if self.project is None else self.project(out)


class Wide(nn.Module):
    """A linear model of hashed n-grams beside the deep one (Cheng et al. 2016): what is local need not be deep."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.table = nn.Embedding(config.wide, config.labels)
        nn.init.zeros_(self.table.weight)

    def forward(self, chars: Tensor) -> Tensor:
        """(B, T, L) from symbols (B, T)."""
        rows = [hash_ngrams(chars, p, i + 1, self.table.num_embeddings) for i, p in enumerate(WIDE)]
        total: Tensor = self.table(torch.stack(rows, -1)).sum(-2)
        return total
