"""Which characters a model knows: those of its training text, of a vocabulary file, or of another model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cnchar.bundle import Bundle, open_bundle, resolve
from cnchar.errors import BadInput
from cnchar.lookup.symbols import FIRST_CHARACTER, MAX_SYMBOLS, TABLE_SIZE, Kind, SymbolTable
from cnchar.text.counts import CharacterCounts, count_block
from cnchar.text.vocab import Vocab

MOST = MAX_SYMBOLS - FIRST_CHARACTER
LEAST_COUNT = 2  # a character seen once is read as an unknown one, so that the unknown is learned too
_SHARED = (Kind.SEPARATOR, Kind.DIGIT, Kind.LETTER)  # all characters of such a kind have one symbol
_BLOCK = 1 << 13  # lines counted together


@dataclass(frozen=True)
class Characters:
    """The characters of a model, most frequent first, and those that are read as another one."""

    known: tuple[str, ...]
    fold: dict[str, str]

    @property
    def symbols(self) -> int:
        """How many symbols text is made of: the size of the model's character table."""
        return FIRST_CHARACTER + len(self.known)

    def table(self) -> SymbolTable:
        """From code points to symbols."""
        return SymbolTable(self.known, self.fold)

    def files(self) -> dict[str, bytes]:
        """The files of a bundle that hold them."""
        fold = "".join(f"{source}\t{target}\n" for source, target in self.fold.items())
        return {"vocab.txt": "".join(f"{c}\n" for c in self.known).encode(), "fold.tsv": fold.encode()}


def of_bundle(bundle: Bundle) -> Characters:
    """The characters of another model. Raises BadBundle for files that are not there."""
    fold = dict(line.split("\t") for line in bundle.lines("fold.tsv") if line)
    return Characters(tuple(bundle.lines("vocab.txt")), fold)


def of_text(lines: Iterable[str], least: int = LEAST_COUNT) -> Characters:
    """The characters that occur `least` times or more. Traditional ones that are rare are read as their simplified."""
    counts = CharacterCounts()
    for block in _blocks(lines):
        counts.add(count_block(block))
    codes, numbers = counts.ranked()
    return _characters(chr(code) for code in codes[numbers >= least].tolist())


def of_vocabulary(path: str) -> Characters:
    """The characters of a file that `cnchar build-vocab` wrote. Raises BadInput for another."""
    return _characters(Vocab.load(path).characters)


def check_same(path: str, own: Characters, other: Characters) -> None:
    """Raises BadInput where the vocabulary in `path` is not that of the model training starts from."""
    missing = set(own.known) ^ set(other.known)
    if missing:
        shown = "".join(sorted(missing)[:5])
        raise BadInput(
            f"{path} does not fit the model given with --from: {len(missing)} characters ({shown} ...) are in one of "
            "them only; leave --vocab out, the model brings its own."
        )


def _blocks(lines: Iterable[str]) -> Iterator[str]:
    block: list[str] = []
    for line in lines:
        block.append(line)
        if len(block) == _BLOCK:
            yield "\n".join(block)
            block = []
    yield "\n".join(block)


def _characters(ranked: Iterable[str]) -> Characters:
    fold = of_bundle(open_bundle(resolve("fast", "segment"), "segment", ("lookup-tagger",))).fold
    kinds = SymbolTable([], {}).kinds

    def has_own_symbol(c: str) -> bool:
        code = ord(c)
        surrogate = 0xD800 <= code < 0xE000  # no file can hold it
        return code < TABLE_SIZE and kinds[code] not in _SHARED and not surrogate

    kept = [c for c in ranked if has_own_symbol(c)]
    return Characters(tuple(kept[:MOST]), fold)
