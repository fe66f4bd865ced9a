"""The words of a Word document."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from lxml import etree

from manuscript.compose.agreement.reading import FORMULA, IMAGE, Reading
from manuscript.compose.formats.icons import TITLE

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_PLAIN = {
    f"{_W}tab": " ",
    f"{_W}br": " ",
    f"{_W}cr": " ",
    f"{_W}noBreakHyphen": "-",
    f"{_W}drawing": IMAGE,
    f"{_M}oMath": FORMULA,
}
_SKIPPED = frozenset(
    f"{_W}{name}" for name in ("instrText", "delText", "pPr", "rPr", "sdtPr")
)


def read(path: Path) -> Reading:
    """Read a document without its contents list, the title block included.

    Parameters
    ----------
    path : Path
        Of a .docx file that this project wrote.

    Returns
    -------
    Reading
    """
    with zipfile.ZipFile(path) as package:
        body = etree.fromstring(package.read("word/document.xml"))
        names = package.namelist()
        footnotes = (
            etree.fromstring(package.read("word/footnotes.xml"))
            if "word/footnotes.xml" in names
            else None
        )
    written: list[str] = []
    marks: list[str] = []
    _walk(body, written, marks)
    by_id = (
        {} if footnotes is None else {note.get(f"{_W}id"): note for note in footnotes}
    )
    notes = []
    for mark in marks:
        text: list[str] = []
        _walk(by_id[mark], text, [])
        notes.append("".join(text))
    return Reading("Word", "".join(written), tuple(notes), exact=False)


def _walk(element: Any, out: list[str], marks: list[str]) -> None:
    tag = element.tag
    if tag == f"{_W}drawing" and _is_icon(element):
        return
    if tag in _PLAIN:
        out.append(_PLAIN[tag])
    elif tag == f"{_W}t":
        out.append(element.text or "")
    elif tag == f"{_W}footnoteReference":
        marks.append(element.get(f"{_W}id"))
    elif tag not in _SKIPPED and not (tag == f"{_W}sdt" and _is_contents(element)):
        for child in element:
            _walk(child, out, marks)
        if tag == f"{_W}p":
            out.append(" ")


def _is_icon(drawing: Any) -> bool:
    return any(e.get("title") == TITLE for e in drawing.iter(f"{_WP}docPr"))


def _is_contents(control: Any) -> bool:
    return control.find(f"{_W}sdtPr/{_W}docPartObj/{_W}docPartGallery") is not None
