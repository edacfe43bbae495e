"""How processes share a model: each has a copy of it (DDP), or each holds a part (FSDP).

`trained` is what learns and `forward` what is called to learn. `whole` is the model that is judged and kept: with parts
it lies on the CPU of each process, and only the main one fills it.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from torch import nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.nn.parallel import DistributedDataParallel

from cnchar.nn.backbones import LAYERS
from cnchar.train.engine.average import Average
from cnchar.train.engine.device import Place
from cnchar.train.engine.parts import gather
from cnchar.train.engine.settings import Parallel


class Copies:
    """A model in each process, with gradients that are the mean over all (Li et al. 2020)."""

    def __init__(self, model: nn.Module, place: Place) -> None:
        self.whole = self.trained = model.to(place.device)
        self.forward: nn.Module = DistributedDataParallel(self.whole) if place.processes > 1 else self.whole

    def exchange(self, last: bool) -> AbstractContextManager[object]:
        """Gradients are exchanged once a step, with the last batch."""
        if isinstance(self.forward, DistributedDataParallel) and not last:
            return self.forward.no_sync()
        return nullcontext()

    @contextmanager
    def averaged(self, average: Average) -> Iterator[None]:
        """Within this block, `whole` has the averaged weights."""
        with average.applied():
            yield


class Parts:
    """A part of each weight, gradient and average in each process (Rajbhandari et al. 2020; Zhao et al. 2023).

    The weights of a layer come together where it is used, and go again.
    """

    def __init__(self, model: nn.Module, place: Place) -> None:
        self._place = place
        self.whole = model.cpu()
        self.trained = self.forward = copy.deepcopy(model).train()
        # The logits are a view, says torch of each model; nothing is written into them.
        warnings.filterwarnings("ignore", r"FSDP2-wrapped module \(\w+\) returned a view tensor")
        mesh = init_device_mesh(place.device.type, (place.processes,))
        for layer in [module for module in self.trained.modules() if isinstance(module, LAYERS)]:
            fully_shard(layer, mesh=mesh)
        fully_shard(self.trained, mesh=mesh)

    def exchange(self, last: bool) -> AbstractContextManager[object]:
        """Gradients are exchanged with each batch: kept until the last, they would have to be kept whole."""
        return nullcontext()

    @contextmanager
    def averaged(self, average: Average) -> Iterator[None]:
        """Within this block, the main process's `whole` has the averaged weights, and is on its device."""
        is_main = self._place.is_main
        weights = gather(dict(self.trained.named_parameters()) | average.values, keep=is_main)
        if is_main:
            self.whole.load_state_dict(weights)
            self.whole.to(self._place.device)
        try:
            yield
        finally:
            self.whole.cpu()


def share(model: nn.Module, parallel: Parallel, place: Place) -> Copies | Parts:
    """The model, shared by the processes there are; one process has it all."""
    return Parts(model, place) if parallel == "fsdp" and place.processes > 1 else Copies(model, place)
