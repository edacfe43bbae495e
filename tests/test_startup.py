"""What starting costs: which modules are loaded and how much processor time, so that a busy machine is no error."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import pytest
from conftest import run_python
from toy_neural import write_neural

LINE = "他来到了网易杭研大厦\n"
NEVER = ("torch", "onnxruntime", "rich", "opencc", "chardet", "zstandard", "jieba", "sklearn", "multiprocessing")


def loaded_by(code: str, given: str = "") -> set[str]:
    """Which of the heavy modules are in sys.modules after some code."""
    ran = run_python("-c", f"{code}\nimport sys; print(*sys.modules, file=sys.stderr)", given=given.encode())
    assert ran.code == 0
    return set(ran.message.split()) & {*NEVER, "numpy", "cnchar.runtime", "cnchar.bundle"}


def test_importing_cnchar_loads_nothing() -> None:
    assert loaded_by("import cnchar; cnchar.__version__") == set()


def test_the_main_module_loads_nothing_heavy() -> None:
    assert loaded_by("import cnchar.cli.main") & {*NEVER, "numpy"} == set()


@pytest.mark.parametrize(
    "options", [[], ["--format", "jsonl"], ["--format", "conll", "--scores"], ["--explain"], ["--standard", "ud"]]
)
def test_segmenting_needs_numpy_alone(options: list[str]) -> None:
    code = f"from cnchar.cli import exits, main; assert exits.run(main.app, {['segment', *options]!r}) == 0"
    assert loaded_by(code, LINE) == {"numpy", "cnchar.runtime", "cnchar.bundle"}


def test_the_api_needs_numpy_alone() -> None:
    assert loaded_by("import cnchar; cnchar.load('segment')('中国')") & set(NEVER) == set()


@pytest.mark.parametrize("command", ["clean", "build-vocab"])
def test_commands_without_a_model_load_none(command: str) -> None:
    code = f"from cnchar.cli import exits, main; assert exits.run(main.app, [{command!r}]) == 0"
    assert loaded_by(code, LINE) & {*NEVER, "cnchar.runtime", "cnchar.bundle"} == set()


def test_a_network_on_a_cpu_needs_onnxruntime_and_never_torch(tmp_path: Path) -> None:
    code = f"import cnchar; cnchar.load('segment', model={str(write_neural(tmp_path / 'toy'))!r})('中国')"
    assert loaded_by(code) & set(NEVER) == {"onnxruntime"}


def cpu_seconds(*arguments: str, given: str = "") -> float:
    """The least processor time of five runs of Python."""
    times = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert run_python(*arguments, given=given.encode(), env={"OMP_NUM_THREADS": "1"}).code == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times)


def test_cold_start_of_one_sentence() -> None:
    """0.4 s on a quiet machine; beside the import of numpy, which every such program pays, on any machine."""
    numpy = cpu_seconds("-c", "import numpy")
    assert cpu_seconds("-m", "cnchar", "segment", given=LINE) < max(0.4, 5 * numpy)


def test_cold_start_of_a_network(tmp_path: Path) -> None:
    numpy = cpu_seconds("-c", "import numpy")
    folder = write_neural(tmp_path / "toy", tables=True)
    assert cpu_seconds("-m", "cnchar", "segment", "--model", str(folder), given=LINE) < max(0.7, 8 * numpy)


@pytest.mark.skipif(sys.platform != "linux", reason="units of ru_maxrss differ")
def test_peak_memory_of_segmenting() -> None:
    """120 MB over a megabyte of text: blocks, not files, are held."""
    code = (
        "from cnchar.cli import exits, main; exits.run(main.app, ['segment']);"
        "import sys; print(open('/proc/self/status').read(), file=sys.stderr)"
    )
    ran = run_python("-c", code, given=(LINE * 40_000).encode())
    assert ran.out.count(b"\n") == 40_000
    assert int(ran.message.split("VmHWM:")[1].split()[0]) < 120 * 1024
