"""Cleaning text by composable rules: each a pure function, listed in `registry`, applied by `Cleaner`."""

from __future__ import annotations

from cnchar.text.cleaning.pipeline import Batch, Cleaner, Done, Stage, start
from cnchar.text.cleaning.registry import DEFAULT, RULES, describe_rules
from cnchar.text.cleaning.report import Counts, Report

__all__ = ["DEFAULT", "RULES", "Batch", "Cleaner", "Counts", "Done", "Report", "Stage", "describe_rules", "start"]
