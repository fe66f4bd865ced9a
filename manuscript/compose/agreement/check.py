"""Whether the finished files of a document say the same in every format."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import html

from manuscript.compose import pandoc
from manuscript.compose.agreement import page, word
from manuscript.compose.agreement.compare import Difference, first_difference
from manuscript.compose.agreement.reading import Reading, squeeze
from manuscript.compose.formats.article import Article
from manuscript.compose.pandoc import Node
from manuscript.errors import ManuscriptError
from manuscript.source import Document

_NAMES = {"html": "HTML", "typst": "PDF", "docx": "Word"}
_BODY = re.compile("<!--body-->(.*)<!--/body-->", re.DOTALL)
_MARKS = re.compile(r"<[^>]*>|#[\w.-]+(?:\([^)]*\))?|[\[\]*_]")
_WORDS = re.compile(r"\w+")


def check(
    article: Article, directory: Path, wait: Callable[[str], None] = lambda to: None
) -> int:
    """Compare what was written of a document.

    Parameters
    ----------
    article : Article
    directory : Path
        Where the files lie; those that are not there are not compared.
    wait : callable, optional
        Returns when the file of a format is whole: files are read while others
        are still written.

    Returns
    -------
    int
        How many files there are.

    Raises
    ------
    ManuscriptError
        With the first difference, and the line of the source that it stands in.
    """
    stem = article.document.stem
    readings, heading = [], [_metadata(article)]
    wait("html")
    if (file := directory / f"{stem}.html").exists():
        text = file.read_text("utf-8")
        body = _BODY.search(text)
        heading.append(
            str(html.document_fromstring(text[: body.start()]).xpath("string()"))
            if body
            else ""
        )
        readings.append(page.read(body[1] if body else text))
    wait("docx")
    if (file := directory / f"{stem}.docx").exists():
        readings.append(word.read(file))
    names = dict(_floats(article))
    wait("typst")
    if (file := directory / f"{stem}.pdf").exists():
        from manuscript.compose.agreement import pdf

        readings.append(pdf.read(file.read_bytes(), names))
        _check_legible(article, readings[-1])
    if any(article.metadata(to).get("toc") for to in _NAMES):
        heading += _contents(article)
    only = _only(article)
    readings = [r for r in readings if _is_readable(r, only)]
    difference = _beginning(article, readings) or first_difference(
        readings, names, " ".join(heading), only
    )
    if difference is None:
        return len(readings)
    path, line = _place(article.document, difference)
    raise ManuscriptError(
        path,
        line,
        f"formats differ: {difference}",
        "mend the filter or template that writes it, or write it in another way",
    )


def _check_legible(article: Article, reading: Reading) -> None:
    """Refuse what is printed over other words."""
    for said in reading.heaped:
        path, line = _place(
            article.document, Difference("PDF", "PDF", "", said.split("`")[1], "")
        )
        raise ManuscriptError(
            path,
            line,
            f"{reading.format}: {said}",
            "what stands there is larger than its page or column: make it smaller, or "
            "let the typst template break it",
        )


def _beginning(article: Article, readings: list[Reading]) -> Difference | None:
    """Hold the heading that opens a text against the file that begins with it.

    The others may repeat it in a contents list.
    """
    first = article.blocks[0] if article.blocks else {"t": ""}
    if first["t"] != "Header" or not readings or not readings[0].exact:
        return None
    if any(pandoc.elements(first, "Cite", "Math", "Note", "Only")):
        return None
    title = pandoc.plain(first["c"][2])
    text = readings[0].squeezed
    if text.startswith(squeeze(title)):
        return None
    return Difference("the source", readings[0].format, "", title, text[:60])


def _metadata(article: Article) -> str:
    values = article.for_templates("html")
    return json.dumps(values, ensure_ascii=False, default=str)


def _floats(article: Article) -> Iterator[tuple[str, str]]:
    """Name of each float, and where its caption stands."""
    for element in pandoc.elements(article.blocks, "Float"):
        kind = article.kinds[element["c"]["kind"]]
        yield kind.name(element["c"]["number"]), kind.caption


def _contents(article: Article) -> Iterator[str]:
    """Words of a contents list, which may name headings and floats."""
    for element in pandoc.elements(article.blocks):
        if element["t"] == "Header":
            yield pandoc.plain(element["c"][2])
        elif element["t"] == "Float":
            kind = article.kinds[element["c"]["kind"]]
            yield kind.name(element["c"]["number"])
            yield pandoc.plain(element["c"]["caption"])


def _only(article: Article) -> list[tuple[str, str]]:
    """Gather what one format alone shows, as its author says, in reading order."""
    found = []
    for element in pandoc.elements(article.blocks):
        if element["t"] == "Only":
            content = element["c"]["content"]
            text = pandoc.plain(content) + " ".join(map(_shown, content))
            found += [(_NAMES[to], text) for to in element["c"]["formats"]]
        elif element["t"] == "Folded":
            found.append(("HTML", element["c"]["summary"]))
    return found


def _is_readable(reading: Reading, only: list[tuple[str, str]]) -> bool:
    """Tell whether all is found that raw output is to show; else it computes."""
    return all(
        squeeze(text) in reading.squeezed
        for format_, text in only
        if format_ == reading.format
    )


def _shown(element: Node) -> str:
    """Words of raw output, as far as they can be told from its marks."""
    if not element["t"].startswith("Said"):
        return ""
    return _MARKS.sub("", element["c"]["text"])


def _place(document: Document, difference: Difference) -> tuple[str, int]:
    """Find the line that a difference stands in by the words around it."""
    for text in (difference.has, difference.before, difference.has_instead):
        words = _WORDS.findall(text)
        for length in range(min(len(words), 6), 0, -1):
            if length < 3 and max(map(len, words), default=0) < 5:
                continue
            start = -length if text is difference.before else 0
            part = words[start:][:length]
            file, line, column = document.at(r"[\W_]+".join(map(re.escape, part)))
            if column:
                return file, line
    return document.path, 1
