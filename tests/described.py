"""Tables of trials with what must stand beside them: a schema file and a basis."""

from __future__ import annotations

import shutil
from pathlib import Path

SAID = Path(__file__).parents[1] / "data" / "trials.yml"


def described(table: Path, basis: str = "reconstruction") -> Path:
    """Put the schema file that ships beside a table, and say what it rests on."""
    shutil.copy(SAID, table.with_suffix(".yml"))
    row = f"{table.name},{basis},\n"
    table.with_name("basis.csv").write_text(f"file,basis,what\n{row}", encoding="utf-8")
    return table
