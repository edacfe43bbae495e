"""Where the training of a segmenter begins: from nothing, or from another model's characters, tables and network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from torch import Tensor

from cnchar.bundle import CONFIG, Bundle, open_bundle, resolve, sha256, task_of
from cnchar.errors import BadInput
from cnchar.lookup.symbols import Codes, SymbolTable
from cnchar.lookup.tagger import LookupTagger
from cnchar.nn.config import ModelConfig
from cnchar.tasks.language import TASK as LANGUAGE
from cnchar.tasks.language import VOCABULARY, read_language
from cnchar.tasks.neural import LEXICON_FLAGS, Features, read_features, read_view
from cnchar.tasks.read_network import read_parts
from cnchar.tasks.segment import LABELS, TASK
from cnchar.tasks.tables import LOOKUP, NEURAL, read_tagger
from cnchar.train.export.deploy import read_weights
from cnchar.train.segment.characters import Characters, of_bundle, of_vocabulary
from cnchar.train.segment.transfer import segmenter_weights

MAX_LENGTH, OVERLAP = 256, 32
OWN_STANDARD = "own"  # the words of the user's own text


@dataclass(frozen=True)
class Start:
    """All that a new segmenter has before it has seen a word.

    tagger: look-up tables whose scores are the network's prior; tables, files: the same as a bundle holds them.
    model, weights: config and parameters of a network that is trained further; if pretrained, its last layer is new.
    """

    characters: Characters
    symbols: SymbolTable
    standard: str = OWN_STANDARD
    standards: tuple[str, ...] = (OWN_STANDARD,)
    tagger: LookupTagger | None = None
    tables: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    model: ModelConfig | None = None
    weights: Mapping[str, Tensor] | None = None
    pretrained: bool = False
    max_length: int = MAX_LENGTH
    overlap: int = OVERLAP
    licence: str = "that of the training text"
    sources: tuple[str, ...] = ()
    digest: str = ""  # of the other model's config, which names the digests of all its files

    @property
    def flags(self) -> tuple[int, ...]:
        """How many values each flag of a character has."""
        lexicon = LEXICON_FLAGS if self.tagger else ()
        return (*lexicon, len(self.standards)) if len(self.standards) > 1 else lexicon

    def features(self, codes: Codes) -> Features:
        """What the network reads of a block of lines."""
        standard = self.standards.index(self.standard) if len(self.standards) > 1 else None
        return read_features(read_view(self.tagger, self.symbols, codes), self.tagger, standard)


def fresh(characters: Characters, standard: str | None) -> Start:
    """A start with nothing but characters."""
    name = standard or OWN_STANDARD
    return Start(characters, characters.table(), name, (name,))


def from_model(name: str, standard: str | None) -> Start:
    """Begin with another model: a shipped name or a folder.

    The look-up model gives its tables, to stand before a new network; a neural one its network, and tables if it has
    some; a masked language model its network but for the last layer. Raises BadBundle for another model or one that
    cannot be trained further, BadInput for an unknown standard and a causal language model.
    """
    folder = resolve(name, TASK)
    if task_of(folder) == LANGUAGE:
        return _from_language(open_bundle(folder, LANGUAGE, (NEURAL,)), standard or OWN_STANDARD)
    bundle = open_bundle(folder, TASK, (LOOKUP, NEURAL))
    if bundle.config["architecture"] == NEURAL:
        return _from_network(bundle, standard or bundle.get("standard", str))
    return _from_tables(bundle, standard or bundle.get("standard", str))


def _from_tables(bundle: Bundle, standard: str) -> Start:
    """The tables of one standard, all others left behind."""
    tagger = read_tagger(bundle, standard)
    tables = {standard: bundle.get("standards", dict)[standard]}
    return Start(
        **_common(bundle, standard, tables),
        symbols=tagger.symbols,
        standards=(standard,),
        tagger=tagger,
    )


def _from_network(bundle: Bundle, standard: str) -> Start:
    parts = read_parts(bundle, standard)
    return Start(
        **_common(bundle, standard, bundle.config.get("tables", {})),
        symbols=parts.symbols,
        standards=tuple(bundle.get("standards", list)),
        tagger=parts.tagger,
        model=parts.config,
        weights=read_weights(bundle),
        max_length=parts.max_length,
        overlap=parts.overlap,
    )


def _from_language(bundle: Bundle, standard: str) -> Start:
    """A new segmenter with what a language model knows of characters and their neighbours."""
    language = read_language(bundle)
    if language.config.causal:
        raise BadInput(
            f"{bundle.folder}: a causal model sees nothing of what follows a character: begin with one that was "
            "pretrained with --objective masked."
        )
    characters = of_vocabulary(str(bundle.path(VOCABULARY)))
    config = replace(
        language.config, symbols=characters.symbols, labels=len(LABELS), head="softmax", tied=False, one_hot=False
    )
    length = min(MAX_LENGTH, language.max_length)
    return Start(
        characters,
        characters.table(),
        standard,
        (standard,),
        model=config,
        weights=segmenter_weights(read_weights(bundle), language.vocab, characters),
        pretrained=True,
        max_length=length,
        overlap=min(OVERLAP, length // 4),
        licence=str(bundle.config.get("licence", "unknown")),
        sources=(f"the model {bundle.name}@{bundle.version}", *map(str, bundle.config.get("sources", ()))),
        digest=sha256(bundle.folder / CONFIG),
    )


def _common(bundle: Bundle, standard: str, tables: Mapping[str, Any]) -> dict[str, Any]:
    """What both kinds of model lend."""
    return {
        "characters": of_bundle(bundle),
        "standard": standard,
        "tables": dict(tables),
        "files": _table_files(bundle, tables),
        "licence": str(bundle.config.get("licence", "unknown")),
        "sources": (f"the model {bundle.name}@{bundle.version}", *map(str, bundle.config.get("sources", ()))),
        "digest": sha256(bundle.folder / CONFIG),
    }


def _table_files(bundle: Bundle, standards: Iterable[str]) -> dict[str, bytes]:
    """The bytes of look-up tables: those of the standards, and those that all share."""
    own = [f"{standard}.{kind}.npy" for standard in standards for kind in ("direct", "hashed")]
    shared = ["lexicon.npy", "gate.npy", "register.npy"] if own else []
    return {name: bundle.path(name).read_bytes() for name in (*own, *shared)}


__all__ = ["MAX_LENGTH", "OVERLAP", "Start", "fresh", "from_model"]
