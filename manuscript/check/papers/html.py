"""The paragraphs of a web page."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree, html

from manuscript.check.papers.paper import Paragraph, lowered, raised
from manuscript.errors import ManuscriptError

_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "caption", "center"),
        *("dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure"),
        *("footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li"),
        *("main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody"),
        *("td", "tfoot", "th", "thead", "tr", "ul"),
    )
)
_SILENT = frozenset(
    ("script", "style", "template", "noscript", "svg", "head", "select", "button")
)
_CELLS = frozenset(("td", "th"))


def paragraphs(content: bytes, file: str) -> Iterator[Paragraph]:
    """Read a page; places are lines of its source.

    Raises
    ------
    ManuscriptError
        When there is no text in it.
    """
    parser = html.HTMLParser(
        no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = html.document_fromstring(_decoded(content), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ManuscriptError(
            file, 0, f"it is no HTML: {error}", "save the page anew"
        ) from error
    yield from _Reader().read(root)


def _decoded(content: bytes) -> str | bytes:
    """Text of UTF-8; other pages are left to what they declare of themselves."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content
    # A declaration of another encoding is wrong here, and lxml refuses any.
    return text.partition("?>")[2] if text.lstrip().startswith("<?xml") else text


class _Reader:
    def __init__(self) -> None:
        self._text: list[str] = []
        self._line = 1

    def read(self, root: html.HtmlElement) -> Iterator[Paragraph]:
        stack: list[tuple[html.HtmlElement, bool]] = [(root, False)]
        while stack:
            element, left = stack.pop()
            name = element.tag if isinstance(element.tag, str) else ""
            if left or name in _SILENT or not name:
                if left and name in _CELLS:
                    self._text.append(" | ")
                elif left and name in _BLOCKS:
                    yield from self._end(element)
                self._text.append(element.tail or "")
                continue
            if name in _BLOCKS and name not in _CELLS:
                yield from self._end(element)
            if name in ("sup", "sub"):
                inside = "".join(element.itertext())
                before = "".join(self._text)[-12:]
                self._text.append(
                    raised(before, inside) if name == "sup" else lowered(inside)
                )
                self._text.append(element.tail or "")
                continue
            self._text.append(" " if name == "br" else "")
            self._text.append(element.text or "")
            stack.append((element, True))
            stack.extend((child, False) for child in reversed(element))
        if "".join(self._text).strip():
            yield Paragraph.at(self._line, "".join(self._text))

    def _end(self, element: html.HtmlElement) -> Iterator[Paragraph]:
        text = "".join(self._text)
        self._text = []
        if text.strip(" |\n\t\r"):
            yield Paragraph.at(self._line, text)
        self._line = element.sourceline or self._line
