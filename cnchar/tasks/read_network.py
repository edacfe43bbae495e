"""Opens the parts of a neural model, all but its network, and checks that they fit together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cnchar.bundle import CONFIG, Bundle
from cnchar.errors import BadBundle, BadInput
from cnchar.lookup.symbols import FIRST_CHARACTER, SymbolTable
from cnchar.lookup.tagger import LookupTagger
from cnchar.nn.config import LONGEST, ModelConfig
from cnchar.tasks.neural import LEXICON_FLAGS, step_scores
from cnchar.tasks.segment import LABELS
from cnchar.tasks.tables import read_symbols, read_tables

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Parts:
    """All of a neural segmenter but its network.

    tagger: the look-up tables whose scores it reads, if it has any; standard: the index of the standard asked for, None
    in a model of one standard; transitions: a CRF's, (4, 4) in units of scores.
    """

    config: ModelConfig
    symbols: SymbolTable
    tagger: LookupTagger | None
    standard: int | None
    max_length: int
    overlap: int
    transitions: NDArray[np.int32] | None


def read_parts(bundle: Bundle, standard: str | None) -> Parts:
    """The parts of a neural segmenter for one standard, the bundle's own choice if None.

    Raises:
        BadInput: a standard the model does not have. BadBundle: files or config values that do not fit together.
    """
    config = _read_config(bundle)
    standards = _read_standards(bundle)
    standard = standard or bundle.get("standard", str)
    if standard not in standards:
        raise BadInput(f"no standard {standard!r} in the model {bundle.name}; it has {', '.join(standards)}.")
    symbols, tagger = read_symbols(bundle), _read_tables(bundle, standard)
    index = standards.index(standard) if len(standards) > 1 else None
    flags = (*(LEXICON_FLAGS if tagger else ()), *([len(standards)] if len(standards) > 1 else ()))
    if config.flags != flags or config.prior != (tagger is not None):
        raise _unfit(bundle, "the inputs of its network are not those of its tables and standards")
    if int(symbols.symbols.max()) >= config.symbols:
        raise _unfit(bundle, f"its network knows {config.symbols - FIRST_CHARACTER} characters, its vocabulary more")
    return Parts(config, symbols, tagger, index, *_read_window(bundle), _read_transitions(bundle, config))


def _unfit(bundle: Bundle, what: str) -> BadBundle:
    return BadBundle(f"{bundle.folder}: the model does not fit together: {what}; train or fetch it again.")


def _read_config(bundle: Bundle) -> ModelConfig:
    try:
        config = ModelConfig.from_dict(bundle.get("model", dict))
    except BadInput as error:
        raise BadBundle(f"{bundle.folder / CONFIG}: {error}") from None
    if config.labels != len(LABELS) or bundle.config.get("labels") != LABELS:
        raise _unfit(bundle, f"its labels are not {LABELS}")
    return config


def _read_standards(bundle: Bundle) -> list[str]:
    standards: list[Any] = bundle.get("standards", list)
    if not all(isinstance(name, str) for name in standards) or len(set(standards)) != len(standards):
        raise BadBundle(f"{bundle.folder / CONFIG}: 'standards' should be a list of different names.")
    if bundle.get("standard", str) not in standards:
        raise BadBundle(f"{bundle.folder}: the config's standard is not one of its standards.")
    return standards


def _read_tables(bundle: Bundle, standard: str) -> LookupTagger | None:
    if "tables" not in bundle.config:
        return None
    tables = bundle.get("tables", dict)
    if not isinstance(tables.get(standard), dict):
        raise _unfit(bundle, f"there are no tables for the standard {standard}")
    return read_tables(bundle, standard, tables[standard])


def _read_window(bundle: Bundle) -> tuple[int, int]:
    max_length, overlap = bundle.get("max_length", int), bundle.get("overlap", int)
    if not 0 <= 2 * overlap < max_length <= LONGEST:
        raise _unfit(bundle, f"its windows should be of at most {LONGEST} characters and overlap by less than half")
    return max_length, overlap


def _read_transitions(bundle: Bundle, config: ModelConfig) -> NDArray[np.int32] | None:
    if config.head != "crf":
        return None
    try:
        transitions = np.array(bundle.get("transitions", list), float)
    except (TypeError, ValueError, OverflowError):
        transitions = np.empty(0)
    if transitions.shape != (len(LABELS), len(LABELS)) or not np.isfinite(transitions).all():
        raise BadBundle(f"{bundle.folder / CONFIG}: 'transitions' should be four lists of four numbers.")
    return step_scores(transitions)
