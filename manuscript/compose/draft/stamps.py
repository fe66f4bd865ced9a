"""Saying on every page of a draft's PDF and Word file that it is one.

Findings are marked in HTML; whoever is sent another file reads at the head of its
pages how many there are, and where. Word's stands in the header, which no merge reads.
"""

from __future__ import annotations

import re
import zipfile
from html import escape
from io import BytesIO
from pathlib import Path

from lxml import etree
from pikepdf import Dictionary, Name, Pdf

_FONT = Name.Draft
_COLOUR = (0xB3, 0x54, 0x1E)
_POINTS, _EDGE = 8, 14  # of the letters, and from the edge of the page
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEADER = re.compile(r"word/header\d*\.xml")
_OWN, _ID = "headerDraft.xml", "rIdDraft"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"


def stamp(path: Path, text: str) -> None:
    """Write a line at the head of every page of a file, in its place.

    Parameters
    ----------
    path : Path
        A ``.pdf`` or ``.docx``; any other is left as it is.
    text : str
        Of letters that Latin alphabets have.
    """
    if path.suffix == ".pdf":
        path.write_bytes(_pdf(path.read_bytes(), text))
    elif path.suffix == ".docx":
        path.write_bytes(_word(path.read_bytes(), text))


def _pdf(pdf: bytes, text: str) -> bytes:
    red, green, blue = (part / 255 for part in _COLOUR)
    shown = re.sub(r"([\\()])", r"\\\1", text)
    typeface = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type1,
        BaseFont=Name("/Helvetica-Bold"),
        Encoding=Name.WinAnsiEncoding,
    )
    out = BytesIO()
    with Pdf.open(BytesIO(pdf)) as opened:
        for page in opened.pages:
            name = page.add_resource(typeface, Name.Font, _FONT)
            left, top = float(page.mediabox[0]) + 3 * _EDGE, float(page.mediabox[3])
            line = (
                f"Q /Artifact BMC q BT {name} {_POINTS} Tf "
                f"{red:.3f} {green:.3f} {blue:.3f} rg "
                f"{left:.1f} {top - _EDGE - _POINTS:.1f} Td ({shown}) Tj ET Q EMC"
            )
            page.contents_add(b"q", prepend=True)
            page.contents_add(line.encode("cp1252", "replace"))
        opened.save(out, deterministic_id=True)
    return out.getvalue()


def _word(docx: bytes, text: str) -> bytes:
    with zipfile.ZipFile(BytesIO(docx)) as given:
        told = {part.filename: part for part in given.infolist()}
        parts = {name: given.read(name) for name in told}
    headers = [name for name in parts if _HEADER.fullmatch(name)]
    for name in headers:
        root = etree.fromstring(parts[name])
        root.insert(0, _line(text))
        parts[name] = _written(root)
    if not headers:
        _add_header(parts, text)
    when = told["word/document.xml"].date_time
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in parts.items():
            made.writestr(told.get(name) or zipfile.ZipInfo(name, when), content)
    return out.getvalue()


def _add_header(parts: dict[str, bytes], text: str) -> None:
    """Give every section of a file without headers one."""
    header = etree.Element(f"{{{_W}}}hdr", nsmap={"w": _W})
    header.append(_line(text))
    parts[f"word/{_OWN}"] = _written(header)
    relations = etree.fromstring(parts["word/_rels/document.xml.rels"])
    etree.SubElement(
        relations,
        f"{{{relations.nsmap[None]}}}Relationship",
        Id=_ID,
        Type=f"{_R}/header",
        Target=_OWN,
    )
    parts["word/_rels/document.xml.rels"] = _written(relations)
    types = etree.fromstring(parts["[Content_Types].xml"])
    etree.SubElement(
        types,
        f"{{{types.nsmap[None]}}}Override",
        PartName=f"/word/{_OWN}",
        ContentType=_TYPE,
    )
    parts["[Content_Types].xml"] = _written(types)
    document = etree.fromstring(parts["word/document.xml"])
    sections = list(document.iter(f"{{{_W}}}sectPr"))
    for section in sections or [etree.SubElement(document[-1], f"{{{_W}}}sectPr")]:
        named = etree.Element(f"{{{_W}}}headerReference", nsmap={"w": _W, "r": _R})
        named.set(f"{{{_W}}}type", "default")
        named.set(f"{{{_R}}}id", _ID)
        section.insert(0, named)
    parts["word/document.xml"] = _written(document)


def _line(text: str) -> etree._Element:
    colour = bytes(_COLOUR).hex()
    return etree.fromstring(
        f'<w:p xmlns:w="{_W}"><w:pPr><w:suppressLineNumbers/></w:pPr>'
        f'<w:r><w:rPr><w:b/><w:color w:val="{colour}"/>'
        f'<w:sz w:val="{2 * _POINTS}"/></w:rPr><w:t>{escape(text)}</w:t></w:r></w:p>'
    )


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
