"""From executed sources to finished documents: tree, numbering, formats, pages."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from manuscript.compose import output, pandoc, render
from manuscript.compose.checked import PANEL, Checked
from manuscript.compose.draft import AS_WRITTEN, DRAFT, FOLDER, Read, load
from manuscript.compose.formats.article import Article, compose, filters, write
from manuscript.compose.formats.nodes import link
from manuscript.compose.keys import FORMATS
from manuscript.compose.numbering import NBSP
from manuscript.compose.pages import Pages, output_names
from manuscript.compose.pandoc import Node
from manuscript.compose.rehearsal import refusals
from manuscript.compose.render import EARLIEST, LATEST, Say

if TYPE_CHECKING:
    from manuscript.compose import quarto
    from manuscript.compose.formats import docx, ooxml, page_links, pdf
    from manuscript.compose.formats.docx import REVISION, revision

# Slow to import: a render of one format needs none of the others.
_LATER = {
    "quarto": "quarto",
    **{name: f"formats.{name}" for name in ("docx", "ooxml", "page_links", "pdf")},
}
_OF_WORD = ("REVISION", "revision")

__all__ = [
    "AS_WRITTEN",
    "DRAFT",
    "EARLIEST",
    "FOLDER",
    "FORMATS",
    "LATEST",
    "NBSP",
    "PANEL",
    "REVISION",
    "Article",
    "Checked",
    "Node",
    "Pages",
    "Read",
    "Say",
    "compose",
    "docx",
    "filters",
    "link",
    "load",
    "ooxml",
    "output",
    "output_names",
    "page_links",
    "pandoc",
    "pdf",
    "quarto",
    "refusals",
    "render",
    "revision",
    "write",
]


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return import_module(f"{__name__}.{_LATER[name]}")
    if name in _OF_WORD:
        return getattr(import_module(f"{__name__}.formats.docx"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
