"""Keeps the arrays' memory between blocks: a sixth of the time of `segment` was the kernel handing it out again."""

from __future__ import annotations

import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # mallopt(3)
_KEPT = 1 << 26  # bytes: more than the arrays of one block need


def keep_freed_memory() -> None:
    """Tell glibc's malloc not to give freed memory back; nothing elsewhere. For commands, not for a host program."""
    if sys.platform != "linux":
        return
    import ctypes

    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library
        return
    mallopt(_TRIM_THRESHOLD, _KEPT)
    mallopt(_MMAP_THRESHOLD, _KEPT)
