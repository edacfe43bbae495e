"""The part of the published JSON schema of SARIF 2.1.0 that cnchar's logs use, written down from the standard.

Where the standard allows more, this allows less: properties that cnchar does not write are errors here.
"""

from __future__ import annotations

from typing import Any


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def _array(items: dict[str, Any], least: int = 0, unique: bool = False) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": least, "uniqueItems": unique}


STRING = {"type": "string"}
MAP = {"type": "object", "additionalProperties": STRING}
PLACE = {"type": "integer", "minimum": 1}
MESSAGE = _object(["text"], text=STRING)
CONTENT = _object(["text"], text=STRING)
ARTIFACT = _object(["uri"], uri={"type": "string", "pattern": r"^[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]+$"})
REGION = _object(["startLine"], startLine=PLACE, startColumn=PLACE, endLine=PLACE, endColumn=PLACE, snippet=CONTENT)
PHYSICAL = _object(["artifactLocation"], artifactLocation=ARTIFACT, region=REGION)
REPLACEMENT = _object(["deletedRegion"], deletedRegion=REGION, insertedContent=CONTENT)
CHANGE = _object(["artifactLocation", "replacements"], artifactLocation=ARTIFACT, replacements=_array(REPLACEMENT, 1))
RULE = _object(["id"], id=STRING, shortDescription=MESSAGE)
DRIVER = _object(["name"], name=STRING, semanticVersion=STRING, rules=_array(RULE, unique=True))
RESULT = _object(
    ["message"],
    ruleId=STRING,
    ruleIndex={"type": "integer", "minimum": -1},
    level={"enum": ["none", "note", "warning", "error"]},
    message=MESSAGE,
    locations=_array(_object([], physicalLocation=PHYSICAL)),
    partialFingerprints=MAP,
    rank={"type": "number", "minimum": -1, "maximum": 100},
    fixes=_array(_object(["artifactChanges"], artifactChanges=_array(CHANGE, 1)), unique=True),
    properties={"type": "object"},
)
RUN = _object(
    ["tool", "results"],
    tool=_object(["driver"], driver=DRIVER),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results=_array(RESULT),
)
SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    **_object(["version", "runs"], version={"enum": ["2.1.0"]}, runs=_array(RUN), **{"$schema": STRING}),
}
