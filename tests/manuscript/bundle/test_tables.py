"""A CSV file shows the table and calculates nothing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manuscript.bundle.tables import as_csv, harmless
from manuscript.compose import pandoc
from tests.manuscript.bundle.conftest import ROOT


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r", " =1"])
def test_what_a_spreadsheet_would_calculate_becomes_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "−0.5", "0.02", "–", "< 0.001", "a=b", "'=1"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


@given(st.text())
def test_no_cell_starts_a_formula(cell: str) -> None:
    assert not harmless(cell).lstrip().startswith(("=", "+", "-", "@"))


def test_cells_print_their_words() -> None:
    source = (
        '| A | B "quoted" |\n|:--|--:|\n'
        "| **bold** | [x](#there) |\n| =1 | −2, $x$ and `code` |\n"
    )
    tree = json.loads(pandoc.run(["-f", "markdown", "-t", "json"], source, ROOT))
    assert as_csv(pandoc.div(tree["blocks"])) == (
        '\N{ZERO WIDTH NO-BREAK SPACE}A,B “quoted”\nbold,x\n\'=1,"−2, x and code"\n'
    )
