"""The allocator hint is harmless wherever it cannot be given."""

from __future__ import annotations

import ctypes
import sys

import pytest

from cnchar.runtime.allocator import keep_freed_memory


def test_can_be_given_twice() -> None:
    keep_freed_memory()
    keep_freed_memory()


def test_another_system_or_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    keep_freed_memory()
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.delattr(ctypes, "CDLL")
    keep_freed_memory()
