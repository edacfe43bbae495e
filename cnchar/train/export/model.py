"""What `cnchar export` gives: a model as it is deployed, its character vectors, or a few of their neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cnchar.bundle import CARD, open_any, write_bundle
from cnchar.errors import BadInput
from cnchar.io.files import atomic_output
from cnchar.text.vocab import escape
from cnchar.train.export.compact import compact_onnx
from cnchar.train.export.vectors import CharacterVectors, read_vectors

_TRAIN_ONLY = "weights.safetensors"


def export_model(model: str, output: str | None, *, compact: bool = False) -> str:
    """Write what inference reads of a model into a new folder, without train weights. Gives a line for people.

    compact: round the weights of its graphs, tables to int8 and all else to float16.

    Raises BadInput for a folder that is not named or exists, BadBundle for a model that cannot be read.
    """
    if output is None:
        raise BadInput("-o FOLDER says where the model is written; --vectors and --nearest give its character vectors.")
    bundle, folder = open_any(model), Path(output)
    if folder.exists():
        raise BadInput(f"{folder} exists already: give another name to -o.")
    files = {name: bundle.path(name).read_bytes() for name in bundle.config["files"] if name != _TRAIN_ONLY}
    if compact:
        files |= {name: compact_onnx(data) for name, data in files.items() if name.endswith(".onnx")}
    config = {key: value for key, value in bundle.config.items() if key not in ("format_version", "files")}
    card = bundle.folder / CARD
    write_bundle(folder, config, files, card.read_text(encoding="utf-8") if card.exists() else f"# {bundle.name}\n")
    return f"{folder}: {bundle.name} for {config['task']}, {sum(map(len, files.values())) / 1e6:.1f} MB"


def export_vectors(
    model: str, output: str | None, *, nearest: str | None = None, count: int = 10, force: bool = False
) -> str:
    """Write the character vectors of a model, or with `nearest` the neighbours of these characters. Tells of both.

    A neighbour has a line: character, neighbour, cosine, with tabs between. An output of None is standard output.

    Raises BadBundle for a model without vectors, BadInput for an unknown character, or a file without `force`.
    """
    found = read_vectors(model)
    lines = list(found.lines() if nearest is None else nearest_lines(found, nearest, count))
    with atomic_output(output, force) as out:
        out.write("".join(lines).encode("utf-8"))
    return "{} vectors of {} numbers".format(*found.vectors.shape)


def nearest_lines(found: CharacterVectors, characters: str, count: int) -> Iterator[str]:
    """Up to `count` lines for each character; see export_vectors."""
    for character in characters:
        for other, cosine in found.nearest(character, count):
            yield f"{escape(character)}\t{escape(other)}\t{cosine:.4f}\n"
