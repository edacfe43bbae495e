"""`correct` over files and pipes: lines in, corrected lines or a report out; or the files themselves mended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter
from typing import Any

from cnchar.errors import BadInput
from cnchar.io.files import atomic_output
from cnchar.io.in_place import check_in_place, rewrite
from cnchar.io.records import check_place
from cnchar.io.stream import Stats, map_blocks, run
from cnchar.runtime.correct_blocks import LINES, BlockCorrector, Look, MarkupReader
from cnchar.runtime.correct_diff import Diff
from cnchar.runtime.correct_inputs import BACKUP, text_files
from cnchar.runtime.correct_reports import Found, Github, Listing, Report
from cnchar.runtime.correct_sarif import Sarif
from cnchar.runtime.known_findings import Baseline, Place, place_of, read_baseline, write_baseline

REPORTS: dict[str, type[Report]] = {"list": Listing, "diff": Diff, "sarif": Sarif, "github": Github}


@dataclass
class Summary:
    """What a run found."""

    stats: Stats = field(default_factory=Stats)
    edits: int = 0
    places: set[Place] = field(default_factory=set)
    files: set[str] = field(default_factory=set)  # with findings
    left_out: Sequence[str] = ()  # files in folders that are no text

    def add(self, found: Found) -> Found:
        """Count a block."""
        edits = sum(len(correction.edits) for _, correction in found.corrections)
        self.edits += edits
        if edits:
            self.files.add(found.block.name)
        return found

    def sentence(self, *, mended: bool = False) -> str:
        """What was found, or mended, in words."""
        one, files = self.edits == 1, len(self.files)
        if not self.edits:
            return "Nothing looks wrong."
        what = "mended" if mended else "looks wrong" if one else "look wrong"
        where = "1 file" if files == 1 else f"{files:,} files"
        return f"{'1 place' if one else f'{self.edits:,} places'} {what} in {where}."


def correct_files(
    inputs: Sequence[str],
    output: str | None = None,
    *,
    model: dict[str, Any],
    look: Look,
    check: bool = False,
    baseline: str | None = None,
    new_baseline: str | None = None,
    in_place: bool = False,
    backup: str = BACKUP,
    force: bool = False,
    **options: Any,
) -> Summary:
    """Corrects `inputs` into `output`, reports on them, or mends them in place, and says what was found.

    Line for line in the forms LINES; with `check`, and where only places are told, text becomes a list of the findings.

    Args:
        model: the arguments of load_corrector.
        baseline, new_baseline: files of known findings, to be left out; to be written, and nothing else is.
        backup: with `in_place`, what is added to the names of the old files; "" keeps none.
        options: those of io.stream.map_blocks.

    Raises:
        CncharError: what cannot be read, options that do not go together, a broken model.
    """
    detect = bool(model.get("detect"))
    _check(look, output, check=check, in_place=in_place, new=new_baseline is not None, detect=detect, options=options)
    check_place(look.form, look.field, look.column)
    known = read_baseline(baseline) if baseline is not None else Baseline()
    if new_baseline is not None:
        known = Baseline()
    look = replace(look, color=look.color and not in_place)
    work = BlockCorrector(_one_of_many(model) if options.get("jobs", 1) > 1 else model, look, known)
    lines = look.form in LINES and not (look.form != "jsonl" and (check or detect)) and new_baseline is None
    if lines and not in_place:
        return _write_lines(inputs, output, work, force, options)
    paths, others = text_files(inputs, backup)
    if in_place:
        summary = _mend(paths, work, backup, force, options)
    elif new_baseline is not None:
        summary = _write_baseline(paths, new_baseline, work, options)
    else:
        summary = _write_report(paths, output, work, force, options)
    summary.left_out = others
    return summary


def _check(
    look: Look, output: str | None, *, check: bool, in_place: bool, new: bool, detect: bool, options: dict[str, Any]
) -> None:
    if detect and look.form == "diff":
        raise BadInput("--detect-only tells places, and a diff shows changes: give another --format.")
    if in_place and (look.form not in ("text", "tsv") or check or detect or new or output is not None):
        raise BadInput(
            "--in-place writes the files themselves: leave out -o, --check, --detect-only, --write-baseline and "
            "--format other than text and tsv."
        )
    if in_place or look.form == "diff":
        what = "--in-place" if in_place else "--format diff"
        if options.get("encoding", "utf-8").lower().replace("_", "-") not in ("utf-8", "utf8"):
            raise BadInput(f"{what} is for files in UTF-8 only: write other encodings to new files with -o.")
        if options.get("errors", "strict") != "strict":
            raise BadInput(f"{what} would lose the invalid bytes: leave out --errors, or write new files with -o.")
    if new and (check or output is not None):
        raise BadInput("--write-baseline writes what is found to its file and nothing else: leave out -o and --check.")


def _one_of_many(model: dict[str, Any]) -> dict[str, Any]:
    """The arguments for each of several worker processes, which shall not fight for the CPUs or share one device."""
    device = model.get("device", "auto")
    return {**model, "device": "cpu" if device == "auto" else device, "threads": model.get("threads") or 1}


def _write_lines(
    inputs: Sequence[str], output: str | None, work: BlockCorrector, force: bool, options: dict[str, Any]
) -> Summary:
    summary = Summary()
    _ = work.corrector  # loaded here, so that a broken model is told before anything is read
    prepare = MarkupReader(work.look)
    summary.stats = run(
        inputs, output, work, prepare=prepare, emit=lambda found: summary.add(found).text, force=force, **options
    )
    return summary


def _write_report(
    paths: Sequence[str], output: str | None, work: BlockCorrector, force: bool, options: dict[str, Any]
) -> Summary:
    """One report on all files."""
    report = REPORTS[work.look.form if work.look.form not in LINES else "list"](work.look.color)
    summary = Summary(Stats(files=len(paths)))
    _ = work.corrector
    with (
        atomic_output(output, force) as out,
        map_blocks(
            paths, work, summary.stats, prepare=MarkupReader(work.look), to_stdout=output is None, **options
        ) as results,
    ):
        _put(out, report.begin())
        for _, group in groupby(results, key=itemgetter(0)):
            for _, done in group:
                for found in done:
                    _put(out, report.add(summary.add(found)))
            _put(out, report.end_file())
        _put(out, report.end())
    return summary


def _put(out: Any, text: str) -> None:
    if text:
        out.write(text.encode("utf-8", "backslashreplace"))
        out.flush()


def _write_baseline(paths: Sequence[str], new_baseline: str, work: BlockCorrector, options: dict[str, Any]) -> Summary:
    summary = Summary(Stats(files=len(paths)))
    _ = work.corrector
    with map_blocks(paths, work, summary.stats, prepare=MarkupReader(work.look), to_stdout=False, **options) as results:
        for _, done in results:
            for found in map(summary.add, done):
                name = found.block.name
                summary.places.update(place_of(name, correction, edit) for _, correction, edit in found.findings())
    write_baseline(new_baseline, summary.places)
    return summary


def _mend(paths: Sequence[str], work: BlockCorrector, backup: str, force: bool, options: dict[str, Any]) -> Summary:
    """Each file in turn, whole or not at all."""
    for path in paths:
        check_in_place(path, backup, force)
    summary = Summary(Stats(files=len(paths)))
    _ = work.corrector
    with map_blocks(paths, work, summary.stats, prepare=MarkupReader(work.look), to_stdout=False, **options) as results:
        for index, group in groupby(results, key=itemgetter(0)):
            with rewrite(paths[index], backup) as rewriting:
                for _, done in group:
                    for found in map(summary.add, done):
                        rewriting.changed |= bool(found.corrections)
                        rewriting.stream.write(found.text.encode())
    return summary
