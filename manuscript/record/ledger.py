"""The ledger: every value, claim, figure and table, and where each stands.

Built from the sources without a kernel. Tables print values that no inline
expression asks for, so the ledger holds every value of the letter; those that the
prose does not print have no ``uses``.
"""

from __future__ import annotations

import ast
import hashlib
import json
import math
import re
from collections.abc import Iterator, Mapping
from contextlib import chdir
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from manuscript.execute import answers
from manuscript.source import (
    Cell,
    Claim,
    Float,
    Mark,
    Passage,
    Project,
    Reading,
    read,
)
from manuscript.values import Answers, Value

NAME = "ledger.json"
VERSION = 1

# What cells show, as SVG or Markdown, by document and number of the cell.
Shown = Mapping[tuple[str, int], str]

_SOURCE = re.compile(r' data-source="[^"]*"')
_KEY = re.compile(r'\bkey="([^"]+)"')


@dataclass(frozen=True)
class Place:
    """Where something stands in the prose."""

    document: str
    file: str
    line: int
    column: int
    sentence: str


def build(
    project: Project,
    v: Answers | None = None,
    shown: Shown | None = None,
    readings: tuple[Reading, ...] | None = None,
) -> dict[str, Any]:
    """Make the ledger of a project.

    Parameters
    ----------
    project : Project
    v : Answers, optional
        Answers the inline expressions; the values of the project without.
    shown : mapping, optional
        What the cells show; without it figures and tables bear no digest.
    readings : tuple of Reading, optional
        The documents as read with these answers; they are read without.

    Returns
    -------
    dict
        Of plain types, in an order that does not depend on anything but the
        sources: ready for JSON.
    """
    v = answers(project.root) if v is None else v
    readings = readings or read(project, v)
    shown = shown or {}
    floats = [
        _float(reading, each, shown) for reading in readings for each in reading.floats
    ]
    uses: dict[str, list[dict[str, Any]]] = {}
    for place, mark in _marks(readings, "value"):
        for value in mark.values:
            uses.setdefault(value.key, []).append(
                {"printed": value.text, **asdict(place)}
            )
    in_floats: dict[str, list[str]] = {}
    for each in floats:
        for key in each["keys"]:
            in_floats.setdefault(key, []).append(each["label"])
    return {
        "version": VERSION,
        "documents": [document.path for document in project.documents],
        "values": [
            _value(value, uses.get(key, []), in_floats.get(key, []))
            for key, value in sorted(v.all().items())
        ],
        "claims": [_claim(place, mark) for place, mark in _marks(readings, "claim")],
        "floats": floats,
    }


def write(
    project: Project,
    directory: Path,
    shown: Shown | None = None,
    v: Answers | None = None,
    readings: tuple[Reading, ...] | None = None,
) -> Path:
    """Write ``ledger.json`` into a directory; return its path."""
    target = directory / NAME
    target.write_text(dumps(build(project, v, shown, readings)), encoding="utf-8")
    return target


def dumps(ledger: Mapping[str, Any]) -> str:
    """Print a ledger as JSON."""
    return json.dumps(ledger, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def run_cells(project: Project) -> dict[tuple[str, int], str]:
    """Run the cells of the floats in this process; return what they show.

    For ledgers that are made without a render: cells call functions of the
    analysis package, so no kernel is needed to know what they draw.
    """
    shown: dict[tuple[str, int], str] = {}
    with chdir(project.root):
        for document in project.documents:
            namespace: dict[str, Any] = {}
            for cell in document.cells:
                result = run_cell(cell, namespace)
                if (content := _content(result)) is not None:
                    shown[document.path, cell.number] = content
    return shown


def run_cell(cell: Cell, namespace: dict[str, Any]) -> object:
    """Execute a cell in this process; return the value of its last expression."""
    body = ast.parse(cell.code).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), cell.file, "exec"), namespace)
    if not isinstance(last, ast.Expr):
        return None
    return eval(compile(ast.Expression(last.value), cell.file, "eval"), namespace)


def _content(result: object) -> str | None:
    for method in ("svg", "_repr_markdown_"):
        if hasattr(result, method):
            return str(getattr(result, method)())
    return None


def _marks(readings: tuple[Reading, ...], kind: str) -> Iterator[tuple[Place, Mark]]:
    for reading in readings:
        for passage in reading.passages:
            for mark in passage.marked(kind):
                yield _place(reading, passage, mark), mark


def _place(reading: Reading, passage: Passage, mark: Mark) -> Place:
    sentence = passage.sentence(mark.start)
    path = reading.document.path
    return Place(path, passage.file, mark.line, mark.column, sentence)


def _value(
    value: Value, uses: list[dict[str, Any]], floats: list[str]
) -> dict[str, Any]:
    origin = value.origin
    return {
        "key": value.key,
        "number": value.number if math.isfinite(value.number) else None,
        "unit": value.unit,
        "printed": value.text,
        "function": origin.function,
        "source": "{}:{}".format(*origin.source),
        "data": origin.data,
        "rows": origin.rows,
        "basis": origin.basis,
        "uses": uses,
        "floats": floats,
    }


def _claim(place: Place, mark: Mark) -> dict[str, Any]:
    assert isinstance(mark.result, Claim)
    assert mark.expression is not None
    return {
        "words": mark.result.words,
        "condition": ast.unparse(mark.expression.tree.args[1]),
        "reading": mark.result.condition.reading,
        "holds": mark.result.condition.holds,
        "keys": list(mark.expression.keys),
        **asdict(place),
    }


def _float(reading: Reading, each: Float, shown: Shown) -> dict[str, Any]:
    path = reading.document.path
    contents = [shown.get((path, cell.number), "") for cell in each.cells]
    # A function that moves within its file changes nothing that is shown.
    content = _SOURCE.sub("", "\n".join(filter(None, contents)))
    return {
        "label": each.label,
        "name": each.name,
        "document": path,
        "file": each.file,
        "line": each.line,
        "caption": each.caption.text if each.caption else "",
        "calls": sorted({call for cell in each.cells for call in _calls(cell)}),
        "keys": sorted(set(_KEY.findall(content))),
        "digest": hashlib.sha256(content.encode()).hexdigest()[:16] if content else "",
    }


def _calls(cell: Cell) -> Iterator[str]:
    """Names of the functions that a cell calls."""
    for node in ast.walk(ast.parse(cell.code)):
        if isinstance(node, ast.Call) and isinstance(
            node.func, ast.Name | ast.Attribute
        ):
            yield ast.unparse(node.func)
