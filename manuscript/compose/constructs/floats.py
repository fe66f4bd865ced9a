"""Figures, tables and listings with a label, in each form in which they are written.

A division ``::: {#fig-x}`` with the caption last, an image or a table with a
caption and a label, code with ``lst-cap``; several in one are panels.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from manuscript.compose import pandoc
from manuscript.compose.attributes import get, key_of, node, without
from manuscript.compose.constructs.known import Declared, handles
from manuscript.compose.numbering import Kind
from manuscript.compose.pandoc import Node
from manuscript.errors import ManuscriptError, refuse
from manuscript.source import Document

_COLUMNS = "layout-ncol"
# Other ways to say how parts stand, all of which leave their order.
_ROWS = ("layout", "layout-nrow", "layout-valign", "layout-align")
# Of the looks of a page that others than these engines make.
_LOOKS = ("fig-align", "fig-pos")
_WIDTHS = "tbl-colwidths"
_NUMBER = re.compile(r"(?<![-\d.])\d+(?:\.\d+)?")
_NUMBERS = re.compile(r"\[?\s*(\d+(?:\.\d+)?(?:\s*,\s*\d+(?:\.\d+)?)*)\s*\]?")

HANDLES: Declared = {
    "Div": handles((), (_COLUMNS, *_ROWS, *_LOOKS)),
    "Figure": handles(),
    "Table": handles((), (_WIDTHS,)),
    "CodeBlock": handles((), ("lst-cap",)),
    "Image": handles((), ("fig-alt", "alt", "width", "height", *_LOOKS)),
}


def mark(
    document: Document,
    blocks: list[Node],
    kinds: Mapping[str, Kind],
    read: Any,
) -> list[Node]:
    """Turn labelled figures, tables and listings into ``Float`` nodes.

    Parameters
    ----------
    document : Document
        Where faults are looked up.
    blocks : list of dict
    kinds : mapping
        Kinds of float by key.
    read : callable
        Reads Markdown that stands in an attribute, as inlines.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        A float without caption, a caption without label.
    """
    marker = _Marker(document, kinds, read)
    marked = pandoc.transform(blocks, marker.change)
    marker.check_captions(marked)
    refuse(marker.faults)
    return marked


class _Marker:
    def __init__(
        self, document: Document, kinds: Mapping[str, Kind], read: Any
    ) -> None:
        self.faults: list[ManuscriptError] = []
        self._document = document
        self._kinds = kinds
        self._read = read

    def change(self, element: Node) -> Node | list[Node] | None:
        """Turn one element into a float, if it is one."""
        match element["t"]:
            case "Figure":
                return self._figure(element["c"])
            case "Table":
                return self._table(element)
            case "CodeBlock":
                return self._listing(element)
            case "Div":
                return self._division(element)
        return None

    def check_captions(self, blocks: list[Node]) -> None:
        """Find captions without label, which Quarto's formats treat differently."""
        for element in pandoc.elements(blocks):
            if element["t"] == "Figure":
                caption = _caption_of(element["c"][1])
                source = _source(element["c"][2])
                self._fault(
                    rf"!\[[^\n]*\]\({re.escape(source)}\)",
                    f"the figure `{_start(caption)}` has a caption and no label, and "
                    "Quarto numbers it in PDF alone",
                    'label it: `![...](...){#fig-... fig-alt="..."}`',
                )
            elif element["t"] == "Table" and (caption := _caption_of(element["c"][1])):
                first = re.escape(_first_word(caption))
                self._fault(
                    rf"(?m)^[ \t]*(?:[Tt]able)?:[ \t]+{first}",
                    f"the table `{_start(caption)}` has a caption and no label, and "
                    "Quarto loses it in PDF",
                    "label it: `: Caption {#tbl-...}`",
                )

    def _fault(self, pattern: str, what: str, mend: str) -> None:
        file, line, _ = self._document.at(pattern)
        self.faults.append(ManuscriptError(file, line, what, mend))

    def _kind(self, identifier: str) -> Kind | None:
        return self._kinds.get(key_of(identifier))

    def _figure(self, content: list[Any]) -> Node | None:
        (identifier, _, _), caption, inner = content
        for image in pandoc.elements(inner, "Image"):
            image["c"][1] = []  # pandoc repeats the caption there
        if not (kind := self._kind(identifier)):
            return None
        return _float(identifier, kind, _caption_of(caption), inner)

    def _table(self, element: Node) -> Node | None:
        attributes, caption, *_ = element["c"]
        if widths := get(attributes, _WIDTHS):
            self._set_widths(element, widths)
        identifier = attributes[0]
        element["c"][0] = without(["", *attributes[1:]], _WIDTHS)
        if not (kind := self._kind(identifier)):
            element["c"][0][0] = identifier
            return None
        element["c"][1] = [None, []]
        return _float(identifier, kind, _caption_of(caption), [element])

    def _set_widths(self, element: Node, written: str) -> None:
        found = _NUMBERS.fullmatch(written.strip())
        numbers = [float(n) for n in found[1].split(",")] if found else []
        columns = element["c"][2]
        if len(numbers) != len(columns) or not sum(numbers):
            self._fault(
                _WIDTHS,
                f"`{_WIDTHS}` is {written}, and the table has {len(columns)} columns",
                f'write one number for each: `{_WIDTHS}="[50,50]"`',
            )
            return
        for column, number in zip(columns, numbers, strict=True):
            column[1] = {"t": "ColWidth", "c": number / sum(numbers)}

    def _listing(self, element: Node) -> Node | None:
        attributes, text = element["c"]
        caption = get(attributes, "lst-cap")
        kind = self._kind(attributes[0])
        if kind is None and caption is None:
            return None
        if kind is None or kind.key != "lst" or not caption:
            self._fault(
                r"lst-(?:cap|\w+)",
                "a listing wants a label `#lst-...` and `lst-cap`, and one is missing",
                'write `{#lst-... .python lst-cap="..."}`',
            )
            return None
        identifier = attributes[0]
        code = {
            "t": "CodeBlock",
            "c": [without(["", *attributes[1:]], "lst-cap"), text],
        }
        return _float(identifier, kind, self._read(caption), [code])

    def _division(self, element: Node) -> Node | None:
        attributes, content = element["c"]
        identifier = attributes[0]
        columns = _across(attributes, content)
        kind = self._kind(identifier)
        if kind is None or kind.key == "sec":
            return None if columns is None else _beside(attributes, content, columns)
        if len(content) > 1 and content[-1]["t"] == "Para":
            caption, inner = content[-1]["c"], content[:-1]
        else:
            caption, inner = _take_caption(content)
        if not caption:
            self._fault(
                rf"#{re.escape(identifier)}(?![\w-])",
                f"`{identifier}` has no caption, or nothing above it",
                "end the division with a paragraph that is the caption",
            )
            return None
        parts = [part for part in inner if _is_part(part)]
        if parts:
            wide = int(columns) if columns and columns.isdecimal() else 1
            return _float(identifier, kind, caption, self._panels(kind, inner, wide))
        return _float(identifier, kind, caption, inner)

    def _panels(self, kind: Kind, inner: list[Node], columns: int) -> list[Node]:
        """Letter the parts of a figure."""
        above = [part for part in inner if not _is_part(part)]
        panels = []
        for number, part in enumerate(p for p in inner if _is_part(p)):
            if part["t"] == "Float":
                identifier, caption = part["c"]["id"], part["c"]["caption"]
                content = part["c"]["content"]
            else:
                identifier, caption = "", _caption_of(part["c"][1])
                content = part["c"][2]
            letter = chr(ord("a") + number % 26)
            panels.append(
                node(
                    "Panel",
                    id=identifier,
                    kind=kind.key,
                    number="",
                    letter=letter,
                    caption=caption,
                    content=content,
                )
            )
        return [*above, node("Panels", columns=columns, content=panels)]


