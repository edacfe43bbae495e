"""cnchar: Chinese text processing at the level of characters.

>>> import cnchar
>>> cnchar.load("segment")("他来到了网易杭研大厦").words
('他', '来到', '了', '网易', '杭研', '大厦')
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnchar._version import __version__ as __version__

__all__ = ["CncharError", "load"]

if TYPE_CHECKING:
    from cnchar.errors import CncharError
    from cnchar.runtime import load


def __getattr__(name: str) -> Any:
    """Import on first use, so that `cnchar --help` loads nothing it does not need."""
    if name == "load":
        from cnchar.runtime import load

        return load
    if name == "CncharError":
        from cnchar.errors import CncharError

        return CncharError
    raise AttributeError(f"module 'cnchar' has no attribute {name!r}")
