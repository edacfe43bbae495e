"""What can go wrong in a way the user can mend. The CLI turns each into one plain sentence and an exit code."""

from __future__ import annotations


class CncharError(Exception):
    """A fault in the input, the options or the surroundings: exit code 2.

    The message is one plain sentence that names the file and, where there is one, the line, and says what to try next.
    """

    exit_code = 2


class BadInput(CncharError):
    """A file or record that cannot be read as what it should be."""


class BadBundle(CncharError):
    """A model folder that is incomplete, altered, or of an unknown kind."""


class MissingExtra(CncharError):
    """A feature whose optional dependency is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs an optional dependency: pip install 'cnchar-toolkit[{extra}]'.")


class CheckFailed(CncharError):
    """A check or a gate did not hold: exit code 1. Never raised for bad input."""

    exit_code = 1
