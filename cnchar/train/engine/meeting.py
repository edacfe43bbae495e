"""Where the processes that torchrun starts find each other.

torchrun keeps one store for all its restarts, and what the processes before a restart wrote there, such as how they
could be reached, is still to be read (pytorch/pytorch#135712); nor do all machines count restarts alike. So the main
process opens a corner of the store with a new name each time, and tells it to those that ask under names of their own.
"""

from __future__ import annotations

import secrets
import time
from datetime import timedelta

from torch.distributed import PrefixStore, Store  # type: ignore[attr-defined]
from torch.distributed.rendezvous import rendezvous

_PAUSE = 0.02  # seconds


def meet(timeout: timedelta) -> tuple[Store, int, int]:
    """A store that only the processes of this start write into; the rank of this one, and how many there are."""
    store, rank, size = next(rendezvous("env://", timeout=timeout))
    return corner_of(store, rank, size), rank, size


def corner_of(store: Store, rank: int, size: int) -> Store:
    """The part of a store that belongs to the `size` processes that are calling this."""
    return PrefixStore(_ask(store, rank) if rank else _open_corner(store, size), store)


def _ask(store: Store, rank: int) -> str:
    name = secrets.token_hex(8)
    store.set(f"cnchar/asks/{rank}", name)
    corner = store.get(f"cnchar/told/{name}").decode()  # waits for it
    store.set(f"{corner}/knows/{rank}", "")
    return corner


def _open_corner(store: Store, size: int) -> str:
    corner = f"cnchar/{secrets.token_hex(8)}"
    others = range(1, size)
    while not store.check([f"{corner}/knows/{rank}" for rank in others]):
        for rank in others:
            if store.check([f"cnchar/asks/{rank}"]):  # this one's, or that of one before a restart
                store.set(f"cnchar/told/{store.get(f'cnchar/asks/{rank}').decode()}", corner)
        time.sleep(_PAUSE)
    return corner
