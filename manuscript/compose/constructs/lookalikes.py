"""What looks plain in a source, and comes out otherwise, or in no format at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from manuscript.compose import pandoc
from manuscript.compose.pandoc import Node
from manuscript.errors import ManuscriptError, refuse
from manuscript.source import Document, Prose

_ANNOTATION = re.compile(r"(?:#|//|--|%|;)\s*<\d+>\s*$", re.MULTILINE)
_BRACKET = re.compile(r"[)\]]’\w")
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")
_RULE = re.compile(r"\|?(?:[ \t]*:?-+:?[ \t]*\|)+(?:[ \t]*:?-+:?[ \t]*)?")
# Within these a bar parts no cells.
_WHOLE = re.compile(
    r"(?P<ticks>`+)(?:(?!(?P=ticks)).)+(?P=ticks)|\$[^$]+\$|\[[^\[\]]*\]|\\."
)
_OPENS_SCRIPT = re.compile(r"(?<!\\)(?:(\^)(?!\[)|(?<!~)(~)(?!~))[^\s^~]*\Z")
_DEFINES = re.compile(r"^ {0,3}\[(?![@^])([^\]\n]+)\]:[ \t]*\S.*$", re.MULTILINE)


def check(document: Document, blocks: list[Node]) -> None:
    """Refuse what would not be the same in all formats.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        Annotations of code, apostrophes after brackets.
    """
    refuse([*_faults(document, blocks)])


def _faults(document: Document, blocks: list[Node]) -> Iterator[ManuscriptError]:
    for element in pandoc.elements(blocks):
        match element["t"]:
            case "CodeBlock" if found := _ANNOTATION.search(element["c"][1]):
                yield document.fault(
                    re.escape(found[0].strip()),
                    f"the annotation `{found[0].strip()}` of code is not supported",
                    "say below the code what its lines do",
                )
            case "Str" if found := _BRACKET.search(element["c"]):
                word = element["c"].replace("’", "'")
                yield document.fault(
                    re.escape(element["c"]).replace("’", "['’]"),
                    f"the apostrophe in `{word}` is an opening quotation mark in "
                    "Quarto's PDF",
                    "put the words in another order",
                )


def remarks(document: Document) -> Iterator[ManuscriptError]:
    """Find what is in no format, and values within marks of scripts."""
    for prose in document.prose:
        yield from _surplus(prose)
        yield from _scripts(prose)
    yield from _unused(document)


def _unused(document: Document) -> Iterator[ManuscriptError]:
    """Find addresses of links that there are not: they are dropped."""
    defined = [(p, each) for p in document.prose for each in _DEFINES.finditer(p.text)]
    if not defined:
        return
    whole = _folded("\n".join(_DEFINES.sub("", p.text) for p in document.prose))
    for prose, found in defined:
        label = f"[{found[1]}]"
        # An address that is none makes a comment.
        if label == "[//]" or _folded(label) in whole:
            continue
        if not _opens_block(prose.text[: found.start()].split("\n")[:-1]):
            continue
        yield ManuscriptError(
            prose.file,
            prose.line_at(found.start()),
            f"`{found[0].strip()}` is read as the address of a link, and no link "
            f"is {label}: the line is in no format",
            r"write the link, or \[ for a bracket that is to be printed",
        )


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _opens_block(above: list[str]) -> bool:
    """Tell whether what follows these lines is neither code nor in a paragraph."""
    if not above:
        return True
    *_, (_, code) = _rows(above)
    return not code and (not above[-1].strip() or bool(_DEFINES.match(above[-1])))


def _rows(lines: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Yield lines without margins, and whether code has begun and not ended."""
    code = ""
    for line in lines:
        row = line.strip(" \t>")
        if fence := _FENCE.match(line):
            code = "" if row.startswith(code or "\0") else code or fence[1]
        yield row, bool(code)


def _surplus(prose: Prose) -> Iterator[ManuscriptError]:
    columns = 0
    for number, (row, code) in enumerate(_rows(prose.text.split("\n"))):
        if code or not row:
            columns = 0
        elif not columns and _RULE.fullmatch(row):
            columns = len(_cells(row))
        elif columns and len(found := _cells(row)) > columns:
            lost = " | ".join(filter(None, map(str.strip, found[columns:])))
            if not lost:
                continue
            yield ManuscriptError(
                prose.file,
                prose.line + number,
                f"a row has {len(found)} cells, and the head of its table {columns}: "
                f"`{lost}` is in no format",
                r"add a column, or write a bar that parts no cells as \|",
            )


def _cells(row: str) -> list[str]:
    """Part a row as pandoc does, its first and last bar aside."""
    hidden = _WHOLE.sub(lambda whole: "x" * len(whole[0]), row)
    start, end = hidden.startswith("|"), len(row) - hidden.endswith("|")
    bars = [i for i, sign in enumerate(hidden) if sign == "|" and start <= i < end]
    edges = [int(start) - 1, *bars, end]
    return [row[a + 1 : b] for a, b in pairwise(edges)]


def _scripts(prose: Prose) -> Iterator[ManuscriptError]:
    for inline in prose.inlines:
        before = prose.text[: inline.start].rpartition("\n")[2]
        opened = _OPENS_SCRIPT.search(before)
        if not opened:
            continue
        sign = opened[1] or opened[2]
        after = re.match(r"[^\s^~]*", prose.text[inline.end :])
        if after and prose.text[inline.end + after.end() :].startswith(sign):
            tag = "sup" if sign == "^" else "sub"
            yield inline.fault(
                f"`{inline.expression}` (column {inline.column}) stands between two "
                f"`{sign}`, which are printed, as what it yields has blanks",
                f"write <{tag}>…</{tag}>",
            )
