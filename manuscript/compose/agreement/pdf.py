"""The words of a tagged PDF, in the order of its structure.

Pages show floats and notes away from where they are read; the tags do not. What
bears no tag (running heads, numbers of pages, rules, icons) is no content.

Words may be there and yet not be legible: what is higher than its page and cannot
break ends up in a heap at the foot of it. Two texts that begin at one point tell.
"""

from __future__ import annotations

import ctypes
import re
import threading
import unicodedata
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
# What is looked at; the letters in it may stand as they like.
_SHOWN = {"Figure": IMAGE, "Formula": FORMULA}
# pdfium keeps to one thread, whatever it reads.
_READING = threading.Lock()
_NAME = 64  # bytes for the name of a tag, which is short


@dataclass
class _Tag:
    """An element of the structure, put together from all its pages."""

    kind: str
    parts: dict[int, _Tag | list[str]] = field(default_factory=dict)


@dataclass
class _Stretch:
    """A stretch of marked content, and the points at which its texts begin."""

    letters: list[str] = field(default_factory=list)
    points: list[tuple[float, float]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.letters)


@dataclass
class _Page:
    """The stretches of a page, by their numbers, and what stands at each point."""

    number: int
    stretches: Mapping[int, _Stretch]
    found: dict[tuple[float, float], str] = field(default_factory=dict)
    heaped: list[str] = field(default_factory=list)

    def text(self, number: int) -> str:
        """Text of a stretch, and note what it is printed over."""
        stretch = self.stretches.get(number)
        if stretch is None:
            return ""
        text = stretch.text
        for point in stretch.points:
            if over := self.found.get(point):
                self.heaped.append(
                    f"page {self.number} prints `{text.strip()}` over `{over.strip()}`"
                )
        self.found |= dict.fromkeys(stretch.points, text)
        return text


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
    top, heaped = _Tag("Document"), list[str]()
    with _READING, closing(pypdfium2.PdfDocument(data)) as document:
        for number, page in enumerate(document, start=1):
            heaped += _add_page(top, page, number)
    writer = _Writer({squeeze(name) for name, at in names.items() if at == "bottom"})
    writer.parts(top, writer.out)
    notes = tuple("".join(note) for note in writer.notes)
    return Reading("PDF", "".join(writer.out), notes, False, tuple(heaped))


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
            case kind if kind in _SHOWN:
                out.append(_SHOWN[kind])
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


def _add_page(top: _Tag, page: Any, number: int) -> list[str]:
    """Put a page's part of each element into its place; tell what is heaped there."""
    read_ = _Page(number, _stretches(page))
    tree = raw.FPDF_StructTree_GetForPage(page.raw)
    try:
        for index in range(raw.FPDF_StructTree_CountChildren(tree)):
            element = raw.FPDF_StructTree_GetChildAtIndex(tree, index)
            if element:
                _add(top, index, element, read_)
    finally:
        raw.FPDF_StructTree_Close(tree)
    return read_.heaped


def _add(above: _Tag, index: int, element: Any, page: _Page) -> None:
    tag = above.parts.get(index)
    if not isinstance(tag, _Tag):
        tag = above.parts[index] = _Tag(_name(raw.FPDF_StructElement_GetType, element))
    if tag.kind in _SHOWN:
        return
    for place in range(raw.FPDF_StructElement_CountChildren(element)):
        # Neither is there where that part stands on another page.
        if child := raw.FPDF_StructElement_GetChildAtIndex(element, place):
            _add(tag, place, child, page)
            continue
        number = raw.FPDF_StructElement_GetChildMarkedContentID(element, place)
        if number >= 0:
            tag.parts[place] = [page.text(number)]


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
_ORIGIN = _fast(
    raw.FPDFText_GetCharOrigin,
    ctypes.c_int,
    *(ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p),
)


def _stretches(page: Any) -> dict[int, _Stretch]:
    """Gather each stretch of marked content of a page, by its number."""
    found: dict[int, _Stretch] = {}
    handle = page.get_textpage()
    x, y = ctypes.c_double(), ctypes.c_double()
    to_x, to_y = ctypes.addressof(x), ctypes.addressof(y)
    try:
        text = ctypes.cast(handle.raw, ctypes.c_void_p).value
        last, run = 0, found.setdefault(-1, _Stretch())
        for index in range(raw.FPDFText_CountChars(handle.raw)):
            drawn = _OBJECT(text, index)
            letter = chr(_LETTER(text, index))
            # Spaces that are not drawn belong to no object.
            if drawn and drawn != last:
                last, run = drawn, found.setdefault(_NUMBER(drawn), _Stretch())
                if _is_visible(letter) and _ORIGIN(text, index, to_x, to_y):
                    run.points.append((round(x.value, 1), round(y.value, 1)))
            run.letters.append(letter)
    finally:
        handle.close()
    return found


def _is_visible(letter: str) -> bool:
    """Whether a letter has room of its own: neither a space nor a mark above one."""
    return unicodedata.category(letter)[0] in "LNPS"
