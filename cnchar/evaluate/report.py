"""What `cnchar eval segment` says: a table for people, a JSON object for programs (docs/eval.md)."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from cnchar.evaluate.confusions import Confusion
from cnchar.evaluate.segmentation import SegmentationCounts
from cnchar.evaluate.signature import Signature
from cnchar.evaluate.tags import TagReport

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class SegmentationReport:
    """One system's result on one gold file. `sources`: what was compared (`gold`, `pred` or `model`, `known`)."""

    signature: Signature
    counts: SegmentationCounts
    sources: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[Confusion, ...] = ()
    tags: TagReport | None = None


def to_json(report: SegmentationReport) -> str:
    """The report as one JSON object, scores unrounded, lone surrogates of the text replaced."""
    counts = {name: value for name, value in asdict(report.counts).items() if value is not None}
    content: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "task": "segment",
        "signature": str(report.signature),
        "signature_fields": report.signature.fields(),
        "sources": dict(report.sources),
        "counts": counts,
        "scores": report.counts.scores().as_dict(),
        "errors": [asdict(error) for error in report.errors],
    }
    if report.tags is not None:
        content["tags"] = asdict(report.tags)
    return _printable(json.dumps(content, ensure_ascii=False, indent=2)) + "\n"


def to_text(report: SegmentationReport) -> str:
    """The report as tables aligned for a terminal."""
    parts = [_table(_score_rows(report.counts), "<>< ")]
    if report.tags is not None:
        parts.append(_tag_line(report.tags))
    if report.errors:
        parts.append("most frequent errors\n" + _table(_error_rows(report.errors), "><<<"))
    parts.append(f"signature: {report.signature}\n")
    return _printable("\n".join(parts))


def _score_rows(counts: SegmentationCounts) -> list[list[str]]:
    scores = counts.scores()
    right = f"{counts.right_words:,}"
    rows = [
        ["precision", _percent(scores.precision), f"{right} of {counts.pred_words:,} predicted words"],
        ["recall", _percent(scores.recall), f"{right} of {counts.gold_words:,} gold words"],
        ["f1", _percent(scores.f1), ""],
        ["exact", _percent(scores.exact), f"{counts.exact_sentences:,} of {counts.sentences:,} sentences"],
    ]
    if counts.oov_words is None or counts.oov_right is None:
        return rows
    known, known_right = counts.gold_words - counts.oov_words, counts.right_words - counts.oov_right
    return [
        *rows,
        ["oov rate", _percent(scores.oov_rate), f"{counts.oov_words:,} of {counts.gold_words:,} gold words not known"],
        ["oov recall", _percent(scores.oov_recall), f"{counts.oov_right:,} of {counts.oov_words:,} unknown words"],
        ["iv recall", _percent(scores.iv_recall), f"{known_right:,} of {known:,} known words"],
    ]


def _percent(share: float | None) -> str:
    return f"{100 * (share or 0.0):.2f} %"


def _tag_line(tags: TagReport) -> str:
    scores = f"precision {_percent(tags.precision)}, recall {_percent(tags.recall)}, f1 {_percent(tags.f1)}"
    return f"tags (seqeval {tags.mode}, {tags.scheme}): {scores}, right tags {_percent(tags.accuracy)}\n"


def _error_rows(errors: tuple[Confusion, ...]) -> list[list[str]]:
    rows = [["count", "gold", "predicted", "example"]]
    for error in errors:
        gold, example = " ".join(error.gold), error.example
        context = " ".join(part for part in (example.before, f"[{gold}]", example.after) if part)
        rows.append([f"{error.count:,}", gold, " ".join(error.pred), f"{example.line}: {context}"])
    return rows


def _table(rows: list[list[str]], alignment: str) -> str:
    """Columns two spaces apart; a Chinese character takes two places on a terminal."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        gaps = [" " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
        cells = [
            gap + cell if side == ">" else cell + gap for cell, gap, side in zip(row, gaps, alignment, strict=False)
        ]
        lines.append("  ".join(cells).rstrip() + "\n")
    return "".join(lines)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _printable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
