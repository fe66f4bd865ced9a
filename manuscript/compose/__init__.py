"""From executed sources to finished documents: tree, numbering, formats, pages."""

from manuscript.compose import pandoc, quarto, render
from manuscript.compose.checked import PANEL, Checked
from manuscript.compose.draft import FOLDER
from manuscript.compose.features import FORMATS
from manuscript.compose.formats import docx, ooxml, page_links, pdf
from manuscript.compose.formats.article import Article, compose, filters, write
from manuscript.compose.formats.docx import REVISION, revision
from manuscript.compose.formats.nodes import link
from manuscript.compose.numbering import NBSP
from manuscript.compose.pages import Pages
from manuscript.compose.pandoc import Node
from manuscript.compose.rehearsal import refusals
from manuscript.compose.render import EARLIEST, LATEST, Say

__all__ = [
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
    "Say",
    "compose",
    "docx",
    "filters",
    "link",
    "ooxml",
    "page_links",
    "pandoc",
    "pdf",
    "quarto",
    "refusals",
    "render",
    "revision",
    "write",
]
