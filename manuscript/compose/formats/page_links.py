"""What a finished page of HTML owes to other files: its links, and rows of data.

Works on the page of either engine. The words stay as they are, so that formats
still agree: a name such as ``Table S4`` of another document becomes a link.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from manuscript.source import FLOAT, Names, Project

MOST_ROWS = 6  # as many as a card can show
_OPAQUE = re.compile(
    r"<(script|style|svg|head|header|nav|a|button|math|title|h[1-6])\b.*?</\1\s*>"
    r"|<!--.*?-->|<[^>]*>",
    re.DOTALL,
)
_EMPTY_HEAD = re.compile(r"<th\b([^>]*)>\s*</th>")
_VALUE = re.compile(r'<span\b[^>]*\bclass="value"[^>]*>')
_ATTRIBUTE = re.compile(r'\bdata-(file|rows|basis)="([^"]*)"')
_FILTER = re.compile(r"(\w+) = (.+)")


def finish(page: str, project: Project, document: str) -> str:
    """Link a page to the other pages and put into it the rows that its cards show.

    Parameters
    ----------
    page : str
    project : Project
    document : str
        Path of the page's document, such as ``index.qmd``.

    Returns
    -------
    str
    """
    # An empty corner heads nothing; pandoc knows no other cell in a head.
    linked = _EMPTY_HEAD.sub(r"<td\1></td>", page)
    linked = link_floats(linked, Names.of(project).by_document, document)
    told = _origins(linked, project.root)
    if not told:
        return linked
    written = json.dumps(told, ensure_ascii=False).replace("</", "<\\/")
    script = f'<script type="application/json" id="origin-data">{written}</script>\n'
    head, end, tail = linked.rpartition("</head>")
    return f"{head}{script}{end}{tail}" if end else linked


def link_floats(
    page: str, by_document: Mapping[str, Mapping[str, str]], document: str
) -> str:
    """Make links of the names of figures and tables that other documents hold.

    A name that this document, or more than one other, gives to a float of its
    own stays plain, as does what already stands in a link or heading.

    Examples
    --------
    >>> names = {"index.qmd": {}, "supplement.qmd": {"supptbl-a": "Table S1"}}
    >>> link_floats("<p>See Table S1, Table S12.</p>", names, "index.qmd")
    '<p>See <a href="supplement.html#supptbl-a">Table S1</a>, Table S12.</p>'
    """
    own = set(by_document.get(document, {}).values())
    targets: dict[str, str] = {}
    for other, names in by_document.items():
        for label, name in names.items():
            if other != document and name not in own and FLOAT.match(label):
                page_of = PurePosixPath(other).with_suffix(".html")
                targets[name] = "" if name in targets else f"{page_of}#{label}"
    named = [name for name, target in targets.items() if target]
    if not named:
        return page
    shown = "|".join(
        r"(?:[ \u00a0]|&nbsp;)".join(map(re.escape, name.split())) for name in named
    )
    names_in = re.compile(rf"\b(?:{shown})(?!\w|\.\d)")

    def link(found: re.Match[str]) -> str:
        name = " ".join(unescape(found[0]).split())
        return f'<a href="{targets[name]}">{found[0]}</a>'

    return "".join(
        piece if opaque else names_in.sub(link, piece)
        for piece, opaque in _pieces(page)
    )


def _pieces(page: str) -> Iterator[tuple[str, bool]]:
    """Text, and what is not to be changed, in order."""
    at = 0
    for found in _OPAQUE.finditer(page):
        yield page[at : found.start()], False
        yield found[0], True
        at = found.end()
    yield page[at:], False


def _origins(page: str, root: Path) -> dict[str, Any]:
    """Rows that cards of a page show, by file and rows, and the public repository.

    Rows of published figures alone: a reconstruction's single rows are one draw
    of many, and what is collected stays where it was collected.
    """
    rows: dict[str, Any] = {}
    for span in _VALUE.findall(page):
        origin = {name: unescape(text) for name, text in _ATTRIBUTE.findall(span)}
        key = f"{origin.get('file')}|{origin.get('rows')}"
        if key in rows or origin.get("basis") != "published":
            continue
        if found := _rows(root, origin.get("file", ""), origin.get("rows", "")):
            rows[key] = found
    told: dict[str, Any] = {"rows": rows} if rows else {}
    if repository := _repository(root):
        told["repository"] = repository
    return told


def _rows(root: Path, file: str, rows: str) -> dict[str, Any] | None:
    path, chosen = root / file, _FILTER.fullmatch(rows)
    if path.suffix != ".csv" or not chosen or not path.is_file():
        return None
    with path.open(encoding="utf-8", newline="") as lines:
        columns, *body = list(csv.reader(lines)) or [[]]
    if chosen[1] not in columns:
        return None
    at = columns.index(chosen[1])
    found = [row for row in body if len(row) > at and row[at] == chosen[2]]
    if not 0 < len(found) <= MOST_ROWS:
        return None
    return {"columns": columns, "rows": found}


def _repository(root: Path) -> str:
    """Address of the public repository that the citation file names, or nothing."""
    address = str(citation(root).get("repository-code", ""))
    return address.rstrip("/") if address.startswith("https://") else ""


def citation(root: Path) -> Mapping[str, Any]:
    """Read the ``CITATION.cff`` of a project; empty where it has none."""
    path = root / "CITATION.cff"
    found = yaml.safe_load(path.read_text("utf-8")) if path.is_file() else None
    return found if isinstance(found, Mapping) else {}
