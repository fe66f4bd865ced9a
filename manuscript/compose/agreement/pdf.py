"""The words of a tagged PDF, in the order of its structure.

Pages show floats and notes away from where they are read; the tags do not. What
bears no tag (running heads, numbers of pages, rules, icons) is no content.
"""

from __future__ import annotations

import ctypes
import re
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pypdfium2
from pypdfium2 import raw

from manuscript.compose.agreement.reading import FORMULA, IMAGE, Reading, squeeze

# Bullets and numbers of lists, marks of notes.
_MARKER = re.compile(r"\W*(\d+|[a-z]|[ivxlcdm]+)?\W*", re.IGNORECASE)
_INLINE = frozenset(("Span", "Link", "Em", "Strong", "Code", "Sub", "Quote"))
# pdfium keeps to one thread, whatever it reads.
_READING = threading.Lock()
_NAME = 64  # bytes for the name of a tag, which is short


@dataclass
class _Tag:
    """An element of the structure, put together from all its pages."""

    kind: str
    parts: dict[int, _Tag | list[str]] = field(default_factory=dict)


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
    top = _Tag("Document")
    with _READING, closing(pypdfium2.PdfDocument(data)) as document:
        for page in document:
            _add_page(top, page)
    writer = _Writer({squeeze(name) for name, at in names.items() if at == "bottom"})
    writer.parts(top, writer.out)
    notes = tuple("".join(note) for note in writer.notes)
    return Reading("PDF", "".join(writer.out), notes, exact=False)


class _Writer:
    def __init__(self, below: set[str]) -> None:
        self.out: list[str] = []
        self.notes: list[list[str]] = []
        self._below = below

    def parts(self, tag: _Tag, out: list[str]) -> None:
        """Write what an element holds."""
        last: list[str] = []
        for _, part in sorted(tag.parts.items()):
            if isinstance(part, list):
                out += part
            elif part.kind == "Caption":
                caption: list[str] = []
                self.parts(part, caption)
                if self._stands_below("".join(caption)):
                    last += [" ", *caption]
                else:
                    out += [*caption, " "]
            else:
                self._tag(part, out)
        out += last

    def _tag(self, tag: _Tag, out: list[str]) -> None:
        match tag.kind:
            case "Figure":
                out.append(IMAGE)
            case "Formula":
                out.append(FORMULA)
            case "Note":
                self.notes.append([])
                self.parts(tag, self.notes[-1])
            case "Lbl":
                label: list[str] = []
                self.parts(tag, label)
                if not _MARKER.fullmatch("".join(label).strip()):
                    out += label
            case kind:
                self.parts(tag, out)
                if kind not in _INLINE:
                    out.append(" ")

    def _stands_below(self, caption: str) -> bool:
        squeezed = squeeze(caption)
        return any(squeezed.startswith(name) for name in self._below)


def _add_page(top: _Tag, page: Any) -> None:
    """Put a page's part of each element into its place among the others."""
    texts = _texts(page)
    tree = raw.FPDF_StructTree_GetForPage(page.raw)
    try:
        for index in range(raw.FPDF_StructTree_CountChildren(tree)):
            element = raw.FPDF_StructTree_GetChildAtIndex(tree, index)
            if element:
                _add(top, index, element, texts)
    finally:
        raw.FPDF_StructTree_Close(tree)


def _add(above: _Tag, index: int, element: Any, texts: Mapping[int, str]) -> None:
    tag = above.parts.get(index)
    if not isinstance(tag, _Tag):
        tag = above.parts[index] = _Tag(_name(raw.FPDF_StructElement_GetType, element))
    for place in range(raw.FPDF_StructElement_CountChildren(element)):
        # Neither is there where that part stands on another page.
        if child := raw.FPDF_StructElement_GetChildAtIndex(element, place):
            _add(tag, place, child, texts)
            continue
        number = raw.FPDF_StructElement_GetChildMarkedContentID(element, place)
        if number >= 0:
            tag.parts[place] = [texts.get(number, "")]


def _name(call: Callable[..., int], element: Any) -> str:
    buffer = ctypes.create_string_buffer(_NAME)
    size = call(element, buffer, _NAME)
    return buffer.raw[: max(size - 2, 0)].decode("utf-16-le")


def _fast(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    """Call a function of the library with plain numbers, for every letter of a page.

    It neither makes objects of pointers nor lets other threads run in between.
    """
    address = ctypes.cast(function, ctypes.c_void_p).value
    return ctypes.PYFUNCTYPE(result, *arguments)(address or 0)


_OBJECT = _fast(
    raw.FPDFText_GetTextObject, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int
)
_LETTER = _fast(raw.FPDFText_GetUnicode, ctypes.c_uint, ctypes.c_void_p, ctypes.c_int)
_NUMBER = _fast(raw.FPDFPageObj_GetMarkedContentID, ctypes.c_int, ctypes.c_void_p)


def _texts(page: Any) -> dict[int, str]:
    """Text of each stretch of marked content of a page, by its number."""
    found: dict[int, list[str]] = {}
    handle = page.get_textpage()
    try:
        text = ctypes.cast(handle.raw, ctypes.c_void_p).value
        last, run = 0, found.setdefault(-1, [])
        for index in range(raw.FPDFText_CountChars(handle.raw)):
            drawn = _OBJECT(text, index)
            # Spaces that are not drawn belong to no object.
            if drawn and drawn != last:
                last, run = drawn, found.setdefault(_NUMBER(drawn), [])
            run.append(chr(_LETTER(text, index)))
    finally:
        handle.close()
    return {number: "".join(letters) for number, letters in found.items()}
