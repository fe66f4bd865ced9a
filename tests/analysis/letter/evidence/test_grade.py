import math

import pytest

from analysis.letter import Letter, data
from analysis.letter.study import Study


def test_absolute_effects_of_the_letter_by_hand() -> None:
    v = Letter(Study(data.trials(), data.cases()))
    # 2 of 1245 control patients; odds ratio 3.8163827
    odds = 2 / 1243 * 3.8163826534
    assert v("grade.placebo.baseline").number == pytest.approx(2000 / 1245)
    risk = 1000 * odds / (1 + odds)
    assert v("grade.placebo.risk").number == pytest.approx(risk, rel=1e-6)
    assert v("grade.placebo.more").number == pytest.approx(risk - 2000 / 1245, rel=1e-6)


def test_without_events_in_the_controls_no_effect_is_made_up() -> None:
    trials = data.trials()
    study = Study(trials.where(trials.events_control == 0), data.cases())
    v = Letter(study)
    assert v("grade.all.baseline").number == 0
    assert v("grade.all.more").number == 0
    assert math.isnan(v("grade.all.information_size").number)
    assert v("grade.all.imprecision").number == 2
