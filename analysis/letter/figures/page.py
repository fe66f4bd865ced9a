"""The page on which the journal prints figures."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.plots import Page
from analysis.reading import read_yaml
from analysis.schema import DataError, Fault

PROFILE = Path(__file__).resolve().parents[3] / "journal.yml"


@lru_cache(maxsize=1)
def page() -> Page:
    """Read the measures of figures from the profile of the journal.

    Raises
    ------
    DataError
        When the profile cannot be read or gives no millimetres.
    """
    profile = read_yaml(PROFILE)
    figures = profile.get("figures") if isinstance(profile, dict) else None
    measures = figures if isinstance(figures, dict) else {}
    width, height = (_millimetres(measures, name) for name in ("double", "height"))
    return Page.of_mm(width, height)


def _millimetres(measures: dict[str, Any], name: str) -> float:
    value = measures.get(name)
    if type(value) in (int, float) and 0 < value < 1000:  # type: ignore[operator]
        return float(value)  # type: ignore[arg-type]
    expected = "a number of millimetres"
    raise DataError(
        [Fault(PROFILE.name, None, f"figures, {name}", str(value), expected)]
    )
