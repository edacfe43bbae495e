"""The scores that a finished run writes into its bundle."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from cnchar._version import __version__
from cnchar.evaluate.signature import Signature, data_value


def score_entry(
    metric: str, level: str, lines: Iterable[str], name: str, *, data: str, measure: str, value: float
) -> dict[str, Any]:
    """A score on some lines, with a signature that says which lines those were.

    metric, level: of the signature; name: the model's; data: what the lines are; measure: what `value` is called.
    """
    texts = [f"{line}\n".encode("utf-8", "surrogatepass") for line in lines]
    digest = hashlib.sha256(b"".join(texts)).hexdigest()
    signature = Signature.build(
        metric, level=level, norm="none", data=data_value(digest), n=len(texts), model=f"{name}@1", v=__version__
    )
    return {"data": data, "metric": measure, "value": round(value, 4), "signature": str(signature)}
