"""The step graph says what the model says, and so writes the same texts."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nn.models import BACKBONES, small
from toy_lm import END, V, write_lm

from cnchar.bundle import open_bundle
from cnchar.decode.sampling import Sampling
from cnchar.decode.writing import sample, search
from cnchar.nn.state import Step
from cnchar.runtime.steps import OnnxStep
from cnchar.tasks.language import WRITTEN
from cnchar.train.export.step import STEP, step_bytes

KINDS: list[dict[str, Any]] = [
    *({"backbone": backbone} for backbone in BACKBONES),
    {"backbone": "transformer", "positions": "learned", "bigrams": 64, "trigrams": 128},
]


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: "-".join(map(str, kind.values())))
def test_the_graph_writes_what_the_model_writes(kind: dict[str, Any], tmp_path: Path) -> None:
    model = small(**kind, symbols=V, labels=V, causal=True, head="symbols")
    model.get_parameter("output.bias").data[END] -= 5  # texts of some length
    folder = write_lm(tmp_path / "lm", {STEP: step_bytes(model)}, model=model.config.as_dict())
    graph, pytorch = OnnxStep(open_bundle(folder, "language", ("character-model",)), model.config, 1), Step(model)
    for rows, length in ((1, 1), (1, 9), (4, 1), (4, 3)):
        _same_logits(graph, pytorch, rows, length)
    assert graph.grows == pytorch.grows
    daring = Sampling(temperature=1.5, top_k=6, top_p=0.95, repetition_penalty=1.1)
    first, second = (
        [list(islice(sample(step, [3, 5], WRITTEN, daring, np.random.default_rng(seed), 8), 30)) for seed in range(5)]
        for step in (graph, pytorch)
    )
    assert first == second
    assert max(map(len, first)) > 8
    assert search(graph, [3], WRITTEN, 3, 20, 8) == search(pytorch, [3], WRITTEN, 3, 20, 8)


def _same_logits(graph: OnnxStep, pytorch: Step, rows: int, length: int) -> None:
    random, states = np.random.default_rng(rows), (graph.begin(rows), pytorch.begin(rows))
    for _ in range(3):
        chars = random.integers(1, V, (rows, length))
        found, expected = graph.advance(chars, states[0]), pytorch.advance(chars, states[1])
        np.testing.assert_allclose(found[0], expected[0], atol=1e-5)
        states = found[1], expected[1]
