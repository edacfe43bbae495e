"""What a corrector found in files, as a log of SARIF 2.1.0 (OASIS), which code hosts show beside the lines."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from cnchar._version import __version__
from cnchar.runtime.correct_reports import Found, Plain, message
from cnchar.runtime.known_findings import place_of, shown_path
from cnchar.tasks.edits import Correction, Edit

SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
RULES = {
    "sound": "A character that sounds like the right one.",
    "shape": "A character that looks like the right one.",
    "other": "A wrong character.",
    "own": "A word of the list of wrong words.",
}


class Sarif(Plain):
    """A log of SARIF 2.1.0, whose columns are code points."""

    def __init__(self, color: bool = False) -> None:
        super().__init__()
        self._between = "\n"

    def begin(self) -> str:
        """The log up to its results."""
        rules = [{"id": f"cnchar/{kind}", "shortDescription": {"text": about}} for kind, about in RULES.items()]
        driver = {"name": "cnchar", "semanticVersion": __version__, "rules": rules}
        head = json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0"})[:-1]
        run = _json({"tool": {"driver": driver}, "columnKind": "unicodeCodePoints"})[:-1]
        return f'{head}, "runs": [{run}, "results": ['

    def add(self, found: Found) -> str:
        """The results of a block."""
        out = []
        for line, correction, edit in found.findings():
            out += [self._between, _json(_result(found.block.name, line, correction, edit))]
            self._between = ",\n"
        return "".join(out)

    def end(self) -> str:
        """The rest of the log."""
        return "\n]}]}\n"


def _result(name: str, line: int, correction: Correction, edit: Edit) -> dict[str, Any]:
    region = {"startLine": line, "startColumn": edit.start + 1, "endColumn": edit.end + 1}
    place = {"uri": _uri(name)}
    told = edit.as_dict()
    result: dict[str, Any] = {
        "ruleId": f"cnchar/{edit.kind}",
        "ruleIndex": list(RULES).index(edit.kind),
        "level": "warning",
        "message": {"text": message(edit)},
        "locations": [
            {"physicalLocation": {"artifactLocation": place, "region": {**region, "snippet": {"text": edit.source}}}}
        ],
        "partialFingerprints": {"place/v1": _fingerprint(name, correction, edit)},
        "rank": round(100 * edit.score, 2),
        "properties": {key: told[key] for key in ("score", "alternatives") if key in told},
    }
    if edit.target != edit.source:
        replacement = {"deletedRegion": region, "insertedContent": {"text": edit.target}}
        result["fixes"] = [{"artifactChanges": [{"artifactLocation": place, "replacements": [replacement]}]}]
    return result


def _fingerprint(name: str, correction: Correction, edit: Edit) -> str:
    whole = "\n".join(place_of(name, correction, edit))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _uri(name: str) -> str:
    path = shown_path(name)
    if path == "-":
        return "stdin"
    return PurePath(name).as_uri() if PurePath(name).is_absolute() else quote(os.fsencode(path))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
