"""LaTeX: commands and their keys, formulas, comments and code are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnchar.text.markup import open_reader
from cnchar.text.normalise import is_hanzi


def left(text: str) -> str:
    """The hanzi of a text that are free to be changed."""
    reader = open_reader("latex")
    out = []
    for line in text.split("\n"):
        spans = reader.spans(line)
        out += [ch for at, ch in enumerate(line) if is_hanzi(ch) and not any(a <= at < b for a, b in spans)]
    return "".join(out)


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        (r"\section{甲}\label{sec:码}见图~\ref{图:码}和\cite[第三章]{码}。", "甲见图和"),
        (r"\textbf{甲}\emph{乙}\footnote{丙\url{http://a.com/码}}丁", "甲乙丙丁"),
        (r"\includegraphics[width=3cm]{图片/码.png}甲\input{码}", "甲"),
        ("\\begin{alltt}码\\end{alltt}甲\\begin{Verbatim*}\n码\n\\end{Verbatim*}", "甲"),
        ("甲% 码\n乙50\\%丙", "甲乙丙"),
        (r"甲$x_{\text{码}}$乙\(码\)丙\[码\]丁$$码$$戊\$己\$庚", "甲乙丙丁戊己庚"),
        ("\\begin{equation}\n码\n\n码\n\\end{equation}甲", "甲"),
        ("\\begin{lstlisting}[language=C]\n码\n\\end{lstlisting}\n\\begin{定理}甲\\end{定理}", "甲"),
        ("\\begin{itemize}\n\\item 甲\n\\end{itemize}", "甲"),
        (r"\verb|码|甲\verb+码+乙\lstinline{码}丙\mintinline{py}{码}丁", "甲乙丙丁"),
        (r"\href{http://码}{甲}\textcolor{red}{乙}\setCJKmainfont{宋体}", "甲乙"),
        ("甲 $ 乙\n乙\n\n丙", "甲丙"),
        ("\\cite{码,\n码}甲", "甲"),
        (r"甲\\乙\quad 丙\newcommand{\码}{码}", "甲乙丙码"),
    ],
)
def test_what_is_prose(text: str, prose: str) -> None:
    assert left(text) == prose


@given(text=st.text(st.sampled_from("\\{}[]$%()*ab 码\n")))
def test_any_text_can_be_read(text: str) -> None:
    reader = open_reader("latex")
    for line in text.split("\n"):
        assert all(0 <= start <= end <= len(line) for start, end in reader.spans(line))
    plain = "".join(ch for ch in text if ch not in "\\$%")
    assert left(plain) == "".join(filter(is_hanzi, plain))
