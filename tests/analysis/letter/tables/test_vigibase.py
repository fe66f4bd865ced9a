"""Table S9 has a denominator in every row and says what is random."""

from __future__ import annotations

import re
from dataclasses import replace

from analysis.letter import letter
from analysis.letter.study import study
from analysis.letter.tables.vigibase import reports

VALUE = re.compile(r"\[([^\]]*)\]\{\.value[^}]*\}")


def rows(markdown: str) -> list[list[str]]:
    printed = VALUE.sub(r"\1", markdown)
    return [
        [cell.strip() for cell in line.strip("| ").split("|")]
        for line in printed.splitlines()[2:]
        if ".group" not in line
    ]


def test_every_row_has_its_denominator() -> None:
    for row in rows(reports(study().reports, letter())._repr_markdown_()):
        assert re.fullmatch(r"\d+ / \d+", row[1]), row


def test_published_rows_come_first_and_random_ones_are_marked() -> None:
    found = rows(reports(study().reports, letter())._repr_markdown_())
    basis = {row[0]: row[-1] for row in found}
    assert basis["Male"] == basis["Multiple myeloma"] == basis["Died"] == "The letter"
    assert basis["Africa"] == basis["Dose reduced"] == "Nothing: random"
    names = [row[0] for row in found]
    assert names.index("Died") < names.index("Africa")


def test_a_real_extract_has_no_column_of_agreement() -> None:
    real = replace(study().reports, synthetic=False)
    assert {len(row) for row in rows(reports(real, letter())._repr_markdown_())} <= {
        2,
        3,
    }
