"""Inline code calls ``v``, ``claim`` and ``item`` alone, with keys that exist."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from manuscript.check.finding import Finding, Outcome
from manuscript.check.proof import Proof
from manuscript.source import Cell

NAME = "expressions"
TITLE = "Inline code only prints values, claims and items"

NAMES = {"v", "claim", "item"}


def check(proof: Proof) -> Outcome:
    """Report the inline expressions that could not be evaluated."""
    faults = [fault for reading in proof.readings for fault in reading.faults]
    findings = tuple(
        Finding(fault.file, fault.line, fault.column, NAME, fault.what, fault.mend)
        for fault in faults
    )
    findings += tuple(
        fault
        for document in proof.project.documents
        for cell in document.cells
        for fault in _rebound(cell)
    )
    count = sum(len(document.inlines) for document in proof.project.documents)
    return Outcome(f"{count} inline expressions", findings)


def _rebound(cell: Cell) -> Iterator[Finding]:
    """Find cells that give the names of inline code another meaning."""
    try:
        tree = ast.parse(cell.code)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        names: list[str] = []
        match node:
            case ast.ImportFrom(module="manuscript.prose"):
                names = [
                    a.asname for a in node.names if a.asname and a.asname != a.name
                ]
            case ast.Import() | ast.ImportFrom():
                names = [alias.asname or alias.name for alias in node.names]
            case ast.Name(id=name, ctx=ast.Store()):
                names = [name]
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names = [name]
        for name in set(names) & NAMES:
            yield Finding(
                cell.file,
                cell.code_line + getattr(node, "lineno", 1) - 1,
                1,
                NAME,
                f"{cell.name} gives `{name}` another meaning",
                "import it from manuscript.prose alone",
            )
