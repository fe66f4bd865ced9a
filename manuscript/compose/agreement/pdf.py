"""The words of a tagged PDF, in the order of its structure.

Pages show floats and notes away from where they are read; the tags do not. What
bears no tag (running heads, numbers of pages, rules, icons) is no content.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pypdfium2
from pypdfium2 import raw

from .reading import FORMULA, IMAGE, Reading, squeeze

# Bullets and numbers of lists, marks of notes.
_MARKER = re.compile(r"\W*(\d+|[a-z]|[ivxlcdm]+)?\W*", re.IGNORECASE)
_NUMBER = re.compile(r"\(\d+\)")


def read(data: bytes, names: Mapping[str, str]) -> Reading:
    """Read a PDF, the title block and a contents list included.

    Parameters
    ----------
    data : bytes
    names : mapping
        Where the caption of a float stands, ``top`` or ``bottom``, by the name
        that begins it, such as ``Figure 1``: the tags put all of them first.

    Returns
    -------
    Reading
    """
    places = {squeeze(name): place for name, place in names.items()}
    reader = _Reader(places)
    document = pypdfium2.PdfDocument(data)
    try:
        for page in document:
            reader.read(page)
    finally:
        document.close()
    notes = tuple("".join(reader.notes[key]) for key in sorted(reader.notes))
    return Reading("PDF", "".join(reader.out), notes, exact=False)


class _Reader:
    def __init__(self, places: Mapping[str, str]) -> None:
        self.out: list[str] = []
        self.notes: dict[int, list[str]] = {}
        self._places = places
        self._texts: dict[int, str] = {}

    def read(self, page: Any) -> None:
        """Read one page; its part of the structure is in reading order."""
        self._texts = _texts(page)
        tree = raw.FPDF_StructTree_GetForPage(page.raw)
        try:
            for index in range(raw.FPDF_StructTree_CountChildren(tree)):
                top = raw.FPDF_StructTree_GetChildAtIndex(tree, index)
                self._element(top, self.out)
        finally:
            raw.FPDF_StructTree_Close(tree)

    def _element(self, element: Any, out: list[str]) -> None:
        kind = _text_of(raw.FPDF_StructElement_GetType, element)
        match kind:
            case "Figure":
                if _owns(element):
                    out.append(IMAGE)
            case "Formula":
                written: list[str] = []
                self._children(element, written)
                if written:
                    out.append(FORMULA)
            case "Lbl":
                written = []
                self._children(element, written)
                if not _MARKER.fullmatch("".join(written).strip()):
                    out += written
            case "Note":
                number = len(self.notes) + 1
                self._children(element, self.notes.setdefault(number, []))
            case "Caption":
                self._children(element, out)
            case _:
                self._children(element, out)
                if kind not in ("Span", "Link", "Em", "Strong", "Code"):
                    out.append(" ")

    def _children(self, element: Any, out: list[str]) -> None:
        last: list[str] = []
        for index in range(raw.FPDF_StructElement_CountChildren(element)):
            child = raw.FPDF_StructElement_GetChildAtIndex(element, index)
            if not child:
                number = raw.FPDF_StructElement_GetChildMarkedContentID(element, index)
                out.append(self._texts.get(number, "") if number >= 0 else "")
                continue
            if _text_of(raw.FPDF_StructElement_GetType, child) == "Caption":
                caption: list[str] = []
                self._element(child, caption)
                if self._stands_below("".join(caption)):
                    last += [" ", *caption]
                else:
                    out += caption
                continue
            self._element(child, out)
        out += last

    def _stands_below(self, caption: str) -> bool:
        squeezed = squeeze(caption)
        for name, place in self._places.items():
            if squeezed.startswith(name + ":"):
                return place == "bottom"
        return False


def _owns(element: Any) -> bool:
    """Tell whether any of an element is on the page that is read."""
    return any(
        raw.FPDF_StructElement_GetChildMarkedContentID(element, index) >= 0
        or (
            (child := raw.FPDF_StructElement_GetChildAtIndex(element, index))
            and _owns(child)
        )
        for index in range(raw.FPDF_StructElement_CountChildren(element))
    )


def _text_of(call: Callable[..., int], element: Any) -> str:
    size = call(element, None, 0)
    buffer = ctypes.create_string_buffer(max(size, 2))
    call(element, buffer, size)
    return buffer.raw.decode("utf-16-le").rstrip("\0")


def _texts(page: Any) -> dict[int, str]:
    """Text of each stretch of marked content of a page, by its number."""
    found: dict[int, list[str]] = {}
    for number, text in _runs(page):
        found.setdefault(number, []).append(text)
    return {number: "".join(texts) for number, texts in found.items()}


def _runs(page: Any) -> Iterator[tuple[int, str]]:
    """Yield runs of characters that one drawing operation shows."""
    handle = page.get_textpage()
    try:
        count = raw.FPDFText_CountChars(handle.raw)
        text_object, unicode = raw.FPDFText_GetTextObject, raw.FPDFText_GetUnicode
        last, number, run = 0, -1, []
        for index in range(count):
            drawn = text_object(handle.raw, index)
            address = ctypes.addressof(drawn.contents) if drawn else 0
            if address and address != last:
                yield number, "".join(run)
                last, run = address, []
                number = raw.FPDFPageObj_GetMarkedContentID(drawn)
            run.append(chr(unicode(handle.raw, index)))
        yield number, "".join(run)
    finally:
        handle.close()
