"""Edits and refusals in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from manuscript.source import Claim
from manuscript.values import Value
from manuscript.word.compare.items import Item
from manuscript.word.compare.layout import Layout, Piece
from manuscript.word.compare.site import Printed
from manuscript.word.compare.words import PARAGRAPH_END, Hunk, Word
from manuscript.word.package import PICTURE

PICTURE_MEND: Final = (
    "draw it in a cell, or save it beside the sources and set it in with a label, a "
    'caption and an alternative text: ![...](picture.png){#fig-... fig-alt="..."}'
)


TABLE_MEND: Final = (
    "tables are not carried back: change its row in the source, or, where code makes "
    "it, the data or the function of its cell"
)


def place_of(where: Printed | Layout | None) -> str:
    """Name file and line of a passage; empty for what has none."""
    layout = where.layout if isinstance(where, Printed) else where
    if layout is None:
        return ""
    line, _ = layout.passage.place(0)
    return f"{layout.passage.file}:{line}"


def shown(words: Sequence[Word], most: int = 24) -> str:
    """Quote words, the first of them if there are many."""
    text = "".join(
        (" " if word.spaced else "") + _shown_word(word) for word in words[:most]
    ).strip()
    return f"“{text}{' …' if len(words) > most else ''}”"


def _shown_word(word: Word) -> str:
    if word.key == PICTURE:
        return f"[{word.look.note.partition(' ')[0] or 'picture'}]"
    sign = {"super": "^", "sub": "~"}.get(word.look.script, "")
    return word.text if word.is_citation else f"{sign}{word.text}{sign}"


def shortened(text: str, most: int = 12) -> str:
    """Leave the first words of a text."""
    words = text.split()
    return " ".join(words[:most]) + (" …" if len(words) > most else "")


def shown_items(items: Sequence[Item], group: Sequence[tuple[int, int]]) -> str:
    """Join the printed words of a group of indices."""
    words = [items[i].word for i, _ in group]
    return shown(words)[1:-1]


def told(items: Sequence[Item], words: Sequence[Word], hunk: Hunk) -> str:
    """Say what became of words."""
    old = [item.word for item in items[hunk.first : hunk.last] if not item.is_end]
    new = [w for w in words[hunk.new_first : hunk.new_last] if w.key != PARAGRAPH_END]
    if old and new:
        return f"{shown(old)} → {shown(new)}"
    if old:
        return f"{shown(old)} deleted"
    if new:
        return f"{shown(new)} inserted"
    joined = hunk.first < hunk.last
    return "paragraphs joined" if joined else "paragraph split"


def said(items: Sequence[Item], words: Sequence[Word], hunk: Hunk) -> tuple[str, str]:
    """Return the words that an edit takes away, and those that it sets in."""
    old = [item.word for item in items[hunk.first : hunk.last]]
    return joined(old), joined(words[hunk.new_first : hunk.new_last])


def joined(words: Sequence[Word]) -> str:
    """Join words, with a sign for the end of a paragraph."""
    text = "".join(
        (" " if word.spaced else "") + (word.text or PARAGRAPH_END) for word in words
    )
    return text.strip()


def names_of(piece: Piece) -> Iterator[str]:
    """Name what a computed piece prints."""
    mark = piece.mark
    if mark is None:
        return
    if mark.kind == "value":
        yield from (value.key for value in mark.values)
    elif isinstance(mark.result, Claim):
        yield f"the claim “{mark.result.words}”"
    elif mark.kind == "citation":
        yield from (f"@{name}" for name in mark.names)


def protest(
    piece: Piece, items: Sequence[Item], words: Sequence[Word], hunk: Hunk
) -> tuple[str, str]:
    """Say what a computed piece is, and where it can be changed."""
    what = told(items, words, hunk)
    mark = piece.mark
    if mark is None:
        return f"{what}, in code or an address", "change it in the sources"
    if mark.kind == "value":
        value = _value_in(piece, items, hunk)
        origin = value.origin
        return (
            f"{what}: computed, {value.key} = {value.text}",
            f"it is computed by {origin.function} from {origin.data} ({origin.rows}): "
            "correct the data there; to leave the number out, take its sentence out",
        )
    if isinstance(mark.result, Claim):
        return (
            f"{what}: words of the claim “{mark.result.words}”, "
            f"which stand on {mark.result.condition.reading}",
            'change the words in claim("...") by hand, with a look at its condition',
        )
    if mark.kind == "citation":
        names = ", ".join(f"@{name}" for name in mark.names)
        return (
            f"{what}: the citation of {names}",
            "numbers of references follow from their order; edit the keys in [@...]",
        )
    return (
        f"{what}: the number of a figure or table",
        "it follows from the order; name another by its label",
    )


def _value_in(piece: Piece, items: Sequence[Item], hunk: Hunk) -> Value:
    assert piece.mark
    values = piece.mark.values
    keys = [i.word.look.key for i in items[hunk.first : hunk.last] if i.piece is piece]
    return next((value for value in values if value.key in keys), values[0])


def made_by(printed: Printed) -> str:
    """Say what makes a paragraph that stands in no source of prose."""
    if printed.paragraph.where == "table":
        return TABLE_MEND
    if printed.paragraph.style == "bibliography":
        return "references are printed from the bibliography: correct the entry there"
    if printed.paragraph.where == "note":
        return "write it into the text by hand"
    return (
        "it is printed from code, settings or a form that is not carried back (a "
        "caption, a line block, a quotation within another): change it there"
    )
