"""Workflow commands of GitHub Actions: lines of a log that become annotations."""

from __future__ import annotations

from cnchar.evaluate.markup import printable


def command(level: str, message: str, **properties: str) -> str:
    """`::warning file=a.md,line=3::message`; level is error, warning or notice."""
    given = ",".join(f"{name}={_escape_property(value)}" for name, value in properties.items())
    return f"::{level} {given}::{_escape(message)}"


def _escape(text: str) -> str:
    return printable(text).replace("%", "%25").replace("\n", "%0A")  # no carriage return is printable


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
