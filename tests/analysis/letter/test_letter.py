import math

import pytest

from analysis.letter import Letter, data, letter
from analysis.letter.study import Study
from manuscript.values.answers import UnknownKeyError

PUBLISHED = data.reported_values().values()


@pytest.mark.parametrize("reported", PUBLISHED, ids=lambda reported: reported.key)
def test_every_published_number_is_recomputed_to_the_printed_digit(
    reported: data.ReportedValue,
) -> None:
    value = letter()(reported.key)
    printed = value.text.removeprefix("= ")
    if math.isnan(reported.number):
        assert printed == reported.printed_as
    else:
        assert printed == f"{reported.number:.{reported.decimals}f}"


def test_an_unknown_key_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownKeyError, match=r"did you mean risk\.placebo\.or"):
        letter()("risk.placebo.odds")
    with pytest.raises(UnknownKeyError, match="did you mean risk"):
        letter()("rsik.placebo.or")


def test_a_changed_count_changes_the_numbers_that_rest_on_it() -> None:
    trials = data.trials()
    more = trials.events_treated.copy()
    more[0] += 1
    changed = Letter(
        Study(data.Trials(**{**vars(trials), "events_treated": more}), data.cases())
    )
    before = letter()
    for key in ("cases.all", "risk.placebo.or", "risk.all.p", "incidence.all"):
        assert changed(key).number != before(key).number
    for key in ("risk.observation.or", "incidence.chemotherapy", "cases.age.median"):
        assert changed(key).number == before(key).number


def test_no_key_is_answered_twice() -> None:
    assert len(letter().all()) > 110
