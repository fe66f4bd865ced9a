"""The words of a page of HTML."""

from __future__ import annotations

from typing import Any

from lxml import html

from manuscript.compose.agreement.reading import FORMULA, IMAGE, Reading
from manuscript.compose.constructs.annotated import MARK

_SKIPPED = frozenset(("script", "style", "template", "dialog", "annotation", "head"))
# Within these words may be parted by tags alone.
_INLINE = frozenset(
    (
        *("a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "em", "i", "ins"),
        *("kbd", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "u"),
    )
)


def read(page: str) -> Reading:
    """Read the body of a page, without its title block and contents list.

    Parameters
    ----------
    page : str
        From the title block on.

    Returns
    -------
    Reading
    """
    root = html.document_fromstring(page.strip() or "<p></p>")
    body = root.find("body")
    notes: list[str] = []
    out: list[str] = []
    _walk(root if body is None else body, out, notes)
    return Reading("HTML", "".join(out), tuple(notes), exact=True)


def _walk(element: Any, out: list[str], notes: list[str]) -> None:
    tag = element.tag if isinstance(element.tag, str) else ""
    if not tag or tag in _SKIPPED:
        return
    classes = (element.get("class") or "").split()
    if tag in ("svg", "img"):
        out.append(IMAGE)
    elif tag == "math":
        out.append(FORMULA)
    elif MARK in classes:
        # Other formats name the line where a page repeats its mark.
        out.append(f" {element.get('title') or ''} ")
    elif "panel-tabset" in classes:
        for label, view in zip(element[0].iter("label"), element[1:], strict=True):
            _walk(label, out, notes)
            _walk(view, out, notes)
    elif element.get("role") == "doc-endnotes":
        for note in element.xpath("(./ol|./*/ol)[1]/li"):
            written: list[str] = []
            _inner(note, written, notes)
            notes.append("".join(written))
    elif not (
        element.get("id") in ("TOC", "title-block-header")
        or "footnote-ref" in classes
        or "footnote-back" in classes
    ):
        parted = "" if tag in _INLINE else " "
        out.append(parted)
        _inner(element, out, notes)
        out.append(parted)


def _inner(element: Any, out: list[str], notes: list[str]) -> None:
    out.append(element.text or "")
    for child in element:
        _walk(child, out, notes)
        out.append(child.tail or "")
