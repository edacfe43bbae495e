"""What a character model is made of: every size that its weights depend on, and nothing else. No torch here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

from cnchar.errors import BadInput

Backbone = Literal["rnn", "lstm", "gru", "cnn", "transformer"]
Head = Literal["softmax", "crf", "symbols", "groups"]
Positions = Literal["rotary", "learned"]
LONGEST = 512  # characters that a transformer sees at once
_MOST = 1 << 24  # of anything: a config that asks for more is a mistake or an attack


@dataclass(frozen=True)
class ModelConfig:
    """The sizes of a model. `symbols` and `labels` come from the data, the rest from a preset.

    Raises:
        BadInput: sizes that make no model.
    """

    symbols: int  # characters known; symbol 0 is padding
    labels: int = 4
    backbone: Backbone = "lstm"
    embedding: int = 64  # width of a character's vector
    hidden: int = 128  # width of each layer, both directions of a recurrent one together
    layers: int = 2
    dropout: float = 0.2
    kernel: int = 3  # cnn: characters seen by each layer, a dilation apart
    attention_heads: int = 4  # transformer
    positions: Positions = "rotary"  # transformer
    # Hashed n-grams are looked up wherever a character stands in one; in a causal model, where it is the last.
    bigrams: int = 0  # rows of the table of hashed character pairs; 0: none
    bigram_dim: int = 32
    trigrams: int = 0  # rows of the table of hashed triples; 0: none
    trigram_dim: int = 16
    wide: int = 0  # rows of the table of hashed n-grams that are added straight to the logits; 0: none
    flags: tuple[int, ...] = ()  # how many values each further input of a character has
    flag_dim: int = 8
    prior: bool = False  # another model's logits are read, and ours are added to them
    # symbols: a language model, whose labels are the symbols. groups: labels in groups, one of which a character has
    head: Head = "softmax"
    groups: tuple[int, ...] = ()  # how many labels each group has, in the order of the labels
    causal: bool = False  # a character sees itself and what stands before it, nothing after
    one_hot: bool = False  # characters enter as one-hot vectors times a matrix: slower, and the same
    project: bool = True  # a linear layer leads from the embeddings to the backbone
    tied: bool = False  # the table of characters is the output layer too (Press and Wolf 2017)

    def __post_init__(self) -> None:
        for name, least in {"symbols": 2, "labels": 1, "embedding": 1, "hidden": 2, "layers": 0, "kernel": 1}.items():
            self._check(name, least)
        for name in ("bigrams", "bigram_dim", "trigrams", "trigram_dim", "wide", "flag_dim", "attention_heads"):
            self._check(name, 0)
        for name, kind in {"backbone": Backbone, "head": Head, "positions": Positions}.items():
            if getattr(self, name) not in get_args(kind):
                raise BadInput(f"{name} is {getattr(self, name)!r}; choose one of {', '.join(get_args(kind))}.")
        for name in ("flags", "groups"):
            if not all(type(size) is int and 1 <= size <= _MOST for size in getattr(self, name)):
                raise BadInput(f"{name} should be a list of whole numbers, not {getattr(self, name)!r}.")
        for name in ("prior", "causal", "one_hot", "project", "tied"):
            if type(getattr(self, name)) is not bool:
                raise BadInput(f"{name} is {getattr(self, name)!r}; it should be true or false.")
        if not isinstance(self.dropout, float | int) or not 0 <= self.dropout < 1:
            raise BadInput(f"dropout is {self.dropout!r}; it should be a share from 0 to below 1.")
        self._check_backbone()
        self._check_language()
        self._check_groups()

    def _check_backbone(self) -> None:
        recurrent = self.backbone in ("rnn", "lstm", "gru")
        if self.backbone == "cnn" and self.kernel % 2 == 0 and not self.causal:
            raise BadInput(f"kernel is {self.kernel}; it should be odd, so that a character stands in its middle.")
        if self.backbone == "transformer" and (not self.attention_heads or self.hidden % (2 * self.attention_heads)):
            raise BadInput(f"hidden is {self.hidden}; a transformer needs a multiple of twice its attention_heads.")
        if recurrent and self.hidden % 2 and not self.causal:
            raise BadInput(f"hidden is {self.hidden}; a recurrent model needs an even number for its two directions.")
        if not (self.project or recurrent or self.width == self.hidden):
            raise BadInput(f"Without project the embeddings, {self.width} wide, should be as wide as hidden.")

    def _check_language(self) -> None:
        """A causal model must not see what it is to foresee; a masked one finds it hidden."""
        if self.head == "symbols" and (self.wide or self.prior or self.labels != self.symbols):
            raise BadInput("A language model labels characters with symbols: it has neither wide nor prior.")
        if self.causal and self.head == "symbols" and self.flags:
            raise BadInput("A causal language model reads characters alone: it has no flags.")
        if self.causal and self.wide:
            raise BadInput("A causal model sees nothing ahead: its wide should be 0.")
        if self.tied and (self.head != "symbols" or self.embedding != self.hidden):
            raise BadInput("tied is for language models whose embedding is as wide as hidden: set tied=false.")

    def _check_groups(self) -> None:
        """Scores of a group are no logits of all labels, which wide and prior would be added to."""
        if self.head != "groups":
            if self.groups:
                raise BadInput("groups are for the head that is called so: set head=groups.")
        elif sum(self.groups) != self.labels or self.wide or self.prior or self.causal:
            raise BadInput("Labels in groups need groups that add up to them, and neither wide, prior nor causal.")

    @property
    def width(self) -> int:
        """Numbers that the embeddings of a character have together."""
        pairs = (1 if self.causal else 2) * self.bigram_dim * bool(self.bigrams)
        triples = (1 if self.causal else 3) * self.trigram_dim * bool(self.trigrams)
        return self.embedding + pairs + triples + self.flag_dim * len(self.flags) + self.labels * self.prior

    @property
    def reach(self) -> int:
        """How many symbols before a character its embeddings read."""
        return 2 if self.trigrams else int(self.bigrams > 0)

    @property
    def answer(self) -> int:
        """Numbers that the model gives for each character: a score for each label, or a vector (head `groups`)."""
        return self.hidden if self.head == "groups" else self.labels

    @property
    def entry(self) -> int:
        """Numbers of a character that the backbone reads."""
        return self.hidden if self.project else self.width

    def _check(self, name: str, least: int) -> None:
        value = getattr(self, name)
        if type(value) is not int or not least <= value <= _MOST:
            raise BadInput(f"{name} is {value!r}; it should be a whole number of at least {least}.")

    def as_dict(self) -> dict[str, Any]:
        """The config as JSON or TOML can hold it."""
        return {**asdict(self), "flags": list(self.flags), "groups": list(self.groups)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ModelConfig:
        """The inverse of as_dict. Raises BadInput for what is no config of a model."""
        if unknown := set(values) - {field.name for field in fields(cls)}:
            raise BadInput(f"no such setting of a model: {', '.join(sorted(map(str, unknown)))}.")
        lists = {name: values.get(name, ()) for name in ("flags", "groups")}
        if not all(isinstance(each, list | tuple) for each in lists.values()) or "symbols" not in values:
            raise BadInput("the settings of a model need symbols, and flags and groups as lists.")
        return cls(**{**values, **{name: tuple(each) for name, each in lists.items()}})
