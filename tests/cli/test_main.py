from __future__ import annotations

import re
import resource

import pytest
from conftest import RunCommand, run_python

COMMANDS = ["segment", "clean", "build-vocab", "eval segment", "models"]
HEAVY = (
    "numpy",
    "onnxruntime",
    "torch",
    "rich",
    "opencc",
    "chardet",
    "zstandard",
    "jieba",
    "sklearn",
    "multiprocessing",
)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_imports_nothing_heavy(command: str) -> None:
    code = (
        "import sys; from cnchar.cli import exits, main;"
        f"code = exits.run(main.app, {[*command.split(), '--help']!r});"
        f"print('HEAVY', [name for name in {HEAVY!r} if name in sys.modules], code)"
    )
    ran = run_python("-c", code)
    assert ran.text.startswith("Usage: cnchar")
    assert ran.text.endswith("HEAVY [] 0\n")


def test_help_names_every_command_and_is_fast(run_cnchar: RunCommand) -> None:
    def cpu_seconds() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        text = run_cnchar("--help").text
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert all(command.split()[0] in text for command in COMMANDS)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(cpu_seconds() for _ in range(3)) < 0.3


def test_version_tells_what_it_stands_on(run_cnchar: RunCommand) -> None:
    ran = run_cnchar("--version")
    assert ran.code == 0
    assert re.match(r"cnchar \d+\.\d+\S*\n(model \S+@\S+\n)*onnxruntime \S.*\nPython 3\.\d+\.\d+\n$", ran.text)


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["segment", "--nonsense"], ["eval", "nonsense"]])
def test_usage_errors_exit_2_without_output(run_cnchar: RunCommand, arguments: list[str]) -> None:
    ran = run_cnchar(*arguments)
    assert (ran.code, ran.out) == (2, b"")
    assert "Usage: cnchar" in ran.message


def test_completion_scripts(run_cnchar: RunCommand) -> None:
    ran = run_cnchar(env={"_CNCHAR_COMPLETE": "source_bash"})
    assert "complete -o default" in ran.text
    answer = run_cnchar(env={"_CNCHAR_COMPLETE": "complete_bash", "COMP_WORDS": "cnchar se", "COMP_CWORD": "1"})
    assert "segment" in answer.text
