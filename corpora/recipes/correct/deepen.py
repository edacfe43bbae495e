"""Makes a trained corrector deeper: it says the same at first, and has more to learn with.

usage: python deepen.py MODEL LAYERS OUT [DROPOUT]

Each new layer of its CNN is a copy of the last one of the same dilation, of which the half that is added to what came
in is zero (so it adds nothing), and the gate is kept (Gong et al. 2019 stack whole copies).
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

from safetensors.torch import save
from torch import Tensor

from cnchar.bundle import CONFIG, write_bundle
from cnchar.nn.backbones import DILATIONS
from cnchar.train.correct.start import read_start
from cnchar.train.export.deploy import WEIGHTS

_LAYER = "backbone.layers.{}."


def deeper(weights: dict[str, Tensor], layers: int, more: int) -> dict[str, Tensor]:
    """The weights of a CNN of `layers` layers as those of one of `more`."""
    out = dict(weights)
    for new in range(layers, more):
        old = max(i for i in range(layers) if i % len(DILATIONS) == new % len(DILATIONS))
        for name, value in weights.items():
            if name.startswith(_LAYER.format(old)):
                copy = value.clone()
                if ".mix." in name:
                    copy[: len(copy) // 2] = 0
                out[name.replace(_LAYER.format(old), _LAYER.format(new))] = copy
    return out


def main(model: Path, layers: int, out: Path, dropout: float | None = None) -> None:
    """Write the bundle, which is there to be trained further, with another dropout if one is given."""
    start = read_start(str(model))
    weights = deeper(dict(start.weights), start.config.layers, layers)
    config = json.loads((model / CONFIG).read_text(encoding="utf-8"))
    shape = replace(start.config, layers=layers, dropout=start.config.dropout if dropout is None else dropout)
    config |= {"name": out.name, "model": shape.as_dict(), "scores": []}
    files = {name: (model / name).read_bytes() for name in config["files"] if name.endswith((".txt", ".tsv"))}
    files[WEIGHTS] = save({name: value.contiguous() for name, value in weights.items()})
    write_bundle(out, config, files, f"# {out.name}\n\n{model.name} with {layers} layers, to be trained further.\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), *map(float, sys.argv[4:5]))
