"""Opens a look-up tagger for one of its standards."""

from __future__ import annotations

from cnchar.bundle import Bundle
from cnchar.errors import BadBundle, BadInput
from cnchar.lookup.tagger import LookupTagger
from cnchar.tasks.tables import LOOKUP, read_tables

ARCHITECTURE = LOOKUP


def read_tagger(bundle: Bundle, standard: str | None) -> LookupTagger:
    """The tagger of one standard, the bundle's own choice if None.

    Raises:
        BadInput: a standard the model does not have. BadBundle: tables or config values that do not fit together.
    """
    standards = bundle.get("standards", dict)
    if standard is None and bundle.get("standard", str) not in standards:
        raise BadBundle(f"{bundle.folder}: the config's standard is not one of its standards.")
    standard = standard or bundle.get("standard", str)
    if standard not in standards:
        raise BadInput(f"no standard {standard!r} in the model {bundle.name}; it has {', '.join(standards)}.")
    return read_tables(bundle, standard, standards[standard])
