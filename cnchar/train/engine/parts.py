"""Tensors of which each process holds a part (FSDP): from part to whole and back. Tensors that are whole stay so."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor
from torch.distributed.tensor import DTensor, distribute_tensor


def part(tensor: Tensor) -> Tensor:
    """What this process holds of a tensor, in the tensor's own memory."""
    here: Tensor = tensor.to_local() if isinstance(tensor, DTensor) else tensor
    return here


def gather(tensors: Mapping[str, Tensor], *, keep: bool) -> dict[str, Tensor]:
    """The whole tensors on the CPU, one after the other. All processes must call this; those get them that `keep`."""
    found = {}
    for name, tensor in tensors.items():
        whole = tensor.detach()
        if isinstance(whole, DTensor):
            whole = whole.full_tensor()
        if keep:
            found[name] = whole.cpu()
    return found


def scatter(whole: Tensor, like: Tensor) -> Tensor:
    """A whole tensor, which all processes have, cut as `like` is; as it is where that has another shape."""
    if not isinstance(like, DTensor) or whole.shape != like.shape:
        return whole
    return distribute_tensor(whole.to(like.device), like.device_mesh, like.placements, src_data_rank=None)
