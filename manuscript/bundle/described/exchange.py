"""The manifest by which submission systems exchange manuscripts (MECA).

NISO RP-30-2023, Manuscript Exchange Common Approach: ``manifest.xml`` names every
file, what it is and of which kind. Quarto's and MyST's manuscripts use the kinds
``article-source``, ``-environment`` and ``-directory`` for what an article is made
from, and so does this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from lxml import etree

NAME = "manifest.xml"

_SPACE = "https://manuscriptexchange.org/schema/manifest"
_XLINK = "http://www.w3.org/1999/xlink"
_HREF = f"{{{_XLINK}}}href"
_DOCTYPE = (
    '<!DOCTYPE manifest PUBLIC "-//MECA//DTD Manifest v1.0//en" '
    '"https://www.manuscriptexchange.org/schema/manifest-1.0.dtd">'
)
_SOURCE = "source/"
_DIRECTORY = "inode/directory"
# Folder of the bundle -> what its files are.
_KINDS = {"figures": "figure", "tables": "table", "checklists": "supplemental"}
_WORDS = {
    "article-metadata": "The article with its metadata, as JATS XML",
    "manuscript": "The manuscript as its authors submit it",
    "supplemental": "Supplementary material",
    "figure": "A figure as vector and bitmap files",
    "table": "A table that can be edited, and as CSV",
    "article-source-directory": "Text, program and data from which all else was made",
    "article-source-environment": "Packages of the environment, pinned",
    "article-source": "A source of the article's text",
    "article-supporting-file": "An account of the bundle",
}


def write(
    files: Sequence[str], letter: str, types: Mapping[str, str], fallback: str
) -> bytes:
    """Write the manifest.

    Parameters
    ----------
    files : sequence of str
        Names of all files of the bundle.
    letter : str
        Stem of the document that is the article.
    types : mapping of str to str
        Media types by the ends of names.
    fallback : str
        Media type of any other file.

    Returns
    -------
    bytes
        Files in several formats are instances of one item; those in ``source/`` are
        named by their directory, and one by one where they are text or environment.
    """
    root = etree.Element(
        f"{{{_SPACE}}}manifest",
        {"manifest-version": "1"},
        nsmap={None: _SPACE, "xlink": _XLINK},  # type: ignore[dict-item]
    )
    items: dict[tuple[str, str], list[str]] = {}
    for name in sorted(files):
        if name != NAME:
            for kind, item in _kinds(name, letter):
                items.setdefault((kind, item), []).append(name)
    if any(name.startswith(_SOURCE) for name in files):
        items["article-source-directory", _SOURCE] = [_SOURCE]
    order = list(_WORDS)
    ranked = sorted(items, key=lambda each: (order.index(each[0]), each[1]))
    for number, (kind, item) in enumerate(ranked, start=1):
        element = etree.SubElement(root, f"{{{_SPACE}}}item")
        element.set("id", f"item-{number}")
        element.set("item-type", kind)
        title = etree.SubElement(element, f"{{{_SPACE}}}item-title")
        title.text = PurePosixPath(item).name
        words = etree.SubElement(element, f"{{{_SPACE}}}item-description")
        words.text = _WORDS[kind]
        etree.SubElement(element, f"{{{_SPACE}}}file-order").text = str(number)
        for name in items[kind, item]:
            media = types.get(PurePosixPath(name).suffix, fallback)
            instance = etree.SubElement(element, f"{{{_SPACE}}}instance")
            instance.set("media-type", _DIRECTORY if name.endswith("/") else media)
            instance.set(_HREF, name)
    text: bytes = etree.tostring(
        root,
        xml_declaration=True,
        encoding="UTF-8",
        pretty_print=True,
        doctype=_DOCTYPE,
    )
    return text


def _kinds(name: str, letter: str) -> Iterator[tuple[str, str]]:
    """Yield what a file is, and the item that it is an instance of."""
    path = PurePosixPath(name)
    folder, stem = path.parts[0], str(path.with_suffix(""))
    if name.startswith(_SOURCE):
        if name == f"{_SOURCE}requirements.txt":
            yield "article-source-environment", name
        elif path.suffix == ".qmd":
            yield "article-source", name
    elif folder == "documents" and path.stem == letter:
        if path.suffix == ".xml":
            yield "article-metadata", name
        else:
            yield "manuscript", stem
    elif folder == "documents":
        yield "supplemental", stem
    elif folder in _KINDS and len(path.parts) > 1:
        yield _KINDS[folder], stem
    else:
        yield "article-supporting-file", name


def differences(manifest: bytes, files: Sequence[str]) -> list[str]:
    """Compare a manifest with the files that it should name.

    Parameters
    ----------
    manifest : bytes
        Of anybody.
    files : sequence of str
        Names of all files of the bundle.

    Returns
    -------
    list of str
        What is wrong, each in words; empty where every file is named, by itself or
        by its directory, and every name is that of a file.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(manifest, parser)
    except etree.XMLSyntaxError as error:
        return [f"is no XML: {error}"]
    if root.tag != f"{{{_SPACE}}}manifest" or not root.get("manifest-version"):
        return ["is no manifest of MECA"]
    named = [str(each.get(_HREF)) for each in root.iter(f"{{{_SPACE}}}instance")]
    here = set(files) - {NAME}
    folders = tuple(name for name in named if name.endswith("/"))
    wrong = [
        f"names {name}, which is not there"
        for name in named
        if name not in here and not (name.endswith("/") and _holds(name, here))
    ]
    wrong += [
        f"does not name {name}"
        for name in sorted(here - set(named))
        if not (folders and name.startswith(folders))
    ]
    return wrong


def _holds(folder: str, files: set[str]) -> bool:
    return any(file.startswith(folder) for file in files)
