"""`segment` over files and pipes: blocks of lines in, words out, in any of its formats."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from cnchar.errors import BadInput
from cnchar.io.blocks import Block
from cnchar.io.records import check_place, read_records
from cnchar.io.stream import Stats, run
from cnchar.runtime.allocator import keep_freed_memory
from cnchar.runtime.engines import TaggingEngine
from cnchar.runtime.segmenter import Segmenter, load_segmenter
from cnchar.tasks.segment import TASK, Segmentation, bmes

Form = Literal["text", "jsonl", "tsv", "conll"]


@dataclass(frozen=True)
class Look:
    """What the output shall look like and hold."""

    form: Form = "text"
    field: str = "text"
    column: int = 1
    delimiter: str = " "
    scores: bool = False
    explain: bool = False
    batch_size: int = 8192


@dataclass(frozen=True)
class BlockSegmenter:
    """Segments a block of lines. Sent to worker processes as its options; each loads the model for itself."""

    model: dict[str, Any]
    look: Look

    @cached_property
    def segmenter(self) -> Segmenter:
        """The model, loaded when first needed."""
        keep_freed_memory()
        return load_segmenter(**self.model)

    def __getstate__(self) -> dict[str, Any]:
        return {"model": self.model, "look": self.look}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def __call__(self, block: Block) -> str:
        return _WRITERS[self.look.form](self, block)

    def answers(self, texts: Sequence[str]) -> Iterator[Answer]:
        """The words of each text, with what else was asked for."""
        for start in range(0, len(texts), self.look.batch_size):
            for sentence in self.segmenter(texts[start : start + self.look.batch_size]):
                yield Answer(sentence, *self._details(sentence))

    def _details(self, sentence: Segmentation) -> tuple[list[float] | None, list[Any] | None]:
        engine = self.segmenter.engine
        if not (self.look.scores or self.look.explain) or not isinstance(engine, TaggingEngine):
            return None, None
        from cnchar.runtime.explain import explain

        scores = engine.confidences(sentence) if self.look.scores else None
        return scores, explain(engine, sentence.text, sentence.words) if self.look.explain else None


@dataclass(frozen=True)
class Answer:
    """One line's words, and where asked for how sure they are and why."""

    sentence: Segmentation
    scores: list[float] | None
    gaps: list[Any] | None

    def joined(self, delimiter: str) -> str:
        """The words that are no white space; with scores each as word/0.98."""
        return delimiter.join(word if score is None else f"{word}/{score:.2f}" for word, score in self.scored())

    def scored(self) -> Iterator[tuple[str, float | None]]:
        """(word, score) of the words that are no white space."""
        scores: Sequence[float | None] = self.scores or [None] * len(self.sentence.words)
        for word, score in zip(self.sentence.words, scores, strict=True):
            if not word.isspace():
                yield word, score

    def as_dict(self) -> dict[str, Any]:
        """The value of a record's "segment"."""
        answer: dict[str, Any] = {"words": list(self.sentence.words), "spans": [list(s) for s in self.sentence.spans]}
        if self.scores is not None:
            answer["scores"] = [round(score, 4) for score in self.scores]
        if self.gaps is not None:
            answer["explain"] = [gap.as_dict() for gap in self.gaps]
        return answer


def _write_text(segment: BlockSegmenter, block: Block) -> str:
    look = segment.look
    if look.explain:
        return "".join(_explained(answer, look.delimiter) for answer in segment.answers(block.lines()))
    if look.scores:
        return block.restore("\n".join(answer.joined(look.delimiter) for answer in segment.answers(block.lines())))
    if block.text.count("\n") < look.batch_size:
        return block.restore(segment.segmenter.text(block.text, look.delimiter))
    lines, size = block.lines(), look.batch_size
    batches = ("\n".join(lines[start : start + size]) for start in range(0, len(lines), size))
    return block.restore("\n".join(segment.segmenter.text(batch, look.delimiter) for batch in batches))


def _explained(answer: Answer, delimiter: str) -> str:
    rows = [gap.as_row(answer.sentence.text) for gap in answer.gaps or ()]
    return "\n".join([answer.joined(delimiter), *rows, ""])


def _write_jsonl(segment: BlockSegmenter, block: Block) -> str:
    records = read_records(block, "jsonl", task=TASK, path=segment.look.field)
    return records.rebuild(answer.as_dict() for answer in segment.answers(records.texts))


def _write_tsv(segment: BlockSegmenter, block: Block) -> str:
    records = read_records(block, "tsv", task=TASK, column=segment.look.column)
    return records.rebuild(answer.joined(segment.look.delimiter) for answer in segment.answers(records.texts))


def _write_conll(segment: BlockSegmenter, block: Block) -> str:
    return "".join(_conll_sentence(answer) for answer in segment.answers(block.lines()))


def _conll_sentence(answer: Answer) -> str:
    rows = []
    for word, score in answer.scored():
        end = "" if score is None else f"\t{score:.4f}"
        rows += [f"{character}\t{tag}{end}" for character, tag in zip(word, bmes((word,)), strict=True)]
    return "\n".join([*rows, "", ""]) if rows else ""


_WRITERS: dict[str, Callable[[BlockSegmenter, Block], str]] = {
    "text": _write_text,
    "jsonl": _write_jsonl,
    "tsv": _write_tsv,
    "conll": _write_conll,
}


def _one_of_many(model: dict[str, Any]) -> dict[str, Any]:
    """The arguments for each of several worker processes, which shall not fight for the CPUs or share one device."""
    device = model.get("device", "auto")
    return {**model, "device": "cpu" if device == "auto" else device, "threads": model.get("threads") or 1}


def segment_files(
    inputs: Sequence[str], output: str | None = None, *, model: dict[str, Any], look: Look, **options: Any
) -> Stats:
    """Segments `inputs` into `output` (see io.stream.run, which takes the `options`).

    `model` holds the arguments of load_segmenter. Line for line, but for conll and --explain in text form.

    Raises:
        CncharError: what cannot be read, options that do not go together, a broken model.
    """
    check_place(look.form, look.field, look.column)
    if "\n" in look.delimiter or not look.delimiter:
        raise BadInput("--delimiter must be at least one character and no line end.")
    if look.explain and look.form not in ("text", "jsonl"):
        raise BadInput("--explain goes with --format text or jsonl.")
    if look.scores and look.form == "tsv":
        raise BadInput("--scores goes with --format text, jsonl or conll.")
    segment = BlockSegmenter(_one_of_many(model) if options.get("jobs", 1) > 1 else model, look)
    engine = segment.segmenter.engine  # loaded here, so that a broken model is told before anything is read
    if (look.scores or look.explain) and not isinstance(engine, TaggingEngine):
        raise BadInput(f"--scores and --explain need cnchar's own model, not {engine.name}.")
    return run(inputs, output, segment, **options)
