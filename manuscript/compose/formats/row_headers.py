"""Heads of rows in a tagged PDF, which the installed typst cannot mark.

Its ``pdf.header-cell`` needs a feature that its Python package cannot switch on. Here
the first cell of each row of a table's body becomes a header of its row
(ISO 32000-1, 14.8.5.7).
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf


def with_row_headers(pdf: bytes) -> bytes:
    """Return a PDF in which the first cell of each row of a body heads its row.

    Parameters
    ----------
    pdf : bytes
        Tagged; one without a structure is returned as it is.
    """
    with Pdf.open(BytesIO(pdf)) as opened:
        changed = False
        for row in _rows(opened.Root.get(Name.StructTreeRoot)):
            cells = [kid for kid in _kids(row) if kid.S in (Name.TD, Name.TH)]
            if len(cells) > 1 and cells[0].S == Name.TD and _holds_something(cells[0]):
                cells[0].S = Name.TH
                _set(cells[0], Dictionary(O=Name.Table, Scope=Name.Row))
                for cell in cells[1:]:
                    _set(cell)
                changed = True
        if not changed:
            return pdf
        out = BytesIO()
        opened.save(out, deterministic_id=True)
        return out.getvalue()


def _set(cell: Any, *more: Dictionary) -> None:
    """Let a cell be headed by what stands above and beside it, no longer by a list."""
    own = cell.get(Name.A, [])
    kept = []
    for attributes in own if isinstance(own, Array) else [own] if own else []:
        rest = Dictionary({k: v for k, v in attributes.items() if k != "/Headers"})
        if len(rest.keys()) > 1:
            kept.append(rest)
    cell.A = Array([*kept, *more])


def _holds_something(cell: Any) -> bool:
    kids = cell.get(Name.K, [])
    return not isinstance(kids, Array) or len(kids) > 0


def _kids(element: Any) -> Iterator[Any]:
    """Elements below an element; marks of its own content are none."""
    kids = element.get(Name.K, [])
    for kid in kids if isinstance(kids, Array) else [kids]:
        if isinstance(kid, Dictionary) and Name.S in kid:
            yield kid


def _rows(root: Any) -> Iterator[Any]:
    waiting = [] if root is None else [root]
    while waiting:
        element = waiting.pop()
        for kid in _kids(element):
            if kid.S == Name.TR and element.get(Name.S) in (Name.TBody, Name.Table):
                yield kid
            waiting.append(kid)
