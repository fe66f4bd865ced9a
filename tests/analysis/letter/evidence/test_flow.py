from collections.abc import Callable
from dataclasses import replace

import pytest

from analysis.letter import Letter, data, letter
from analysis.letter.evidence.flow import flow
from analysis.letter.study import Study
from analysis.review.flow import NOT_PUBLIC, FlowError
from manuscript.values.value import Value


def but(**numbers: int) -> Callable[[str], Value]:
    """Answer some keys otherwise than the letter does."""
    by_key = {key.replace("__", "."): number for key, number in numbers.items()}
    v = letter()
    return lambda key: replace(v(key), number=by_key[key]) if key in by_key else v(key)


@pytest.mark.parametrize("name", ["review", "vigibase"])
def test_the_flows_of_the_letter_add_up(name: str) -> None:
    assert flow(name, letter()).boxes


def test_stages_that_are_not_public_are_kept_and_say_so() -> None:
    boxes = {box.name: box for box in flow("review", letter()).boxes}
    assert boxes["screened"].text == NOT_PUBLIC
    assert boxes["identified"].text == "2982"
    assert boxes["included"].label == "Trials included (5980 patients)"


def test_a_sum_that_fails_names_its_boxes_and_numbers() -> None:
    with pytest.raises(FlowError) as error:
        flow("vigibase", but(vigibase__b_all=80))
    assert str(error.value) == (
        "flow 'vigibase' does not add up: ALL, not otherwise specified (187) + "
        "B-cell ALL (80) + BCR::ABL1-positive ALL (1) = 268 should be "
        "With lenalidomide (269)"
    )


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(FlowError) as error:
        flow("review", but(trials__placebo=9, trials__observation=5))
    assert str(error.value).count("should be") == 2


def test_fewer_trials_flow_through_without_another_edit() -> None:
    trials = data.trials()
    keep = [name != "O1" for name in trials.trial]
    fewer = Letter(Study(trials.where(keep), data.cases()))  # type: ignore[arg-type]
    by_name = {box.name: box.text for box in flow("review", fewer).boxes}
    assert by_name["included"] == "17"
    assert by_name["observation"] == "3"
