"""Whether a table of trials passes through values, tables and figures."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from analysis.letter import Letter, data, figures, tables
from analysis.letter.figures.page import page
from analysis.letter.study import Study
from manuscript.values.markdown import Table
from manuscript.values.picture import Picture

# What rests on the trials; the other sections are the same for every table.
SECTIONS = (
    *("search", "trials", "patients", "followup", "cases", "risk", "incidence"),
    *("sensitivity", "trial", "pool", "grade"),
)


def study(path: Path) -> Study:
    """Read a table beside the shipped cases."""
    return Study(data.trials(path), data.cases())


def values(of: Study) -> Letter:
    """Ask for every value that rests on the trials, in each of its forms."""
    v = Letter(of)
    for section in SECTIONS:
        for key, value in v.section(section).items():
            forms = (value.text, value.in_words().text, value._repr_markdown_())
            assert all(forms), key
            bad = [form for form in forms[:2] if "nan" in form or "inf" in form]
            assert not bad, f"{key} prints {bad}"
            if math.isnan(value.number):
                assert "not estimable" in forms[0] or "than" in forms[0], key
    return v


def all_tables(of: Study, v: Letter) -> Iterator[Table]:
    """Make every table that rests on the trials."""
    yield tables.counts(of.trials, v)
    yield tables.sensitivity(of.trials, v)
    yield tables.bias(v)
    yield tables.certainty(v)


def all_figures(of: Study, v: Letter) -> dict[str, Callable[[], Picture]]:
    """Name every figure that rests on the trials."""
    made: dict[str, Callable[[], Picture]] = {
        "figure_1": lambda: figures.figure_1(of),
        "figure_s1": lambda: figures.figure_s1(v),
        "figure_s3": lambda: figures.figure_s3(of),
        "figure_s4": lambda: figures.figure_s4(of),
        "cumulative": lambda: figures.cumulative(of),
    }
    return made | {
        f"figure_s2 {name}": lambda name=name: figures.figure_s2(of, name)  # type: ignore[misc]
        for name in of.trials.described.keys
    }


def fault(path: Path, with_figures: bool = False) -> str:
    """Pass a table through everything; return what went wrong, or nothing."""
    what = "read"
    try:
        of = study(path)
        what = "values"
        v = values(of)
        what = "tables"
        for made in all_tables(of, v):
            printed = re.sub('"(nan|inf)"', "", made._repr_markdown_())
            assert not re.search(r"\b(nan|inf)\b", printed)
        if with_figures:
            for name, draw in all_figures(of, v).items():
                what = name
                fits(draw())
    except Exception as error:
        said = " ".join(str(error).split())
        return f"{what}: {type(error).__name__}: {said}"
    return ""


def fits(picture: Picture) -> None:
    """Hold every page of a figure against the page of the journal."""
    room = page()
    for each in picture.pages:
        width, height = (72 * float(side) for side in each.figure.get_size_inches())
        assert width <= room.width + 0.01, f"{width:.0f} points wide"
        assert height <= room.height + 0.01, f"{height:.0f} points high"
    assert picture.alt
    assert "nan" not in picture.alt.split()
