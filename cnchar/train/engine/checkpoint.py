"""Checkpoints: one safetensors file with all tensors of a run, and the rest as JSON in its header.

One file is one rename, so a reader sees the whole old checkpoint or the whole new one, whenever the writer dies.
There are no states of random numbers in it: each step's start from the seed and the step's number (loop.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from cnchar.errors import BadInput
from cnchar.io.files import atomic_output
from cnchar.train.engine.parts import scatter

CHECKPOINT, BEST = "checkpoint.safetensors", "best.safetensors"
Tensors = dict[str, Tensor]


@dataclass
class State:
    """Where a run is: the same numbers after a resume as without a stop."""

    step: int = 0
    epoch: int = 0  # epochs that are over
    position: int = 0  # batches done of the epoch that is not over, by all processes together
    characters: int = 0
    batches: int = 0  # of a step, of all processes together; 0: as the settings say
    seconds: float = 0.0  # of work, stops left out
    loss: float = 0.0  # sum over the steps since the last log line
    best: float | None = None  # score of the best evaluation
    judged: int = 0  # step of the last evaluation
    stale: int = 0  # evaluations since the best one
    records: int = 0  # lines of metrics.jsonl


def write_tensors(path: Path, tensors: Mapping[str, Tensor], facts: Mapping[str, Any]) -> None:
    """Write tensors, and `facts` as JSON, as a whole or not at all. Raises CncharError where the disk is full."""
    data = save(dict(_apart(tensors)), {"cnchar": json.dumps(facts)})
    with atomic_output(str(path), force=True) as out:
        out.write(data)


def _apart(tensors: Mapping[str, Tensor]) -> Iterator[tuple[str, Tensor]]:
    """The tensors on the CPU, copied where two share their memory, which safetensors cannot express."""
    taken = set()
    for name, tensor in tensors.items():
        here = tensor.detach().cpu().contiguous()
        if (storage := here.untyped_storage().data_ptr()) in taken:
            here = here.clone()
        taken.add(storage)
        yield name, here


def read_tensors(path: Path) -> tuple[Tensors, dict[str, Any]]:
    """What write_tensors wrote. Raises BadInput for any other file."""
    try:
        with safe_open(path, "pt") as file:
            facts = json.loads((file.metadata() or {})["cnchar"])
            return {name: file.get_tensor(name).clone() for name in file.keys()}, facts  # noqa: SIM118
    except FileNotFoundError:
        raise BadInput(f"{path}: no such file.") from None
    except (SafetensorError, KeyError, ValueError):
        raise BadInput(f"{path}: not a checkpoint of cnchar, or damaged; train again without --resume.") from None


def run_tensors(model: nn.Module, average: Tensors, optimizer: torch.optim.Optimizer) -> Tensors:
    """All tensors that a run needs to go on as if it had not stopped, by part and name: `weights/output.bias`."""
    parts = {"weights": model.state_dict(), "average": average, "optimizer": optimizer_tensors(model, optimizer)}
    return {f"{part}/{name}": tensor for part, named in parts.items() for name, tensor in named.items()}


def write_checkpoint(path: Path, state: State, tensors: Tensors, scaler: dict[str, Any]) -> None:
    """Write those tensors, whole ones, and the rest of a run. Raises CncharError where the disk is full."""
    write_tensors(path, tensors, {"state": asdict(state), "scaler": scaler})


def read_checkpoint(path: Path) -> tuple[State, dict[str, Tensors], dict[str, Any]]:
    """State, tensors by part (weights, average, optimizer), scaler. Raises BadInput for a file that is none."""
    tensors, facts = read_tensors(path)
    parts: dict[str, Tensors] = {"weights": {}, "average": {}, "optimizer": {}}
    try:
        for name, tensor in tensors.items():
            part, _, rest = name.partition("/")
            parts[part][rest] = tensor
        return State(**facts["state"]), parts, facts["scaler"]
    except (KeyError, TypeError):
        raise BadInput(f"{path}: not a checkpoint of this version of cnchar; train again without --resume.") from None


def load_weights(model: nn.Module, weights: Tensors, path: Path) -> None:
    """Put whole weights into a model, or what it holds of them. Raises BadInput when they are another model's."""
    here = model.state_dict()
    try:
        model.load_state_dict({name: scatter(w, here[name]) if name in here else w for name, w in weights.items()})
    except RuntimeError:
        raise BadInput(f"{path}: the weights are of another model than the one to train; check its config.") from None


def optimizer_tensors(model: nn.Module, optimizer: torch.optim.Optimizer) -> Tensors:
    """What the optimizer remembers, by the name of the weight: `output.bias/exp_avg`."""
    return {
        f"{name}/{key}": value
        for name, weight in model.named_parameters()
        for key, value in optimizer.state.get(weight, {}).items()
    }


def load_optimizer(model: nn.Module, optimizer: torch.optim.Optimizer, tensors: Tensors) -> None:
    """The inverse of optimizer_tensors; the tensors are whole ones."""
    weights = dict(model.named_parameters())
    remembered: dict[str, Tensors] = {}
    for path, tensor in tensors.items():
        name, _, key = path.rpartition("/")
        remembered.setdefault(name, {})[key] = scatter(tensor, weights[name])
    order = list(_names_in_order(model, optimizer))
    state = optimizer.state_dict()
    state["state"] = {number: remembered[name] for number, name in enumerate(order) if name in remembered}
    optimizer.load_state_dict(state)


def _names_in_order(model: nn.Module, optimizer: torch.optim.Optimizer) -> Iterator[str]:
    names = {id(weight): name for name, weight in model.named_parameters()}
    for group in optimizer.param_groups:
        yield from (names[id(weight)] for weight in group["params"])
