"""What a causal model writes as it learns, for people to look at: at each evaluation, into samples.txt."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import torch

from cnchar.io.files import atomic_output
from cnchar.nn.generation import sample
from cnchar.nn.model import CharacterModel
from cnchar.nn.sampling import Sampling, Symbols
from cnchar.tasks.packed_lines import BEGIN, END, MASK, PADDING, UNKNOWN, Alphabet

SAMPLES = "samples.txt"
_LINES, _LENGTH = 5, 60
_SYMBOLS = Symbols(END, (PADDING, UNKNOWN, MASK, BEGIN))
_SAMPLING = Sampling(temperature=0.8, top_p=0.95)


def write_samples(model: CharacterModel, alphabet: Alphabet, length: int, folder: Path) -> None:
    """Write lines that the model begins and goes on with by itself; by the same chance each time, so they compare.

    length: symbols that it sees at once.
    """
    chance = torch.Generator().manual_seed(1)
    with atomic_output(str(folder / SAMPLES), force=True) as out:
        for _ in range(_LINES):
            symbols = islice(sample(model, [BEGIN], _SYMBOLS, _SAMPLING, chance, length), _LENGTH)
            out.write(f"{alphabet.vocab.decode(symbols)}\n".encode())
