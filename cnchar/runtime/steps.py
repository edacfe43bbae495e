"""Opens the network that writes text: a bundle's step graph in onnxruntime, or its train weights in PyTorch."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnchar.bundle import Bundle
from cnchar.decode.writing import State, Step
from cnchar.errors import BadBundle
from cnchar.nn.config import ModelConfig
from cnchar.runtime.neural import Device, available_cpus, open_cuda, open_session, open_torch, run_session, wants_cuda

STEP_GRAPH = "step.onnx"
_TYPES = {"tensor(float)": np.float32, "tensor(int64)": np.int64}
_MOST = 1 << 24  # numbers of a first state: a graph that asks for more is a mistake or an attack


def open_step(bundle: Bundle, config: ModelConfig, device: Device = "auto", threads: int | None = None) -> Step:
    """What a causal model foresees symbols with, tried once. On a CPU without a step graph it runs in PyTorch.

    Arguments and errors are those of open_network.
    """
    on_cuda = wants_cuda(bundle, device)
    if not on_cuda and STEP_GRAPH in bundle.config["files"]:
        return OnnxStep(bundle, config, threads or available_cpus())
    if on_cuda:
        network = open_cuda(bundle, config)
    else:
        network = open_torch(bundle, config, "cpu", f"The model {bundle.name}, which has no {STEP_GRAPH},")
    from cnchar.nn import state  # only now: without PyTorch it has been told what is missing

    return state.Step(network.model)


class OnnxStep:
    """A step graph (train.export_step) in onnxruntime."""

    def __init__(self, bundle: Bundle, config: ModelConfig, threads: int) -> None:
        self.path, self.labels = bundle.path(STEP_GRAPH), config.labels
        self.session = open_session(self.path, threads)
        chars, *states = self.session.get_inputs()
        self.inputs = [each.name for each in states]
        self.outputs = ["logits", *(name.replace("state", "next") for name in self.inputs)]
        self.shapes = [tuple(size if isinstance(size, int) else 0 for size in each.shape[1:]) for each in states]
        self.types = [_TYPES.get(each.type) for each in states]
        self.grows = any(0 in shape for shape in self.shapes)
        named = {each.name for each in self.session.get_outputs()} == set(self.outputs)
        if chars.name != "chars" or not named or None in self.types or sum(map(prod, self.shapes)) > _MOST:
            raise BadBundle(
                f"{self.path}: it should read chars and a state, and give logits and a state; train it again."
            )
        _, state = self.advance(np.array([[config.symbols - 1]]), self.begin(1))
        self.advance(np.array([[1]]), state)

    def begin(self, rows: int) -> State:
        """All zeros; of what grows, nothing."""
        return tuple(np.zeros((rows, *shape), kind) for shape, kind in zip(self.shapes, self.types, strict=True))

    def advance(self, chars: NDArray[np.int64], state: State) -> tuple[NDArray[np.float32], State]:
        """Read symbols (B, T); see decode.writing.Step. Raises BadBundle where there come no logits, or no numbers."""
        inputs: dict[str, Any] = {"chars": chars, **dict(zip(self.inputs, state, strict=True))}
        logits, *after = run_session(self.session, self.outputs, inputs, self.path)
        if logits.shape != (len(chars), self.labels) or not np.isfinite(logits).all():
            raise BadBundle(
                f"{self.path}: it gives no logits of {self.labels} symbols; train or fetch the model again."
            )
        return logits, tuple(after)
