"""Whether trials agree with the letter, told by what prints instead of intervals."""

import numpy as np
import pytest

from analysis.letter import Letter, data, letter
from analysis.letter.answers.ensemble import letter_problem
from analysis.letter.answers.membership import agrees
from analysis.letter.study import Study, study

SHIPPED = data.trials()
STATEMENTS = letter_problem().statements


def without(*names: str) -> Study:
    kept = np.array([name not in names for name in SHIPPED.trial])
    return Study(SHIPPED.where(kept), data.cases())


def printed(text: str) -> str:
    return text.removeprefix("= ")


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda one: one.key)
@pytest.mark.parametrize("left_out", [(), ("O4",), ("P1",)], ids="-".join)
def test_agreement_is_printing_alike(statement, left_out: tuple[str, ...]) -> None:
    some = without(*left_out)
    alike = printed(Letter(some)(statement.key).text) == statement.printed
    assert agrees(some, statement) == alike


def test_the_trials_that_ship_meet_all_aggregates() -> None:
    v = letter()
    classes = len(study().trials.classes)
    assert v("ensemble.aggregates").number == len(STATEMENTS) + classes
    assert v("ensemble.aggregates.met").number == v("ensemble.aggregates").number


def test_other_trials_leave_the_ensemble_as_it_is() -> None:
    fewer = Letter(without("O4"))
    before, after = (
        {
            key: value.number
            for key, value in v.section("ensemble").items()
            if key != "ensemble.aggregates.met"
        }
        for v in (letter(), fewer)
    )
    assert before == pytest.approx(after, rel=0, abs=0, nan_ok=True)
    met = fewer("ensemble.aggregates.met").number
    assert 0 < met < fewer("ensemble.aggregates").number


def test_a_class_without_trials_meets_none_of_its_aggregates() -> None:
    none = without(*(name for name in SHIPPED.trial if name.startswith("C")))
    of_class = [one for one in STATEMENTS if one.scope == "chemotherapy"]
    assert of_class
    assert not any(agrees(none, one) for one in of_class)
