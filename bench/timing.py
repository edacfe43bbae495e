"""Running commands and timing them: two in turn on the same input, on one core, ratios rather than seconds."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

Command = Sequence[str]
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": ""}
# What starts a command with its output thrown away, waits for it, and prints the peak of its memory in kilobytes.
WATCH = """
import os, sys
nowhere = (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=[nowhere])
_, status, usage = os.wait4(child, 0)
print(usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""


@dataclass(frozen=True)
class Comparison:
    """Two commands that ran in turn: seconds of each, pair by pair."""

    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    @property
    def ratios(self) -> list[float]:
        """How many times longer theirs took, for each pair."""
        return [theirs / ours for ours, theirs in zip(self.ours, self.theirs, strict=True)]

    @property
    def ratio(self) -> float:
        """Median of the ratios: how many times faster ours is."""
        return statistics.median(self.ratios)

    @property
    def spread(self) -> tuple[float, float]:
        """The smallest and the largest ratio."""
        return min(self.ratios), max(self.ratios)

    @property
    def our_seconds(self) -> float:
        """Median of ours."""
        return statistics.median(self.ours)

    @property
    def their_seconds(self) -> float:
        """Median of theirs."""
        return statistics.median(self.theirs)


def stay_on_core(core: int) -> None:
    """This process and all it starts run on one core, where the system lets them be bound."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})


def once(command: Command, given: Path | None = None) -> float:
    """Seconds a command takes with a file on its standard input, start-up included; its output is thrown away.

    Raises subprocess.CalledProcessError, with what it wrote to standard error, when it does not exit with 0.
    """
    with Path(given or os.devnull).open("rb") as stdin:
        started = time.perf_counter()
        subprocess.run(
            command, stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=ENVIRONMENT, check=True
        )
        return time.perf_counter() - started


def peak_mb(command: Command, given: Path | None = None) -> float:
    """The largest resident set of the command's process, in units of 2**20 bytes. Raises as `once` does.

    A child's figure is never below what its parent held when it started, so a parent with next to nothing starts it.
    """
    with Path(given or os.devnull).open("rb") as stdin:
        watched = [sys.executable, "-I", "-S", "-c", WATCH, *command]
        done = subprocess.run(watched, stdin=stdin, capture_output=True, env=ENVIRONMENT, check=True)
    return int(done.stdout) / 1024


def in_turn(ours: Command, theirs: Command, given: Path | None, runs: int) -> Comparison:
    """One warm-up each, then `runs` pairs, one after the other, so that a busy moment hits both."""
    once(ours, given), once(theirs, given)
    pairs = [(once(ours, given), once(theirs, given)) for _ in range(runs)]
    return Comparison(tuple(a for a, _ in pairs), tuple(b for _, b in pairs))
