"""What a tensor leaves behind is there for the next one."""

from __future__ import annotations

import subprocess
import sys

import pytest

COUNT = """
import resource
import torch
{keep}
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
torch.ones(10_000_000)
before = faults()
for smaller in range(1, 6):
    torch.ones(10_000_000 - 100_000 * smaller)
print(faults() - before)
"""


def faults(keep: str) -> int:
    """Pages that the kernel had to bring while 200 MB came and went."""
    done = subprocess.run([sys.executable, "-c", COUNT.format(keep=keep)], capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="glibc is on Linux")
def test_large_tensors_use_the_same_memory_again() -> None:
    keep = "from cnchar.train.engine.memory import keep_memory; keep_memory()"
    assert faults(keep) < faults("pass") / 10
