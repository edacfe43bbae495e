"""What the documents say is so: examples are run, lists are complete, names exist."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from conftest import ROOT, RunCommand

import cnchar
from cnchar.cli.main import app
from cnchar.text.cleaning import describe_rules

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?://)([^)#]+)")


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """(what is typed after cnchar, the command) for each command that does something."""
    children = getattr(command, "commands", {})
    if not children:
        yield " ".join(path), command
    for name, child in children.items():
        yield from commands(child, (*path, name))


COMMANDS = dict(commands(typer.main.get_command(app)))


def examples() -> Iterator[tuple[str, str]]:
    """(command, its output) of every console block."""
    for page in PAGES:
        for block in CONSOLE.findall(page.read_text(encoding="utf-8")):
            for part in block.split("$ ")[1:]:
                command, _, output = part.partition("\n")
                yield command, output


@pytest.mark.parametrize(("command", "output"), list(examples()))
def test_examples_give_what_they_show(tmp_path: Path, command: str, output: str) -> None:
    script = tmp_path / "cnchar"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cnchar "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["sh", "-c", command], capture_output=True, cwd=ROOT, env=environment, check=True)
    assert done.stdout.decode() == output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented_and_has_an_example(name: str) -> None:
    assert re.search(rf"^## cnchar {name}$", (ROOT / "docs/cli.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert f"Example: cnchar {name} " in f"{COMMANDS[name].help} " or f"| cnchar {name} " in COMMANDS[name].help
    assert f"cnchar {name}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_option_explains_itself() -> None:
    silent = [
        f"{name} {parameter.name}"
        for name, command in COMMANDS.items()
        for parameter in command.params
        if not getattr(parameter, "help", None)
    ]
    assert silent == []


def test_the_rules_of_clean_are_all_listed() -> None:
    assert f"```\n{describe_rules()}\n```\n" in (ROOT / "docs/clean.md").read_text(encoding="utf-8")


def test_public_names_exist_and_are_documented() -> None:
    assert cnchar.__all__
    for name in cnchar.__all__:
        assert getattr(cnchar, name).__doc__, name
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        cnchar.nonsense
    assert cnchar.__doc__ is not None
    assert cnchar.load("segment")("他来到了网易杭研大厦").words == eval(cnchar.__doc__.split(".words\n")[1])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_the_reference_is_up_to_date() -> None:
    command = [sys.executable, str(ROOT / "docs/make_cli_reference.py"), "--check"]
    done = subprocess.run(command, capture_output=True, env={"PYTHONPATH": str(ROOT)}, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_version_is_in_the_changelog(run_cnchar: RunCommand) -> None:
    """A version that was released has a section of its own; until the first one all stands under Unreleased."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    sections = re.findall(r"^## \[(.+?)\]", text, re.MULTILINE)
    assert sections[0] == "Unreleased"
    assert sections[1:2] in ([], [cnchar.__version__])
    assert run_cnchar("--version").text.startswith(f"cnchar {cnchar.__version__}\n")
