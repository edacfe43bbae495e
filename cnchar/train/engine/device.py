"""Where training runs: the device, its precision, and the other processes that share the work."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import torch
import torch.distributed as dist
from torch import Tensor

from cnchar.errors import BadInput, CncharError
from cnchar.train.engine.meeting import meet
from cnchar.train.engine.memory import keep_memory
from cnchar.train.engine.settings import DeviceChoice, Precision, TrainSettings

T = TypeVar("T")
_PATIENCE = timedelta(hours=3)  # the other processes wait while the first one evaluates


@dataclass(frozen=True)
class Place:
    """One process's share of the machine. Processes are those that `torchrun` started; without it there is one."""

    device: torch.device
    precision: torch.dtype = torch.float32  # of matrix products; weights are float32 always
    rank: int = 0
    processes: int = 1
    # Processes agree over the CPU: a sum on a GPU would wait for all the work that the GPU has still to do.
    control: dist.ProcessGroup | None = None

    @property
    def is_main(self) -> bool:
        """Only the main process evaluates, writes and talks."""
        return self.rank == 0

    def autocast(self) -> AbstractContextManager[object]:
        """Within it, matrix products are in this place's precision."""
        return torch.autocast(self.device.type, self.precision, enabled=self.precision != torch.float32)

    def move(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """The batch on the device; the copy to a GPU goes on in the background."""
        if self.device.type == "cpu":
            return batch
        return {name: values.pin_memory().to(self.device, non_blocking=True) for name, values in batch.items()}

    def total(self, *values: float) -> list[float]:
        """The sums over all processes, each of which must call this at the same moment."""
        if self.control is None:
            return list(values)
        sums = torch.tensor(values, dtype=torch.float64)
        dist.all_reduce(sums, group=self.control)
        return [float(value) for value in sums]

    def in_main(self, work: Callable[[], T]) -> T | None:
        """What the main process alone does while the others wait, who get None. All must call this at the same moment.

        Raises what `work` raises, and CncharError in the other processes.
        """
        found, problem = None, None
        if self.is_main:
            try:
                found = work()
            except Exception as error:
                problem = error
        (failed,) = self.total(float(problem is not None))
        if problem is not None:
            raise problem
        if failed:
            raise CncharError("The first process of this run could not go on, and says why.")
        return found


@contextmanager
def open_place(settings: TrainSettings) -> Iterator[Place]:
    """Choose device and precision, and join the other processes.

    Raises:
        CncharError: there is no such device. BadInput: it does not have the precision.
    """
    if settings.threads:
        torch.set_num_threads(settings.threads)
    rank, local_rank, processes = _torchrun()
    device = choose_device(settings.device, local_rank)
    if device.type == "cpu":
        keep_memory()
    precision = choose_precision(settings.amp, device)
    if precision == torch.float16 and settings.parallel == "fsdp":
        raise BadInput("fp16 is not for parallel=fsdp: set amp to bf16 or off.")
    with _joined(device) if processes > 1 else nullcontext() as control:
        yield Place(device, precision, rank, processes, control)


def is_main() -> bool:
    """Whether this is the process that writes files and talks: the only one, or the first of `torchrun`."""
    return _torchrun()[0] == 0


def choose_device(choice: DeviceChoice, local_rank: int = 0) -> torch.device:
    """`auto` is CUDA where there is one. Raises CncharError for CUDA where there is none."""
    if choice == "cpu" or (choice == "auto" and not torch.cuda.is_available()):
        return torch.device("cpu")
    if not torch.cuda.is_available():
        raise CncharError("No CUDA device can be used here: train with --device cpu, or install a torch with CUDA.")
    device = torch.device("cuda", local_rank)
    torch.cuda.set_device(device)
    return device


def choose_precision(choice: Precision, device: torch.device) -> torch.dtype:
    """`auto` is half precision on CUDA only: bf16, or fp16 on older devices. Raises BadInput for fp16 on a CPU."""
    if choice == "auto" and device.type == "cuda":
        choice = "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp16"
    if choice == "fp16" and device.type == "cpu":
        raise BadInput("fp16 needs a CUDA device: set amp to bf16 or off.")
    return {"bf16": torch.bfloat16, "fp16": torch.float16}.get(choice, torch.float32)


def seed_everything(*numbers: int) -> None:
    """Start torch's random numbers anew, for weights and dropout, from any whole numbers."""
    torch.manual_seed(zlib.crc32(repr(numbers).encode()))


def _torchrun() -> tuple[int, int, int]:
    """What torchrun says: rank of this process, rank on this machine, number of processes."""
    rank, local_rank, processes = (os.environ.get(name) for name in ("RANK", "LOCAL_RANK", "WORLD_SIZE"))
    return int(rank or 0), int(local_rank or 0), int(processes or 1)


@contextmanager
def _joined(device: torch.device) -> Iterator[dist.ProcessGroup]:
    backend = "nccl" if device.type == "cuda" else "gloo"
    store, rank, size = meet(_PATIENCE)
    dist.init_process_group(backend, store=store, rank=rank, world_size=size, timeout=_PATIENCE)
    try:
        yield dist.new_group(backend="gloo", timeout=_PATIENCE)
    except RuntimeError as error:
        if not _is_lost(error):
            raise
        raise CncharError(
            "Another process of this run has ended, so this one cannot go on: see what that one said, and go on with "
            "--resume."
        ) from None
    finally:
        dist.destroy_process_group()


def _is_lost(error: RuntimeError) -> bool:
    """Whether an error means that another process does not answer any more; gloo's have no type of their own."""
    return isinstance(error, dist.DistError) or "gloo/transport" in str(error)
