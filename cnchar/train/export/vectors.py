"""Character vectors: the table that a model looks its characters up in, for use elsewhere. No torch here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnchar.bundle import Bundle, open_any
from cnchar.errors import BadBundle, BadInput
from cnchar.tasks.packed_lines import FIRST_CHARACTER
from cnchar.text.vocab import SPECIALS, escape, unescape
from cnchar.train.export.compact import graph_weights

_TABLE = "embeddings.characters.weight"
_WEIGHTS, _GRAPH = "weights.safetensors", "model.onnx"


@dataclass(frozen=True)
class CharacterVectors:
    """Characters, each once, and their vectors (N, E)."""

    characters: tuple[str, ...]
    vectors: NDArray[np.float32]

    def nearest(self, character: str, count: int = 10) -> list[tuple[str, float]]:
        """The characters whose vectors point most alike, with the cosines, the nearest first.

        Raises BadInput for a character that has no vector.
        """
        if character not in self.characters:
            raise BadInput(f"{character!r} is none of the {len(self.characters)} characters that the model knows.")
        own = self.characters.index(character)
        lengths = np.linalg.norm(self.vectors, axis=1)
        cosines = self.vectors @ self.vectors[own] / np.maximum(lengths * lengths[own], 1e-12)
        others = [place for place in np.argsort(-cosines, kind="stable").tolist() if place != own]
        return [(self.characters[place], float(cosines[place])) for place in others[:count]]

    def lines(self) -> Iterator[str]:
        """The lines of a text file as word2vec writes it: sizes, then each character and its numbers.

        Blanks and invisible characters are written as in vocab.txt, a space as \\u0020.
        """
        yield "{} {}\n".format(*self.vectors.shape)
        for character, vector in zip(self.characters, self.vectors.tolist(), strict=True):
            yield f"{escape(character)} {' '.join(f'{number:.6g}' for number in vector)}\n"


def read_vectors(model: str) -> CharacterVectors:
    """The vectors of a shipped model, a model folder or a run's folder. Raises BadBundle where there are none."""
    bundle = open_any(model)
    table, characters = _read_table(bundle), _read_characters(bundle)
    if len(table) < FIRST_CHARACTER + len(characters):
        raise BadBundle(f"{bundle.folder}: {len(characters)} characters, but vectors for fewer; fetch the model again.")
    return CharacterVectors(characters, table[FIRST_CHARACTER:][: len(characters)])


def _read_table(bundle: Bundle) -> NDArray[np.float32]:
    from safetensors.numpy import load

    name = next((name for name in (_WEIGHTS, _GRAPH) if name in bundle.config["files"]), None)
    if name is None:
        raise BadBundle(f"{bundle.folder}: a model of tables has no character vectors; give one that has a network.")
    data = bundle.path(name).read_bytes()
    try:
        weights = load(data) if name == _WEIGHTS else graph_weights(data)
    except Exception:  # safetensors and protobuf raise their own kinds
        raise BadBundle(f"{bundle.folder / name}: not weights of a model; fetch or train it again.") from None
    found = [weights[key] for key in (_TABLE, f"model.{_TABLE}") if key in weights]
    if not found or found[0].ndim != 2:
        raise BadBundle(f"{bundle.folder / name}: the network reads no characters, so it has no vectors of them.")
    return found[0].astype(np.float32)


def _read_characters(bundle: Bundle) -> tuple[str, ...]:
    """In the order of their rows; a language model's list begins with the special symbols."""
    lines = bundle.lines("vocab.txt")
    if tuple(lines[:FIRST_CHARACTER]) == SPECIALS:
        return tuple(map(unescape, lines[FIRST_CHARACTER:]))
    return tuple(lines)
