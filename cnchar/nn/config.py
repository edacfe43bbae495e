"""What a character model is made of: every size that its weights depend on, and nothing else. No torch here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

from cnchar.errors import BadInput

Backbone = Literal["rnn", "lstm", "gru", "cnn", "transformer"]
Head = Literal["softmax", "crf", "symbols"]
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
    bigrams: int = 0  # rows of the table of hashed character pairs; 0: none
    bigram_dim: int = 32
    wide: int = 0  # rows of the table of hashed n-grams that are added straight to the logits; 0: none
    flags: tuple[int, ...] = ()  # how many values each further input of a character has
    flag_dim: int = 8
    prior: bool = False  # another model's logits are read, and ours are added to them
    head: Head = "softmax"  # symbols: a language model, whose labels are the symbols
    causal: bool = False  # a character sees itself and what stands before it, nothing after
    one_hot: bool = False  # characters enter as one-hot vectors times a matrix: slower, and the same
    project: bool = True  # a linear layer leads from the embeddings to the backbone
    tied: bool = False  # the table of characters is the output layer too (Press and Wolf 2017)

    def __post_init__(self) -> None:
        for name, least in {"symbols": 2, "labels": 1, "embedding": 1, "hidden": 2, "layers": 0, "kernel": 1}.items():
            self._check(name, least)
        for name in ("bigrams", "bigram_dim", "wide", "flag_dim", "attention_heads"):
            self._check(name, 0)
        for name, kind in {"backbone": Backbone, "head": Head, "positions": Positions}.items():
            if getattr(self, name) not in get_args(kind):
                raise BadInput(f"{name} is {getattr(self, name)!r}; choose one of {', '.join(get_args(kind))}.")
        if not all(type(size) is int and 1 <= size <= _MOST for size in self.flags):
            raise BadInput(f"flags should be a list of whole numbers, not {self.flags!r}.")
        for name in ("prior", "causal", "one_hot", "project", "tied"):
            if type(getattr(self, name)) is not bool:
                raise BadInput(f"{name} is {getattr(self, name)!r}; it should be true or false.")
        if not isinstance(self.dropout, float | int) or not 0 <= self.dropout < 1:
            raise BadInput(f"dropout is {self.dropout!r}; it should be a share from 0 to below 1.")
        self._check_backbone()
        self._check_language()

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
        """A language model must not see what it is to foresee: hashed n-grams look ahead."""
        if self.head == "symbols":
            if self.bigrams or self.wide or self.flags or self.prior or self.labels != self.symbols:
                raise BadInput("A language model reads characters alone: its bigrams and wide should be 0.")
        elif self.causal and (self.bigrams or self.wide):
            raise BadInput("A causal model sees nothing ahead: its bigrams and wide should be 0.")
        if self.tied and (self.head != "symbols" or self.embedding != self.hidden):
            raise BadInput("tied is for language models whose embedding is as wide as hidden: set tied=false.")

    @property
    def width(self) -> int:
        """Numbers that the embeddings of a character have together."""
        pairs, prior = 2 * self.bigram_dim * bool(self.bigrams), self.labels * self.prior
        return self.embedding + pairs + self.flag_dim * len(self.flags) + prior

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
        return {**asdict(self), "flags": list(self.flags)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ModelConfig:
        """The inverse of as_dict. Raises BadInput for what is no config of a model."""
        if unknown := set(values) - {field.name for field in fields(cls)}:
            raise BadInput(f"no such setting of a model: {', '.join(sorted(map(str, unknown)))}.")
        flags = values.get("flags", ())
        if not isinstance(flags, list | tuple) or "symbols" not in values:
            raise BadInput("the settings of a model need symbols, and flags as a list.")
        return cls(**{**values, "flags": tuple(flags)})
