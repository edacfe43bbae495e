"""What a small evaluation costs: half a second on a quiet machine, and no module but numpy that is heavy."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from conftest import run_python
from test_startup import NEVER, cpu_seconds, loaded_by


@pytest.fixture
def gold(tmp_path: Path) -> str:
    path = tmp_path / "gold.txt"
    path.write_text("他 来到 了 网易 杭研 大厦\n" * 10, encoding="utf-8")
    return str(path)


def test_ten_lines_end_within_half_a_second(gold: str) -> None:
    numpy = cpu_seconds("-c", "import numpy")
    assert cpu_seconds("-m", "cnchar", "eval", "segment", "--gold", gold, "--pred", gold) < max(0.5, 6 * numpy)


@pytest.mark.parametrize("more", [[], ["--bootstrap", "10", "--fail-under", "f1=1"], ["--format", "json"]])
def test_numpy_is_all_it_needs(gold: str, more: list[str]) -> None:
    arguments = ["eval", "segment", "--gold", gold, "--pred", gold, *more]
    code = f"from cnchar.cli import exits, main; assert exits.run(main.app, {arguments!r}) == 0"
    assert loaded_by(code) & {*NEVER, "cnchar.runtime", "cnchar.bundle"} == set()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_peak_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """100 MB for a file of 30: blocks, not files, are held."""
    gold, pred = tmp_path / "gold.txt", tmp_path / "pred.txt"
    gold.write_text("共同 创造 美好 的 新 世纪 —— 他 来到 了 网易 杭研 大厦\n" * 400_000, encoding="utf-8")
    pred.write_text("共同 创造 美好的 新世纪 —— 他 来到 了 网易杭研 大 厦\n" * 400_000, encoding="utf-8")
    code = (
        f"from cnchar.cli import exits, main; exits.run(main.app, {['eval', 'segment', '--gold', str(gold)]!r} + "
        f"{['--pred', str(pred)]!r}); import sys; print(open('/proc/self/status').read(), file=sys.stderr)"
    )
    ran = run_python("-c", code)
    assert "400,000" in ran.text
    assert int(ran.message.split("VmHWM:")[1].split()[0]) < 100 * 1024
