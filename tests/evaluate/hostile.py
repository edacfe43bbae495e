"""Reports in which every text a user controls is the same text: what a renderer must show, and must not obey."""

from __future__ import annotations

from hypothesis import strategies as st

from cnchar.evaluate.report import Comparison, Error, Gate, Interval, Report, System, Table
from cnchar.evaluate.signature import Signature

TEXTS = st.one_of(
    st.text(max_size=12),
    st.text(alphabet="<>&\"'|\\`*_[]()#$~!:;,%@{}/=-+.\n\r\t\x00\x1b\u202e\ud800中a1 ", max_size=12),
)


def report_of(text: str) -> Report:
    """A report with `text` wherever a file, a label or an option may put something."""
    interval = Interval(0.25, 0.75)
    systems = tuple(
        System(
            name=text,
            signature=Signature.build("m", model=text),
            counts={"sentences": 1},
            scores={"f1": 0.5},
            intervals={"f1": interval},
            tables=(
                Table(f"slice:{text}", ("field", "f1"), ((text, 0.5),)),
                Table("confusion_matrix", ("gold", text), ((text, 3),)),
            ),
            errors=(Error(text, text, 1, 1, text, text),),
        )
        for _ in range(2)
    )
    comparisons = (Comparison("f1", text, text, 0.0, interval, 1.0, 1.0),)
    return Report("segment", {"gold": text}, systems, comparisons, (Gate(text, "f1", 0.5, 0.6, False),))
