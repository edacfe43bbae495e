"""What a segmenter takes over from a pretrained language model: all weights but those of the last layer.

A segmenter reads all digits as one symbol, and all letters, so that its table of characters has other rows: each is
the mean of those of the characters that it stands for.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping

from torch import Tensor

from cnchar.lookup.symbols import DIGIT, LETTER, SEPARATOR
from cnchar.tasks.packed_lines import PADDING
from cnchar.text.vocab import Vocab
from cnchar.train.segment.characters import Characters

_TABLE, _LAST = "embeddings.characters.weight", "output."


def segmenter_weights(weights: Mapping[str, Tensor], vocab: Vocab, characters: Characters) -> dict[str, Tensor]:
    """The weights of a language model with this vocabulary for a segmenter that knows these characters."""
    kept = {name: weight for name, weight in weights.items() if not name.startswith(_LAST)}
    return {**kept, _TABLE: character_rows(weights[_TABLE], vocab, characters)}


def character_rows(table: Tensor, vocab: Vocab, characters: Characters) -> Tensor:
    """The table of characters (symbols of the segmenter, E) from that of the vocabulary (V, E)."""
    rows = table[vocab.unknown].repeat(characters.symbols, 1)
    rows[SEPARATOR] = table[PADDING]
    for symbol, alike in ((DIGIT, string.digits), (LETTER, string.ascii_letters)):
        if known := _known(vocab, alike):
            rows[symbol] = table[known].mean(0)
    rows[characters.symbols - len(characters.known) :] = table[vocab.encode("".join(characters.known))]
    return rows


def _known(vocab: Vocab, characters: Iterable[str]) -> list[int]:
    return vocab.encode("".join(c for c in characters if c in vocab))
