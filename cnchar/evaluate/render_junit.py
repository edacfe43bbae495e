"""A report as JUnit XML, which Jenkins, GitLab, Azure and CircleCI show: a gate is a test, a score is a property."""

from __future__ import annotations

from collections.abc import Iterator

from cnchar.evaluate.markup import Markup, element, joined
from cnchar.evaluate.report import Gate, Report
from cnchar.evaluate.wording import gate_sentence, heading, headline


def to_junit(report: Report) -> str:
    """One testsuite: sources, signatures and unrounded scores as properties, each gate as a testcase.

    Without any gate one testcase passes, named after the task: CI systems take an empty suite for a failure.
    """
    failures = sum(not gate.passed for gate in report.gates)
    counts = {"tests": max(1, len(report.gates)), "failures": failures, "errors": 0}
    properties = element("properties", joined(["", *_properties(report), ""], "\n"))
    summary = element("system-out", "\n".join(f"{each.name}: {headline(report, each)}" for each in report.systems))
    parts = [properties, *_cases(report), summary]
    suite = element("testsuite", joined(["", *parts, ""], "\n"), name=heading(report), **counts)
    suites = element("testsuites", joined(["", suite, ""], "\n"), name="cnchar eval", **counts)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{suites}\n'


def _properties(report: Report) -> Iterator[Markup]:
    for name, value in report.sources.items():
        yield element("property", name=name, value=value)
    for system in report.systems:
        before = f"{system.name}: " if len(report.systems) > 1 else ""
        yield element("property", name=f"{before}signature", value=str(system.signature))
        for name, score in system.scores.items():
            yield element("property", name=f"{before}{name}", value=score)


def _cases(report: Report) -> Iterator[Markup]:
    place = f"cnchar.eval.{report.task}"
    if not report.gates:
        yield element("testcase", classname=place, name=report.task)
    for gate in report.gates:
        yield element("testcase", *_failure(gate), classname=place, name=gate.name)


def _failure(gate: Gate) -> Iterator[Markup]:
    if not gate.passed:
        yield element("failure", gate_sentence(gate), type="gate", message=gate_sentence(gate))
