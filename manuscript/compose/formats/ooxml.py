"""What pandoc's Word files lack for a production editor, put in afterwards.

Every .docx of the project passes through :func:`finish`, whichever engine wrote it:
no property stands twice (ECMA-376 part 1, 17.3.2.28 allows each once), rows stay
whole and captions with what they name, captions count by fields, columns hold their
longest word, and a long document has a contents list. No word of the text is changed.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from lxml import etree

from manuscript.compose.formats.columns import W, fit, properties_of

_TEXT: Final = "word/document.xml"
_PARTS: Final = re.compile(r"word/(document|footnotes|header\d*|footer\d*)\.xml")
_PROPERTIES: Final = frozenset(
    f"{W}{name}" for name in ("rPr", "pPr", "tblPr", "trPr", "tcPr")
)
_CAPTIONS: Final = frozenset(("TableCaption", "ImageCaption", "Caption"))
_NOTES: Final = "TableNotes"
# Tables of so few rows are not divided; of others, no row stands alone on a page.
_SHORT: Final = 6
_NUMBERED: Final = re.compile(r"([^\W\d][^\d:]{0,60}?)(\d+):")
_MARKS: Final = (f"{W}bookmarkStart", f"{W}bookmarkEnd")
_HEADING: Final = re.compile(r"Heading([1-9])")
# A document is long from so many words and headings on.
_WORDS, _HEADINGS, _LEVELS = 3000, 6, 3
_CONTENTS: Final = {"de": "Inhalt", "fr": "Table des matières"}


def finish(path: Path, lang: str = "en") -> None:
    """Complete a Word file in its place.

    Parameters
    ----------
    path : Path
        Of a .docx file that pandoc wrote.
    lang : str
        Language of the document, for the head of its contents list.
    """
    buffer = BytesIO()
    with (
        zipfile.ZipFile(path) as given,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for part in given.infolist():
            data = given.read(part)
            if _PARTS.fullmatch(part.filename):
                root = etree.fromstring(data)
                _complete(root, lang, whole=part.filename == _TEXT)
                data = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
            made.writestr(part, data)
    path.write_bytes(buffer.getvalue())


def _complete(root: Any, lang: str, *, whole: bool) -> None:
    for properties in root.iter(*_PROPERTIES):
        _once(properties)
    for row in root.iter(f"{W}tr"):
        _keep_whole(row)
    for table in root.iter(f"{W}tbl"):
        _keep_together(table)
    for figure in root.iter(f"{W}drawing"):
        _keep_captioned(figure)
    if whole:
        _count_captions(root)
        fit(root)
        _add_contents(root, lang)


def _once(properties: Any) -> None:
    """Leave the first of each property."""
    seen: set[str] = set()
    for child in [*properties]:
        if child.tag in seen:
            properties.remove(child)
        seen.add(child.tag)


def _keep_whole(row: Any) -> None:
    others = row.find(f"{W}tblPrEx")
    properties = properties_of(row, "trPr", 0 if others is None else 1)
    if properties.find(f"{W}cantSplit") is None:
        properties.insert(0, etree.Element(f"{W}cantSplit"))
    if _opens_group(row):
        for paragraph in row.iter(f"{W}p"):
            _keep_with_next(paragraph)


def _opens_group(row: Any) -> bool:
    cells = row.findall(f"{W}tc")
    return len(cells) == 1 and cells[0].find(f"{W}tcPr/{W}gridSpan") is not None


def _keep_together(table: Any) -> None:
    """Keep a table with its caption and notes, and no row of it alone."""
    above, below = table.getprevious(), table.getnext()
    while above is not None and above.tag in _MARKS:
        above = above.getprevious()
    if above is not None and _style(above) in _CAPTIONS:
        _keep_with_next(above)
    rows = table.findall(f"{W}tr")
    told = [
        at
        for at, row in enumerate(rows)
        if row.find(f"{W}trPr/{W}tblHeader") is None and not _opens_group(row)
    ]
    short = len(told) <= _SHORT
    noted = below is not None and _style(below) == _NOTES
    for at, row in enumerate(rows):
        last = at == len(rows) - 1
        near = short or at < told[1] or at >= told[-2]
        if (near and not last) or (noted and last):
            for paragraph in row.iter(f"{W}p"):
                _keep_with_next(paragraph)


def _keep_captioned(figure: Any) -> None:
    """Keep a figure with the caption below it."""
    paragraph = next(figure.iterancestors(f"{W}p"), None)
    below = None if paragraph is None else paragraph.getnext()
    while below is not None and below.tag in _MARKS:
        below = below.getnext()
    if below is not None and _style(below) in _CAPTIONS:
        _keep_with_next(paragraph)


def _keep_with_next(paragraph: Any) -> None:
    properties = properties_of(paragraph, "pPr")
    if properties.find(f"{W}keepNext") is None:
        styled = properties.find(f"{W}pStyle") is not None
        properties.insert(int(styled), etree.Element(f"{W}keepNext"))


def _style(paragraph: Any) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else str(style.get(f"{W}val", ""))


def _count_captions(root: Any) -> None:
    """Make the number in each caption a field that counts its kind."""
    last: dict[str, int] = {}
    for paragraph in root.iter(f"{W}p"):
        if _style(paragraph) not in _CAPTIONS:
            continue
        text = ""
        for run in [*paragraph.iterchildren(f"{W}r")]:
            (words, *more) = [*run.iterchildren(f"{W}t")] or [None]
            if words is None or more:
                break
            begins, text = len(text), text + (words.text or "")
            if match := _NUMBERED.match(text):
                if match.start(2) >= begins:
                    name = re.sub(r"\W+", "_", match[1].strip())
                    number = int(match[2])
                    follows = number == last.get(name, 0) + 1
                    reset = "" if follows else rf" \r {number}"
                    last[name] = number
                    at = match.start(2) - begins, match.end(2) - begins
                    _count(run, words, at, rf" SEQ {name} \* ARABIC{reset} ")
                break


def _count(run: Any, words: Any, at: tuple[int, int], instruction: str) -> None:
    """Cut a run in three, and make its middle the result of a field."""
    # Readers that know no `SEQ` (pandoc) show the result of a field in this form,
    # and nothing of a `fldSimple`.
    text = words.text
    parts = (text[: at[0]], text[at[0] : at[1]], text[at[1] :])
    new = [
        *([_like(run, parts[0])] if parts[0] else []),
        _mark("begin"),
        _like(run, instruction, "instrText"),
        _mark("separate"),
        _like(run, parts[1]),
        _mark("end"),
        _like(run, parts[2]),
    ]
    for element in new:
        run.addprevious(element)
    run.getparent().remove(run)


def _like(run: Any, text: str, tag: str = "t") -> Any:
    made = etree.Element(f"{W}r")
    if (properties := run.find(f"{W}rPr")) is not None:
        made.append(etree.fromstring(etree.tostring(properties)))
    words = etree.SubElement(made, f"{W}{tag}")
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    words.text = text
    return made


def _headings(body: Any) -> Iterator[tuple[int, str, str]]:
    """Yield level, bookmark and words of each heading that has a bookmark."""
    name = ""
    for element in body:
        if element.tag == f"{W}bookmarkStart":
            name = element.get(f"{W}name", "")
        elif element.tag == f"{W}p":
            if match := _HEADING.fullmatch(_style(element)):
                inner = element.find(f"{W}bookmarkStart")
                place = name if inner is None else inner.get(f"{W}name", "")
                words = "".join(text.text or "" for text in element.iter(f"{W}t"))
                if place and words:
                    yield int(match[1]), place, words
            name = ""


def _add_contents(root: Any, lang: str) -> None:
    """Set a contents list before the first heading of a long document."""
    body = root.find(f"{W}body")
    words = sum(len((text.text or "").split()) for text in body.iter(f"{W}t"))
    found = [*_headings(body)]
    if (
        words < _WORDS
        or len(found) < _HEADINGS
        or body.find(f".//{W}docPartGallery") is not None
    ):
        return
    top = min(level for level, _, _ in found)
    deepest = min(top + _LEVELS - 1, 9)
    shown = [each for each in found if each[0] <= deepest]
    first = next(
        element
        for element in body
        if element.tag == f"{W}p" and _HEADING.fullmatch(_style(element))
    )
    before = first.getprevious()
    while before is not None and before.tag == f"{W}bookmarkStart":
        first, before = before, before.getprevious()
    first.addprevious(_contents(shown, top, deepest, lang))


def _contents(
    headings: list[tuple[int, str, str]], top: int, deepest: int, lang: str
) -> Any:
    control = etree.Element(f"{W}sdt")
    part = etree.SubElement(etree.SubElement(control, f"{W}sdtPr"), f"{W}docPartObj")
    gallery = {f"{W}val": "Table of Contents"}
    etree.SubElement(part, f"{W}docPartGallery", gallery)
    etree.SubElement(part, f"{W}docPartUnique")
    content = etree.SubElement(control, f"{W}sdtContent")
    title = _paragraph("TOCHeading")
    title.append(_run(_CONTENTS.get(lang[:2], "Contents")))
    content.append(title)
    for index, (level, place, words) in enumerate(headings):
        line = _paragraph(f"TOC{level - top + 1}")
        if index == 0:
            # Dirty: Word puts the pages in when it opens the file.
            line.append(_mark("begin", dirty="true"))
            line.append(_run(rf'TOC \o "{top}-{deepest}" \h \z \u', "instrText"))
            line.append(_mark("separate"))
        link = etree.SubElement(line, f"{W}hyperlink", {f"{W}anchor": place})
        link.append(_run(words))
        if index == len(headings) - 1:
            line.append(_mark("end"))
        content.append(line)
    return control


def _paragraph(style: str) -> Any:
    paragraph = etree.Element(f"{W}p")
    properties = etree.SubElement(paragraph, f"{W}pPr")
    etree.SubElement(properties, f"{W}pStyle", {f"{W}val": style})
    return paragraph


def _run(text: str, tag: str = "t") -> Any:
    return _like(etree.Element(f"{W}r"), text, tag)


def _mark(kind: str, **more: str) -> Any:
    run = etree.Element(f"{W}r")
    given = {"fldCharType": kind, **more}
    etree.SubElement(run, f"{W}fldChar", {f"{W}{k}": v for k, v in given.items()})
    return run
