"""The paragraphs of Markdown and of plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from manuscript.check.papers.paper import Paragraph, tidy
from manuscript.source import GAP, Fence, Place, Printed, parts, plain, without_comments

_FRONT_MATTER = re.compile(
    r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL
)
_MARKUP = re.compile(r"^(?:\s*>[ \t]?|#{1,6}[ \t]+|(?:Table)?:[ \t]+)")

_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")


def _character(match: re.Match[str]) -> str:
    """Return the character of an entity, on as many places as its code has."""
    return unescape(match[0])[:1] + GAP * (len(match[0]) - 1)


def paragraphs(text: str) -> Iterator[Paragraph]:
    """Read Markdown; places are its lines."""
    text = _FRONT_MATTER.sub(lambda match: "\n" * match[0].count("\n"), text)
    text = without_comments(_ENTITY.sub(_character, text))
    for part in parts(text):
        if isinstance(part, Fence):
            continue
        block = text[part.start : part.end]
        line = text.count("\n", 0, part.start) + 1
        if block.lstrip().startswith("|"):
            yield Paragraph.at(line, block.replace(GAP, ""))
            continue
        bare = _MARKUP.sub(lambda match: GAP * len(match[0]), block)

        def place(offset: int, bare: str = bare, line: int = line) -> Place:
            return line + bare.count("\n", 0, offset), 1

        shown = plain(bare, place, lambda *_: Printed("…", None, None), lambda name: "")
        places = [at for at, _ in shown.places]
        yield Paragraph(
            shown.text.replace(GAP, " "), shown.starts or (0,), tuple(places) or (line,)
        )


def plain_paragraphs(text: str) -> Iterator[Paragraph]:
    """Read plain text: paragraphs part at empty lines; places are lines."""
    for match in re.finditer(r"(?:[^\n]*\S[^\n]*(?:\n|\Z))+", text):
        line = text.count("\n", 0, match.start()) + 1
        shown, starts, places = "", [], []
        for number, each in enumerate(match[0].splitlines(), start=line):
            starts.append(len(shown))
            places.append(number)
            shown += f"{tidy(each)} "
        yield Paragraph(shown, tuple(starts), tuple(places))
