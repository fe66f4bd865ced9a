from collections.abc import Callable

import pytest

from analysis.letter import letter
from analysis.letter.evidence import bias, checklist, eligible, grade, literature
from manuscript.values.templates import fill


@pytest.mark.parametrize(
    "reader",
    [
        bias.domains,
        bias.judgements,
        checklist.items,
        eligible.eligible_trials,
        eligible.sources,
        grade.judged,
        literature.reports,
    ],
)
def test_the_shipped_tables_hold_something(reader: Callable[[], object]) -> None:
    assert reader()


def test_a_text_takes_values_in_the_place_of_keys() -> None:
    filled = fill("in {trials.all} of {trials.all} (*x*)", letter(), plain=str.upper)
    assert filled == "IN 18 OF 18 (*X*)"


def test_an_unknown_key_in_a_text_is_refused() -> None:
    with pytest.raises(LookupError, match=r"trials\.al"):
        fill("in {trials.al}", letter())


def test_every_text_of_the_judgements_can_be_filled() -> None:
    reasons = [one.reason for one in bias.judgements().values()]
    reasons += [one.reason for one in grade.judged().values()]
    for reason in reasons:
        assert "{" not in fill(reason, letter())
