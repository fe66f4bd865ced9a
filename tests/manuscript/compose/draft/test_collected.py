"""Each fault of a draft is told once, however many met it."""

import pytest

from manuscript.check import Finding
from manuscript.compose.checked import Checked
from manuscript.compose.draft.collected import Collected
from manuscript.errors import ManuscriptError
from tests.manuscript.conftest import Write
from tests.manuscript.papers import KnownLetter

BODY = 'It `{python} claim("fell", v("risk.all.or") < 1)` there.\n'


@pytest.mark.parametrize(("column", "told"), [(4, 1), (40, 2)])
def test_an_expression_is_told_once_that_a_check_found_as_well(
    project: Write, column: int, told: int
) -> None:
    made = project(BODY)
    found = Finding("index.qmd", 7, 4, "claims", "the data do not bear “fell”", "mend")
    what = f'`claim("fell", ...)` (column {column}) raised ClaimError: no'
    fault = ManuscriptError("index.qmd", 7, what, "correct it")
    collected = Collected(findings=[found], faults=[fault])
    notes = collected.all(Checked(made), KnownLetter())
    assert len(notes) == told
    assert notes[0].text == str(found)
