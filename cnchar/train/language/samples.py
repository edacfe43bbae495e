"""What a causal model writes as it learns, for people to look at: at each evaluation, into samples.txt."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np

from cnchar.decode.sampling import Sampling
from cnchar.decode.writing import sample
from cnchar.io.files import atomic_output
from cnchar.nn.model import CharacterModel
from cnchar.nn.state import Step
from cnchar.tasks.language import WRITTEN
from cnchar.tasks.packed_lines import BEGIN, Alphabet

SAMPLES = "samples.txt"
_LINES, _LENGTH = 5, 60
_SAMPLING = Sampling(temperature=0.8, top_p=0.95)


def write_samples(model: CharacterModel, alphabet: Alphabet, length: int, folder: Path) -> None:
    """Write lines that the model begins and goes on with by itself; by the same chance each time, so they compare.

    length: symbols that it sees at once.
    """
    chance = np.random.default_rng(1)
    with atomic_output(str(folder / SAMPLES), force=True) as out:
        for _ in range(_LINES):
            symbols = islice(sample(Step(model), [BEGIN], WRITTEN, _SAMPLING, chance, length), _LENGTH)
            out.write(f"{alphabet.vocab.decode(symbols)}\n".encode())
