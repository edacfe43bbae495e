"""How a model is trained: every number of the loop, with the values that a preset leaves alone. No torch here."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

from cnchar.errors import BadInput

Optimizer = Literal["adamw", "sgd"]
Decay = Literal["cosine", "linear", "constant"]
Precision = Literal["auto", "off", "bf16", "fp16"]
DeviceChoice = Literal["auto", "cpu", "cuda"]
Parallel = Literal["ddp", "fsdp"]
_CHOICES = {
    "optimizer": Optimizer, "decay": Decay, "amp": Precision, "device": DeviceChoice, "parallel": Parallel
}  # fmt: skip
_LIMITS = ("epochs", "max_steps", "max_chars")
_KINDS: dict[type, str] = {
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    str: "a word",
    tuple: "a list of two numbers",
}


@dataclass(frozen=True)
class TrainSettings:
    """One training run. Training ends at the first of `epochs`, `max_steps`, `max_chars` and `patience`; 0 is no limit.

    Raises:
        BadInput: settings that cannot be trained with.
    """

    # The step
    optimizer: Optimizer = "adamw"
    lr: float = 1e-3  # highest learning rate, reached after the warm-up
    betas: tuple[float, float] = (0.9, 0.98)  # adamw
    momentum: float = 0.9  # sgd
    weight_decay: float = 0.01  # of matrices; biases, norms and embeddings are left alone
    warmup: int = 100  # steps
    decay: Decay = "cosine"  # of the learning rate over the whole run
    lr_end: float = 0.0  # share of `lr` that is left at the end
    clip: float = 1.0  # longest gradient; 0: any
    ema: float = 0.0  # decay of the averaged weights, which are what is evaluated and kept; 0: the weights themselves
    # The data
    batch_chars: int = 4096  # characters of a batch, about
    accumulate: int = 1  # batches of a step
    length: int = 256  # pretraining: characters of a row, which lines are packed into
    mask_share: float = 0.15  # of the characters, how many `masked` hides; correctors see so many hidden besides errors
    seed: int = 1
    # The end
    epochs: int = 10
    max_steps: int = 0
    max_chars: int = 0
    patience: int = 0  # evaluations in a row without a better score
    # What happens on the way
    eval_every: int = 0  # steps; 0: after each epoch
    checkpoint_every: int = 0  # steps; 0: by the clock alone
    checkpoint_seconds: float = 600.0  # 0: not by the clock. There is one after each evaluation in any case
    log_every: int = 50  # steps
    tensorboard: bool = False
    # The machine
    device: DeviceChoice = "auto"
    amp: Precision = "auto"  # automatic mixed precision: bf16 or fp16 on CUDA, off on a CPU
    parallel: Parallel = "ddp"  # several processes: ddp, each has a copy of the model; fsdp, each has a part of it
    threads: int = 0  # 0: as many as there are cores
    compile: bool = False

    def __post_init__(self) -> None:
        for field in fields(self):
            _check_type(field.name, getattr(self, field.name), field.default)
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in get_args(choices):
                raise BadInput(f"{name} is {getattr(self, name)!r}; choose one of {', '.join(get_args(choices))}.")
        for name in ("lr", "batch_chars", "accumulate", "log_every", "length", "mask_share"):
            if not getattr(self, name) > 0:
                raise BadInput(f"{name} is {getattr(self, name)}; it should be more than 0.")
        for name in ("momentum", "ema", "mask_share"):
            if getattr(self, name) >= 1:
                raise BadInput(f"{name} is {getattr(self, name)}; it should be less than 1.")
        if len(self.betas) != 2 or not all(type(beta) is float and 0 <= beta < 1 for beta in self.betas):
            raise BadInput(f"betas is {self.betas!r}; it should be two numbers from 0.0 to below 1.")
        if not any(getattr(self, name) for name in _LIMITS):
            raise BadInput(f"Training would never end: set one of {', '.join(_LIMITS)}.")

    def as_dict(self) -> dict[str, Any]:
        """The settings as JSON or TOML can hold them."""
        return {**asdict(self), "betas": list(self.betas)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TrainSettings:
        """The inverse of as_dict; what is not named keeps its default. Raises BadInput for what is no setting."""
        if unknown := set(values) - {field.name for field in fields(cls)}:
            raise BadInput(f"no such setting of training: {', '.join(sorted(map(str, unknown)))}.")
        arguments: dict[str, Any] = dict(values)
        if isinstance(arguments.get("betas"), list):
            arguments["betas"] = tuple(arguments["betas"])
        return cls(**arguments)


def _check_type(name: str, value: object, default: object) -> None:
    """Every number is finite and not negative; a whole number may stand for a fraction."""
    kind = type(default)
    if type(value) is not kind and not (kind is float and type(value) is int):
        raise BadInput(f"{name} is {value!r}; it should be {_KINDS[kind]}.")
    if isinstance(value, int | float) and not 0 <= value < math.inf:
        raise BadInput(f"{name} is {value!r}; it should be a number of at least 0.")
