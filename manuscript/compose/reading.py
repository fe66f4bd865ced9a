"""Read Markdown with pandoc, the values in it set aside meanwhile.

A value bears some 300 characters on its origin, on which pandoc would spend two
thirds of its time. What stands in its place is read as the value would be; where
that is not sure, pandoc is given the text as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from manuscript.compose import pandoc
from manuscript.compose.pandoc import Node

# An ampersand may begin an entity.
_PAIR = re.compile(r'([\w-]+)="((?:[^"\\&]|\\.)*)"')
_ATTRIBUTES = rf"\{{\.value ((?:{_PAIR.pattern} ?)+)\}}"
# Words that no reader takes for markup, after nothing that would take the bracket.
_WORD = r"(?:[^\W_]|[,–−=%\u00a0\u202f]|\.(?=[^\W_]))+"
_VALUE = re.compile(rf"(?:(?<![\^!\])\\])\[({_WORD}(?: {_WORD})*)\])?{_ATTRIBUTES}")
_TOKEN = re.compile("\ue000([0-9]+)\ue001")
_PRIVATE = re.compile("[\ue000\ue001]")
# Ruled tables, whose columns are where their letters stand in the line.
_RULED = re.compile(r"^[ >]*(?:\+(?:[-=:]+\+)+|-+(?: +-+)+) *$", re.MULTILINE)
_LINE = re.compile(r"^.*\{\.value .*$", re.MULTILINE)
_COLUMNS = 72  # beyond which a line makes the columns of a pipe table share the width
_CELL = re.compile(r"[^`\\$<|]*\|")
# An identifier is made of a heading's words, and a citation keeps them; what is raised
# or lowered has no blanks, and attributes have.
_OTHERWISE = ("Header", "Cite", "Superscript", "Subscript")
_READER = ("-f", "markdown", "-t", "json")


@dataclass
class _Aside:
    """What stands elsewhere while pandoc reads.

    Attributes
    ----------
    values : list of tuple of str
        Words and attributes; no words where they stayed in the text.
    padded : list of bool
        For each line with blanks put in, whether they are sure to open a cell.
    """

    values: list[tuple[str, str]] = field(default_factory=list)
    padded: list[bool] = field(default_factory=list)

    def line(self, match: re.Match[str]) -> str:
        """Take the values from a line, which stays long if it was."""
        line = match[0]
        short = _VALUE.sub(self._token, line)
        if "|" in line and len(short) <= _COLUMNS < len(line):
            cell = _CELL.match(short)
            self.padded.append(cell is not None)
            start = cell.end() if cell else 0
            return short[:start] + " " * _COLUMNS + short[start:]
        return short

    def _token(self, match: re.Match[str]) -> str:
        number = len(self.values)
        self.values.append((match[1] or "", match[2]))
        return f"\ue000{number}\ue001" if match[1] else f'{{.value aside="{number}"}}'


def read(text: str, folder: Path) -> Node:
    """Have pandoc read Markdown.

    Parameters
    ----------
    text : str
    folder : Path
        In which pandoc finds what the text names.

    Returns
    -------
    dict
        pandoc's tree, the same as of the text as it is.

    Raises
    ------
    PandocError
        Whatever pandoc warns of.
    """
    if not (_PRIVATE.search(text) or _RULED.search(text)):
        aside = _Aside()
        tree: Node = json.loads(
            pandoc.run(_READER, _LINE.sub(aside.line, text), folder)
        )
        if _restored(tree["blocks"], aside):
            return tree
    plain: Node = json.loads(pandoc.run(_READER, text, folder))
    return plain


def _restored(blocks: list[Node], aside: _Aside) -> bool:
    """Put the values back, and tell whether all of them stand where a value can."""
    found: set[int] = set()
    for part in pandoc.parts(blocks):
        if isinstance(part, list):
            if any(_holds_token(inner) for inner in part):
                part[:] = _replaced(part, aside, found)
            continue
        kind = part.get("t")
        if kind == "Span" and part["c"][0][2][:1]:
            attributes = part["c"][0]
            if attributes[2][0][0] == "aside":
                number = int(attributes[2][0][1])
                attributes[2] = [*_pairs(aside.values[number][1])]
                found.add(number)
        elif kind in _OTHERWISE and _PRIVATE.search(pandoc.plain(part)):
            return False
        elif kind == "LineBlock" and aside.padded:
            return False  # it keeps blanks
    return len(found) == len(aside.values) and all(aside.padded)


def _holds_token(element: Any) -> bool:
    return (
        isinstance(element, dict)
        and element.get("t") == "Str"
        and "\ue000" in element["c"]
    )


def _replaced(inlines: list[Node], aside: _Aside, found: set[int]) -> Iterator[Node]:
    for inline in inlines:
        if not _holds_token(inline):
            yield inline
            continue
        for at, part in enumerate(_TOKEN.split(inline["c"])):
            if at % 2:
                words, attributes = aside.values[int(part)]
                found.add(int(part))
                content = pandoc.words(words)
                yield {
                    "t": "Span",
                    "c": [["", ["value"], [*_pairs(attributes)]], content],
                }
            elif part:
                yield {"t": "Str", "c": part}


def _pairs(attributes: str) -> Iterator[list[str]]:
    for name, value in _PAIR.findall(attributes):
        yield [name, re.sub(r"\\(.)", r"\1", value)]
