"""The commands, keys, formulas, comments and code of LaTeX, which may go on over several lines."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cnchar.text.terms import Span

_CODE = re.compile(
    r"[BL]?[Vv]erbatim\*?|alltt|lstlisting\*?|minted|comment|filecontents\*?|tikzpicture|algorithm|algorithmic|math|displaymath"
    r"|(?:equation|align|alignat|gather|multline|eqnarray|flalign)\*?|thebibliography"
)
# Commands whose arguments are names of things, not prose; so is what ends in cite or ref.
_KEYED = re.compile(
    r"[A-Za-z]*(?:cite|ref)(?:[A-Z]?[a-z]*|\*)|label|tag|input|include|includeonly|includegraphics|subfile|url|href|path"
    r"|bibliography|bibliographystyle|addbibresource|bibitem|usepackage|RequirePackage|documentclass|graphicspath"
    r"|(?:re)?newcommand|providecommand|newenvironment|newtheorem|newcounter|setcounter|counterwithin"
    r"|set(?:CJK)?[a-z]+font|fontspec|newCJKfontfamily|ctexset|hypersetup|geometry|lstset|lstinputlisting|tikzset"
    r"|definecolor|color|textcolor|colorbox|pagestyle|thispagestyle|index|gls|Gls|acrshort|hyperlink|hypertarget"
)
_TOKEN = re.compile(
    r"(?P<comment>%.*)"
    r"|\\(?:verb\*?|lstinline(?:\[[^\]]*\])?|mintinline(?:\[[^\]]*\])?\{[^{}]*\})(?P<delimiter>[^\sA-Za-z*\[])"
    r"|\\begin\s*\{(?P<begun>[^{}]*)\}|\\end\s*\{[^{}]*\}"
    r"|\\(?P<name>[A-Za-z@]{1,64}+\*?)(?P<argument>\s*(?:\[[^\[\]]*\]\s*)*\{)?"
    r"|(?P<math>\\[\[(]|\$\$?)"
    r"|\\."
)
_MATH_ENDS = {"\\[": "\\]", "\\(": "\\)", "$$": "$$", "$": "$"}
_BRACE = re.compile(r"\\.|(?P<brace>[{}])")


@dataclass
class Latex:
    """Reads LaTeX line by line.

    What is still open at the end of a line: `until` ends an environment or a formula, `depth` counts the braces of an
    argument.
    """

    until: str = ""
    depth: int = 0

    def spans(self, line: str) -> list[Span]:
        """Commands and their keys, formulas, comments, environments of code; the text in other arguments is prose."""
        if not line.strip() and not self.until.startswith("\\end"):
            self.until, self.depth = "", 0  # a paragraph ends, so TeX would complain of what is open
        found: list[Span] = []
        at = 0
        while at < len(line):
            start = at
            if self.until:
                at = self._to_end(line, at)
            elif self.depth:
                at = self._in_argument(line, at)
            elif token := _TOKEN.search(line, at):
                start, at = token.start(), self._begin(line, token)
            else:
                break
            found.append((start, at))
        return found

    def _begin(self, line: str, token: re.Match[str]) -> int:
        """What a token opens; returns where what is to be left alone ends for now."""
        if token["delimiter"]:
            return _after(line, "}" if token["delimiter"] == "{" else token["delimiter"], token.end())
        if token["begun"] and _CODE.fullmatch(token["begun"]):
            self.until = f"\\end{{{token['begun']}}}"
        elif token["math"]:
            self.until = _MATH_ENDS[token["math"]]
        elif token["name"] and token["argument"]:
            if not _KEYED.fullmatch(token["name"].rstrip("*")):
                return token.start("argument")
            self.depth = 1
        return token.end()

    def _to_end(self, line: str, at: int) -> int:
        end = _find_unescaped(line, self.until, at) if self.until == "$" else line.find(self.until, at)
        if end < 0:
            return len(line)
        end += len(self.until)
        self.until = ""
        return end

    def _in_argument(self, line: str, at: int) -> int:
        for brace in _BRACE.finditer(line, at):
            if brace["brace"]:
                self.depth += 1 if brace["brace"] == "{" else -1
            if not self.depth:
                return brace.end()
        return len(line)


def _after(line: str, mark: str, at: int) -> int:
    """Behind the next `mark`, or the end of the line."""
    end = line.find(mark, at)
    return len(line) if end < 0 else end + len(mark)


def _find_unescaped(line: str, mark: str, at: int) -> int:
    while (at := line.find(mark, at)) > 0 and line[at - 1] == "\\":
        at += 1
    return at
