"""Opens the network of a corrector: a few likely characters for each one that is typed."""

from __future__ import annotations

from typing import Any

import numpy as np

from cnchar.bundle import Bundle
from cnchar.errors import BadBundle, CncharError
from cnchar.runtime.neural import (
    DEPLOY_WEIGHTS,
    TRAIN_WEIGHTS,
    Device,
    TorchNetwork,
    available_cpus,
    open_cuda,
    open_session,
    open_torch,
    run_session,
    wants_cuda,
)
from cnchar.tasks.correct_parts import Parts
from cnchar.tasks.looks import Network, Scores
from cnchar.tasks.neural import BATCH, Batch

CUDA_BATCH = 1 << 14  # characters, each of which has the logits of all symbols
MOST_BATCHES = 2  # scored together, however many threads there are: memory is for no more


def open_suggestions(
    bundle: Bundle, parts: Parts, device: Device = "auto", threads: int | None = None
) -> tuple[Network, int]:
    """The network, tried once, and how many characters to give to it at once. Raises as neural.open_network does."""
    files = bundle.config["files"]
    if wants_cuda(bundle, device):
        return TorchSuggestions(open_cuda(bundle, parts.config)), CUDA_BATCH
    if TRAIN_WEIGHTS in files and DEPLOY_WEIGHTS not in files:
        what = f"The model {bundle.name}, which has no {DEPLOY_WEIGHTS},"
        return TorchSuggestions(open_torch(bundle, parts.config, "cpu", what)), BATCH
    threads = threads or available_cpus()
    network = OnnxSuggestions(bundle, parts, threads)
    flags = np.tile(np.array(parts.config.flags, np.int64) - 1, (1, 2, 1))
    network({"chars": np.array([[1, parts.config.symbols - 1]], np.int64), "flags": flags})
    return network, BATCH * min(threads, MOST_BATCHES)


class OnnxSuggestions:
    """A corrector's network in onnxruntime. Thread-safe."""

    def __init__(self, bundle: Bundle, parts: Parts, threads: int) -> None:
        self.path, self.symbols = bundle.path(DEPLOY_WEIGHTS), parts.config.symbols
        self.session = open_session(self.path, threads)
        inputs = {each.name for each in self.session.get_inputs()}
        outputs = {each.name for each in self.session.get_outputs()}
        if inputs != {"chars", "flags"} or not outputs >= set(Scores._fields):
            raise BadBundle(f"{self.path}: it should read chars and flags and give {', '.join(Scores._fields)}.")

    def __call__(self, batch: Batch) -> Scores:
        """What it says of each character. Raises BadBundle where that is nothing sensible."""
        found = Scores(*run_session(self.session, Scores._fields, batch, self.path))
        return _checked(found, batch, self.symbols, str(self.path))


class TorchSuggestions:
    """A corrector's network in PyTorch."""

    def __init__(self, network: TorchNetwork) -> None:
        from cnchar.nn.suggestions import Suggestions

        self.device, self.path, self.symbols = network.device, network.path, network.width
        self.model = Suggestions(network.model)

    def __call__(self, batch: Batch) -> Scores:
        """What it says of each character. Raises BadBundle where that is no number, CncharError where memory ends."""
        import torch

        try:
            with torch.inference_mode():
                on_device = {name: torch.from_numpy(array).to(self.device) for name, array in batch.items()}
                found: Any = [each.cpu().numpy() for each in self.model(**on_device)]
        except torch.OutOfMemoryError:
            raise CncharError("The CUDA device has not enough free memory; try --device cpu.") from None
        return _checked(Scores(*found), batch, self.symbols, str(self.path))


def _checked(found: Scores, batch: Batch, symbols: int, path: str) -> Scores:
    shape: tuple[int, ...] = batch["chars"].shape
    fit = found.typed.shape == shape and found.scores.shape == found.targets.shape == (*shape, found.scores.shape[-1])
    numbers = bool(np.isfinite(found.typed).all() and np.isfinite(found.scores).all())
    if not fit or not numbers or found.targets.min(initial=0) < 0 or found.targets.max(initial=0) >= symbols:
        raise BadBundle(f"{path}: it gives scores of other shapes, or no numbers; train or fetch the model again.")
    return found
