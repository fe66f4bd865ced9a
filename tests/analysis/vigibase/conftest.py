"""A small extract that every test may alter, in both forms."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.vigibase import Extract
from analysis.vigibase.layout import TABLES, Form

# Two drugs (1 and 2), one reaction (7): five reports, of which 5 is a suspected
# duplicate of 1 and 4 was replaced by 3.
ROWS: dict[str, list[tuple[object, ...]]] = {
    "demo": [
        (report, age, sex, "20240229", "1", "2", "20200101")
        for report, age, sex in ((1, 6, 1), (2, 7, 2), (3, 6, 2), (4, 6, 2), (5, 6, 1))
    ],
    "drug": [
        (1, 11, 91, 1, "01", "001", "48", 1, "10", "3", "1", "804"),
        (1, 12, 92, 2, "01", "001", "-", 2, "-", "-", "-", "-"),
        (2, 21, 92, 2, "01", "001", "-", 1, "-", "-", "-", "-"),
        (3, 31, 91, 1, "01", "001", "-", 2, "-", "-", "-", "-"),
        (4, 41, 91, 1, "01", "001", "-", 1, "-", "-", "-", "-"),
        (5, 51, 91, 1, "01", "001", "-", 1, "-", "-", "-", "-"),
    ],
    "adr": [(r, 100 + r, 7, outcome) for r, outcome in enumerate((1, 3, 5, 6, 1), 1)],
    "link": [
        (11, 101, 1, 1, 1, 2, 100, 102),
        (12, 101, "-", "-", "-", "-", "-", "-"),
        (21, 102, 4, 3, "-", "-", 10, 10),
        (31, 103, 2, 3, "-", "-", 200, 260),
        (41, 104, 1, 1, "-", "-", 5, 5),
        (51, 105, 1, 1, "-", "-", 100, 102),
    ],
    "ind": [(11, "Myeloma, stage III"), (21, "unknown indication"), (31, "Lymphoma")],
    "out": [(1, "6", "Y"), (2, "-", "N"), (3, "1", "Y")],
    "srce": [(1, "1"), (1, "5"), (2, "3")],
    "followup": [(3, 4), (1, 900)],
    "suspectedduplicates": [(1, 5)],
}

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the small extract as files; keyword arguments replace tables."""

    def write(form: Form = "txt", **replaced: list[tuple[object, ...]]) -> Path:
        folder = tmp_path / "extract"
        folder.mkdir(exist_ok=True)
        for name, table in TABLES.items():
            lines = []
            for row in replaced.get(name, ROWS[name]):
                if form == "csv":
                    cells = [str(cell).replace('"', '""') for cell in row]
                    lines.append(",".join(f'"{cell}"' for cell in cells))
                else:
                    lines.append(
                        "".join(
                            f"{cell!s:<{column.width}}"
                            for cell, column in zip(row, table.columns, strict=True)
                        )
                    )
            path = folder / f"{table.stem}.{form}"
            path.write_text("".join(line + "\n" for line in lines), "utf-8")
        return folder

    return write


@pytest.fixture
def extract() -> Extract:
    """Open the small extract from tables."""
    return Extract.from_tables(
        {
            name: {
                column.name: [str(row[place]) for row in ROWS[name]]
                for place, column in enumerate(table.columns)
            }
            for name, table in TABLES.items()
        }
    )
