"""Memory that training asks for at every step: kept instead of given back."""

from __future__ import annotations

import ctypes

_TRIM_THRESHOLD, _MMAP_MAX = -1, -4  # of mallopt(3)


def keep_memory() -> None:
    """Keep what tensors on the CPU leave behind for the next ones, where glibc can be told to.

    Else it maps each large tensor anew, and the kernel clears it page by page: with an output layer of thousands of
    symbols that is a third of a step's time.
    """
    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):
        return  # another system, or another C library
    mallopt(_MMAP_MAX, 0)
    mallopt(_TRIM_THRESHOLD, -1)  # never