def _beside(attributes: list[Any], content: list[Node], columns: str) -> Node:
    """Set blocks side by side that make one row; more than one row goes on below."""
    plain = without(attributes, _COLUMNS, *_ROWS)
    row = len(content) == int(columns) if columns.isdecimal() else False
    if not row or any(block["t"] == "Header" for block in content):
        return {"t": "Div", "c": [plain, content]}
    inner = [[block] for block in content]
    return node("Columns", id=attributes[0], widths=[""] * len(inner), content=inner)


def _across(attributes: list[Any], content: list[Node]) -> str | None:
    """How many parts stand side by side, as any of Quarto's attributes says it."""
    if (columns := get(attributes, _COLUMNS)) is not None:
        return str(columns)
    if (rows := get(attributes, "layout-nrow")) and rows.isdecimal():
        parts = sum(_is_part(part) for part in content)
        return str(-(-parts // max(int(rows), 1)))
    if (layout := get(attributes, "layout")) is not None:
        listed = re.findall(r"\[([^\[\]]*)\]", layout)
        return str(max((len(_NUMBER.findall(row)) for row in listed), default=1))
    return None


def _float(identifier: str, kind: Kind, caption: list[Node], inner: list[Node]) -> Node:
    return node(
        "Float", id=identifier, kind=kind.key, number="", caption=caption, content=inner
    )


def _is_part(block: Node) -> bool:
    return block["t"] in ("Float", "Figure")


def _take_caption(content: list[Node]) -> tuple[list[Node], list[Node]]:
    """Take the caption of a figure or table that stands alone in its division."""
    if len(content) != 1:
        return [], content
    (only,) = content
    if only["t"] == "Figure":
        return _caption_of(only["c"][1]), only["c"][2]
    if only["t"] == "Table" and (caption := _caption_of(only["c"][1])):
        only["c"][1] = [None, []]
        return caption, content
    return [], content


def _caption_of(caption: list[Any]) -> list[Node]:
    blocks: list[Node] = caption[1]
    inlines: list[Node] = []
    for block in blocks:
        inlines += [{"t": "Space"}] if inlines else []
        inlines += block["c"] if block["t"] in ("Plain", "Para") else []
    return inlines


def _source(blocks: list[Node]) -> str:
    return next((e["c"][2][0] for e in pandoc.elements(blocks, "Image")), "")


def _start(caption: list[Node]) -> str:
    return pandoc.plain(caption)[:40]


def _first_word(caption: list[Node]) -> str:
    return (pandoc.plain(caption).split() or [""])[0]
