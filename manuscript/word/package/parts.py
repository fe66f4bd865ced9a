"""Word files as packages of parts, read without trusting them."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Final

from lxml import etree

from manuscript.errors import ManuscriptError
from manuscript.source import foreign
from manuscript.values import on_one_line

# A letter has a few dozen parts of a few megabytes; nothing honest comes near these.
MOST_PARTS: Final = 2_000
MOST_BYTES: Final = 200 * 2**20
MOST_XML: Final = 40 * 2**20
MOST_TAGS: Final = 3_000_000

DOCUMENT: Final = "word/document.xml"

NAMESPACES: Final = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "w15": "http://schemas.microsoft.com/office/word/2012/wordml",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "b": "http://schemas.openxmlformats.org/officeDocument/2006/bibliography",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
W: Final = {"w": NAMESPACES["w"]}
# What Word files in the "strict" form are in; the same names mean the same.
_STRICT: Final = b"http://purl.oclc.org/ooxml/wordprocessingml/main"


def tag(name: str) -> str:
    """Spell a name such as ``w:p`` as lxml does."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


@dataclass(frozen=True)
class Package:
    """The parts of a Word file.

    Attributes
    ----------
    name : str
        Of the file, for messages.
    parts : dict of str to bytes
    """

    name: str
    parts: Mapping[str, bytes]

    def xml(self, part: str) -> etree._Element | None:
        """Parse a part; None where there is none.

        Raises
        ------
        ManuscriptError
            For XML that is broken, huge or declares a document type.
        """
        content = self.parts.get(part)
        if content is None:
            return None
        if len(content) > MOST_XML:
            raise refusal(self.name, f"its part `{part}` is huge")
        # Word writes no document type; entities are the only use of one. Zeros are
        # left out for UTF-16.
        if b"<!DOCTYPE" in content.replace(b"\0", b""):
            raise refusal(self.name, f"its part `{part}` declares a document type")
        if content.count(b"<") > MOST_TAGS:
            raise refusal(self.name, f"its part `{part}` holds millions of elements")
        try:
            return etree.fromstring(content, _parser())
        except (etree.XMLSyntaxError, ValueError) as error:
            raise refusal(self.name, f"its part `{part}` is broken: {error}") from error


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def parsed(text: str) -> etree._Element | None:
    """Parse XML that stands within a text; None for what is none."""
    if "<!DOCTYPE" in text:
        return None
    try:
        return etree.fromstring(text.encode(), _parser())
    except (etree.XMLSyntaxError, ValueError):
        return None


def serialized(root: etree._Element) -> bytes:
    """Write a part as Word does."""
    content: bytes = etree.tostring(
        root, encoding="UTF-8", xml_declaration=True, standalone=True
    )
    return content


def written(parts: Mapping[str, bytes]) -> bytes:
    """Pack parts as a Word file; the same parts give the same bytes."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, content)
    return made.getvalue()


def open_package(path: Path) -> Package:
    """Read a Word file into memory.

    Raises
    ------
    ManuscriptError
        For what is no Word file, or is built to harm whoever opens it.
    """
    name = path.name
    try:
        foreign.refuse_special(path)
        with zipfile.ZipFile(path) as file:
            entries = file.infolist()
            _check(name, entries)
            parts = {each.filename: _part(name, file, each) for each in entries}
    except FileNotFoundError as error:
        raise ManuscriptError(
            str(path), 0, "there is no such file", "name the edited Word file"
        ) from error
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError) as error:
        raise refusal(name, f"it cannot be read: {error}") from error
    except (RuntimeError, zlib.error, EOFError) as error:
        raise refusal(name, f"it is encrypted or broken: {error}") from error
    if DOCUMENT not in parts:
        raise refusal(name, f"it has no `{DOCUMENT}`")
    if _STRICT in parts[DOCUMENT][:4096]:
        raise refusal(name, "it is in the form “Strict Open XML Document”")
    if "word/vbaProject.bin" in parts:
        raise refusal(name, "it carries macros")
    return Package(name, parts)


def refusal(name: str, what: str) -> ManuscriptError:
    """Refuse a file."""
    mend = "save it anew in Word or LibreOffice as .docx, without macros or password"
    return ManuscriptError(on_one_line(name), 0, on_one_line(what), mend)


def _check(name: str, entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_PARTS:
        raise refusal(name, f"it has {len(entries)} parts")
    if sum(each.file_size for each in entries) > MOST_BYTES:
        raise refusal(name, "it unpacks to more than 200 MB")
    for one, other in foreign.colliding(each.filename for each in entries):
        raise refusal(name, f"its parts `{other}` and `{one}` have one name")
    seen: set[str] = set()
    for each in entries:
        path = PurePosixPath(each.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in each.filename:
            raise refusal(name, f"its part `{each.filename}` lies outside it")
        if each.filename in seen:
            raise refusal(name, f"it has two parts `{each.filename}`")
        seen.add(each.filename)


def _part(name: str, file: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Unpack a part; sizes that its directory states are not believed."""
    with file.open(entry) as stream:
        content = stream.read(entry.file_size + 1)
    if len(content) > entry.file_size:
        raise refusal(name, f"its part `{entry.filename}` is larger than it says")
    return content
