"""Each fault of a draft is told once, however many met it."""

import pytest

from manuscript.check import Finding
from manuscript.compose.checked import Checked
from manuscript.compose.draft.collected import Collected
from manuscript.errors import ManuscriptError
from manuscript.values.answers import StudyError
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
    collected = Collected(findings=[found], faults=[fault], answers=KnownLetter())
    notes = collected.all(Checked(made))
    assert len(notes) == told
    assert notes[0].text == str(found)


def test_code_of_the_study_that_cannot_run_is_a_fault_of_the_draft(
    project: Write,
) -> None:
    made = project(BODY)

    def answers() -> KnownLetter:
        raise SyntaxError("invalid syntax", (str(made.root / "study.py"), 7, 1, "a b"))

    collected = Collected()
    collected.check(Checked(made), answers)
    (note,) = collected.all(Checked(made))
    assert note.text.startswith("study.py:7: raised SyntaxError: invalid syntax")


def test_an_error_of_the_press_is_none_of_the_draft(project: Write) -> None:
    def answers() -> KnownLetter:
        raise ValueError("of the program")

    with pytest.raises(ValueError, match="of the program"):
        Collected().check(Checked(project(BODY)), answers)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("data/trials.csv:3:arm: got x, expected y", "data/trials.csv:3: arm: got x"),
        ("two values have the key 'a.b'; give each its own", "values: two values have"),
    ],
)
def test_what_a_study_says_of_its_data_is_told_as_it_says_it(
    project: Write, told: str, said: str
) -> None:
    def answers() -> KnownLetter:
        raise StudyError(told)

    collected = Collected()
    collected.check(Checked(project(BODY)), answers)
    assert str(collected.faults[0]).startswith(said)


def test_a_cell_that_fails_is_told_beside_what_is_typed_in_it(project: Write) -> None:
    typed = Finding("index.qmd", 7, 1, "numbers", "number “1” in cell `risk`", "mend")
    failed = ManuscriptError("index.qmd", 7, "cell `risk` raised NameError: a", "mend")
    collected = Collected(findings=[typed], faults=[failed], answers=KnownLetter())
    assert len(collected.all(Checked(project(BODY)))) == 2
