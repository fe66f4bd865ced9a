"""A Word file for a journal: a title page, no locks and no tints, figures or none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from lxml import etree

from manuscript.compose import output
from manuscript.errors import ManuscriptError
from manuscript.source import Project, journal
from manuscript.values import temporary_folder
from manuscript.word import base
from manuscript.word.package import DOCUMENT, W, open_package, serialized, tag, written

_TINTS: Final = ("ComputedValue", "Claim")
_FRONT: Final = ("Title", "Subtitle", "Author", "Date", "Abstract", "AbstractTitle")
_LEGENDS: Final = "Figure legends"
_FOOTER: Final = re.compile(r"word/footer\d*\.xml")


def write_submission(
    root: Path, document: str, target: Path | None = None, *, figures: bool = True
) -> Path:
    """Write a document as a Word file for the journal.

    Parameters
    ----------
    root : Path
        Of the project.
    document : str
        Such as ``index.qmd``.
    target : Path, optional
        The file to write; among the outputs if none.
    figures : bool
        Whether figures stand in the text; if not, their legends close the file.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        For what is no document, or cannot be printed.
    """
    project = Project.load(root)
    known = [each.path for each in project.documents]
    if document not in known:
        mend = f"name one of {', '.join(known)}"
        raise ManuscriptError(document, 0, "is no document", mend)
    if target is None:
        target = project.output / f"{Path(document).stem}-submission.docx"
    output.refuse_others([target])
    with temporary_folder() as scratch:
        made = base.build(root, document, scratch)
        content = submission(made, _lines(root), figures=figures)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return target


def _lines(root: Path) -> list[str]:
    """Name the journal, for the title page."""
    if not (root / journal.ACTIVE).is_file():
        return []
    return [f"For {journal.load(root).name}"]


def submission(made: Path, lines: Sequence[str] = (), *, figures: bool = True) -> bytes:
    """Make a Word file for a journal of one that the sources made.

    Parameters
    ----------
    made : Path
    lines : sequence of str
        To stand on the title page below the names.
    figures : bool
    """
    package = open_package(made)
    root = package.xml(DOCUMENT)
    body = None if root is None else root.find("w:body", W)
    if root is None or body is None:
        raise ManuscriptError(made.name, 0, "holds no text", "render it anew")
    _without_controls(body)
    _without_tints(body)
    if not figures:
        _without_figures(body)
    words = sum(len(text.split()) for text in _text(body))
    _with_title_page(body, [*lines, f"Words of the text: {words}"])
    changed = {DOCUMENT: serialized(root)}
    for name in package.parts:
        if _FOOTER.fullmatch(name) and (footer := package.xml(name)) is not None:
            _without_note(footer)
            changed[name] = serialized(footer)
    return written({**package.parts, **changed})


def _without_controls(body: etree._Element) -> None:
    for control in [*body.iter(tag("w:sdt"))]:
        content = control.find("w:sdtContent", W)
        for child in [] if content is None else [*content]:
            control.addprevious(child)
        parent = control.getparent()
        assert parent is not None
        parent.remove(control)


def _without_tints(body: etree._Element) -> None:
    for style in [*body.iter(tag("w:rStyle"))]:
        properties = style.getparent()
        if style.get(tag("w:val")) in _TINTS and properties is not None:
            properties.remove(style)


def _without_note(footer: etree._Element) -> None:
    """Take out what explains the tints."""
    for paragraph in [*footer.iterchildren(tag("w:p"))]:
        if _style(paragraph) == "NoteOnValues":
            footer.remove(paragraph)


def _without_figures(body: etree._Element) -> None:
    """Take pictures out, and set their legends at the end."""
    legends = []
    for paragraph in [*body.iterchildren(tag("w:p"))]:
        if _style(paragraph) == "ImageCaption":
            legends.append(paragraph)
        elif next(paragraph.iter(tag("w:drawing")), None) is not None and not "".join(
            text.text or "" for text in paragraph.iter(tag("w:t"))
        ):
            body.remove(paragraph)
    if not legends:
        return
    end = body.find("w:sectPr", W)
    for element in (_paragraph(_LEGENDS, "Heading2"), *legends):
        if end is None:
            body.append(element)
        else:
            end.addprevious(element)


def _with_title_page(body: etree._Element, lines: Sequence[str]) -> None:
    """Set lines below the names, and a page break after them."""
    front = [each for each in body.iterchildren(tag("w:p")) if _style(each) in _FRONT]
    if not front:
        return
    last = front[-1]
    rest = [_paragraph(line, "Author") for line in lines]
    page = _paragraph("", "")
    run = etree.SubElement(page, tag("w:r"))
    etree.SubElement(run, tag("w:br")).set(tag("w:type"), "page")
    for element in reversed([*rest, page]):
        last.addnext(element)


def _text(body: etree._Element) -> Iterator[str]:
    """Yield the paragraphs of the text: no front matter, captions or references."""
    for paragraph in body.iterchildren(tag("w:p")):
        style = _style(paragraph)
        if style in ("BodyText", "FirstParagraph", "Compact"):
            yield "".join(text.text or "" for text in paragraph.iter(tag("w:t")))


def _paragraph(text: str, style: str) -> etree._Element:
    paragraph = etree.Element(tag("w:p"))
    if style:
        properties = etree.SubElement(paragraph, tag("w:pPr"))
        etree.SubElement(properties, tag("w:pStyle")).set(tag("w:val"), style)
    if text:
        run = etree.SubElement(paragraph, tag("w:r"))
        etree.SubElement(run, tag("w:t")).text = text
    return paragraph


def _style(paragraph: etree._Element) -> str:
    style = paragraph.find("w:pPr/w:pStyle", W)
    return "" if style is None else style.get(tag("w:val"), "")
