"""Table S9 prints what the letter says, and the rest of collected reports only."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from analysis.letter import Letter, data, letter
from analysis.letter.answers.reports import is_known
from analysis.letter.study import Study, study
from analysis.letter.tables.vigibase import reports
from manuscript.values.answers import UnknownKeyError

VALUE = re.compile(r"\[([^\]]*)\]\{\.value[^}]*\}")


def rows(markdown: str) -> list[list[str]]:
    printed = VALUE.sub(r"\1", markdown)
    return [
        [cell.strip() for cell in line.strip("| ").split("|")]
        for line in printed.splitlines()[2:]
        if ".group" not in line
    ]


def collected() -> Study:
    """The study as it would be with an extract that is not synthetic."""
    whole = Study(data.trials(), data.cases())
    vars(whole)["reports"] = replace(study().reports, synthetic=False)
    return whole


def test_every_row_has_its_denominator() -> None:
    for row in rows(reports(study().reports, letter())._repr_markdown_()):
        assert re.fullmatch(r"\d+ / \d+", row[1]), row


def test_nothing_random_is_printed() -> None:
    names = [
        row[0] for row in rows(reports(study().reports, letter())._repr_markdown_())
    ]
    assert {"Male", "Multiple myeloma", "Died"} <= set(names)
    assert not {"Africa", "Dose reduced", "Physician", "Serious"} & set(names)
    assert not [name for name in names if "reporting odds ratio" in name]


@pytest.mark.parametrize("key", ["ror", "ic", "adjusted.ror", "expected", "africa"])
def test_nothing_random_has_a_value(key: str) -> None:
    with pytest.raises(UnknownKeyError):
        letter()(f"vigibase.{key}")
    assert not is_known(f"vigibase.{key}", synthetic=True)


def test_collected_reports_print_everything() -> None:
    real = collected()
    v = Letter(real)
    found = rows(reports(real.reports, v)._repr_markdown_())
    names = [row[0] for row in found]
    assert {"Male", "Africa", "Dose reduced"} <= set(names)
    assert "All reports: reporting odds ratio" in names
    assert "Adjusted for age and sex: information component" in names
    years = [row for row in found if re.fullmatch(r"\d+", row[0])]
    assert sum(int(row[1].split(" / ")[0]) for row in years) == 51 + 15
    assert v("vigibase.ror").number > 0
