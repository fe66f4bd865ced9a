"""The extract that the manuscript describes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from analysis.vigibase.codes import read_codes
from analysis.vigibase.description import describe
from analysis.vigibase.extract import Extract
from analysis.vigibase.results import Description

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "data" / "vigibase"
RESTRICTED = ROOT / "restricted"
CODES = "codes.yml"


def extract_path() -> Path:
    """Return the converted extract in ``restricted/``, else the synthetic one."""
    converted = RESTRICTED / "vigibase.duckdb"
    return converted if converted.is_file() else SHIPPED


def codes_path(extract: Path | None = None) -> Path:
    """Return where the codes of an extract lie: in its folder, as ``codes.yml``.

    Parameters
    ----------
    extract : Path, optional
        The extract of the manuscript by default.
    """
    extract = extract or extract_path()
    return (extract if extract.is_dir() else extract.parent) / CODES


@lru_cache(maxsize=1)
def description() -> Description:
    """Describe the reports of the manuscript.

    Raises
    ------
    ExtractError, CodesError
        If the extract or its codes cannot be read.
    """
    return describe(Extract.open(extract_path()), read_codes(codes_path()))
