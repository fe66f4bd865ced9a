"""Pictures of Word files: told apart, and taken from one file into another."""

from __future__ import annotations

import hashlib
import posixpath
from typing import Final

from lxml import etree

from manuscript.word.package import NAMESPACES, Package, Relations, serialized, tag

RELATIONS: Final = "word/_rels/document.xml.rels"


class Pictures:
    """Takes pictures along from an old file.

    Parameters
    ----------
    old : Package

    Attributes
    ----------
    media : dict of str to bytes
        Parts to add to the new file.
    """

    def __init__(self, old: Package) -> None:
        self._old = old
        self._of_text = Relations(old, "document.xml")
        self._relations: dict[str, str] = {}
        self.media: dict[str, bytes] = {}

    def take(self, run: etree._Element) -> bool:
        """Take the pictures of a run along; tells whether they are all there."""
        for blip in run.iter(tag("a:blip")):
            part = self._of_text.part(blip.get(tag("r:embed"), ""))
            if part not in self._old.parts:
                return False
            content = self._old.parts[part]
            digest = hashlib.sha256(content).hexdigest()[:12]
            name = f"media/old-{digest}{posixpath.splitext(part)[1]}"
            self.media[f"word/{name}"] = content
            identifier = f"rIdOld{digest}"
            self._relations[identifier] = name
            blip.set(tag("r:embed"), identifier)
        return True

    def related(self, relations: bytes) -> bytes:
        """Add what was taken along to the relations of the new file."""
        root = etree.fromstring(relations)
        namespace = etree.QName(root).namespace
        for identifier, name in self._relations.items():
            relation = etree.SubElement(root, f"{{{namespace}}}Relationship")
            relation.set("Id", identifier)
            relation.set("Type", f"{NAMESPACES['r']}/image")
            relation.set("Target", name)
        return serialized(root)
