"""Heads of rows in a tagged PDF, which the installed typst cannot mark.

Its ``pdf.header-cell`` needs a feature that its Python package cannot switch on. The
first cell of each row of a table's body becomes a header of its row here, in an
incremental update: what typst wrote stays byte for byte (ISO 32000-1, 14.8.5.7).
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

_ROW = DictionaryObject(
    {
        NameObject("/O"): NameObject("/Table"),
        NameObject("/Scope"): NameObject("/Row"),
    }
)


def with_row_headers(pdf: bytes) -> bytes:
    """Return a PDF in which the first cell of each row of a body heads its row.

    Parameters
    ----------
    pdf : bytes
        Tagged; one without a structure is returned as it is.
    """
    writer = PdfWriter(BytesIO(pdf), incremental=True)
    tree = writer.root_object.get("/StructTreeRoot")
    changed = False
    for row in _rows(tree.get_object() if tree else None):
        cells = [kid for kid in _kids(row) if kid.get("/S") in ("/TD", "/TH")]
        if len(cells) > 1 and cells[0]["/S"] == "/TD" and _holds_something(cells[0]):
            cells[0][NameObject("/S")] = NameObject("/TH")
            _set(cells[0], _ROW)
            for cell in cells[1:]:
                _set(cell)
            changed = True
    if not changed:
        return pdf
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _set(cell: Any, *more: DictionaryObject) -> None:
    """Let a cell be headed by what stands above and beside it, no longer by a list."""
    own = cell.get("/A")
    given = own if isinstance(own, list) else [] if own is None else [own]
    kept = []
    for attributes in (one.get_object() for one in given):
        rest = {k: v for k, v in attributes.items() if k != "/Headers"}
        if len(rest) > 1:
            kept.append(DictionaryObject(rest))
    cell[NameObject("/A")] = ArrayObject([*kept, *more])


def _holds_something(cell: Any) -> bool:
    kids = cell.get("/K", [])
    return not isinstance(kids, list) or len(kids) > 0


def _kids(element: Any) -> list[Any]:
    """Elements below an element; marks of its own content are none."""
    kids = element.get("/K", [])
    kids = kids.get_object() if hasattr(kids, "get_object") else kids
    resolved = [
        kid.get_object() for kid in (kids if isinstance(kids, list) else [kids])
    ]
    return [kid for kid in resolved if isinstance(kid, dict) and "/S" in kid]


def _rows(root: Any) -> list[Any]:
    waiting, rows = [root] if root is not None else [], []
    while waiting:
        element = waiting.pop()
        for kid in _kids(element):
            if kid["/S"] == "/TR" and element.get("/S") in ("/TBody", "/Table"):
                rows.append(kid)
            waiting.append(kid)
    return rows
