"""The words, signs and pictures in the XML of a Word file, with keys to compare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from manuscript.word.package import Package, Relations, tag
from manuscript.word.track.runs import TOKEN, content_of

_PICTURE: Final = "\N{FRAME WITH PICTURE}"
_NO_PARAGRAPH: Final = "\N{WHITE SQUARE}"


@dataclass(frozen=True)
class Token:
    """A word, space, sign or picture, alone in its run."""

    key: str
    run: etree._Element


class Tokens:
    """Finds the tokens of a Word file.

    Parameters
    ----------
    package : Package
    """

    def __init__(self, package: Package) -> None:
        self._relations = Relations(package, "document.xml")

    def of(self, element: etree._Element) -> Iterator[Token]:
        """Yield the tokens of a paragraph whose words have a run each."""
        for run in element.iter(tag("w:r")):
            for child in content_of(run):
                yield Token(self._key(child), run)

    def keys(self, element: etree._Element) -> list[str]:
        """List the keys of the tokens of an element."""
        keys: list[str] = []
        for run in element.iter(tag("w:r")):
            for child in content_of(run):
                if child.tag == tag("w:t"):
                    keys += TOKEN.findall(child.text or "")
                else:
                    keys.append(self._key(child))
        return keys

    def outline(self, element: etree._Element) -> list[str]:
        """List the keys by which an element is found again: without spaces."""
        kind = [] if element.tag == tag("w:p") else [_NO_PARAGRAPH]
        # A picture that changed is still the picture of its place.
        return kind + [
            _PICTURE if key.startswith(_PICTURE) else key
            for key in self.keys(element)
            if not key.isspace()
        ]

    def _key(self, child: etree._Element) -> str:
        if child.tag == tag("w:t"):
            return child.text or ""
        for blip in child.iter(tag("a:blip")):
            digest = self._relations.picture(blip.get(tag("r:embed"), ""))
            return f"{_PICTURE} {digest}".rstrip()
        return etree.QName(child).localname
