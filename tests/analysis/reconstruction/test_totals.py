import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.reconstruction.constraints import Problem, Trial
from analysis.reconstruction.totals import ImpossibleTotalsError, Totals
from tests.analysis.reconstruction.problems import LIMITS, statement, unknown

LETTER = [
    statement("patients", "600", arm="treated"),
    statement("patients", "500", arm="control"),
    statement("patients", "650", scope="a"),
]


def problem(*statements: object) -> Problem:
    return Problem("", unknown({"a": 3, "b": 2}).trials, tuple(statements), LIMITS)  # type: ignore[arg-type]


def sums(totals: Totals, tables: np.ndarray) -> np.ndarray:
    return np.einsum("tka,bka->bt", totals.rows, tables)


@given(st.integers(0, 2**32 - 1))
def test_rounding_meets_every_total_and_stays_near(seed: int) -> None:
    totals = Totals.of(problem(*LETTER))
    rng = np.random.default_rng(seed)
    # A real table that meets the totals: a in the first class sets the rest.
    a1 = rng.uniform(300, 340)
    parts = {(0, 0): a1, (0, 1): 650 - a1, (1, 0): 600 - a1, (1, 1): a1 - 150}
    real = np.zeros((1, 5, 2))
    for (group, arm), total in parts.items():
        trials = slice(0, 3) if group == 0 else slice(3, 5)
        share = rng.dirichlet(np.full(3 - group, 20.0))
        real[0, trials, arm] = total * share
    whole = totals.round(real)
    assert (sums(totals, whole) == totals.values).all()
    assert np.abs(whole - real).max() < 2


def test_moves_keep_every_total() -> None:
    totals = Totals.of(problem(*LETTER))
    moves = totals.moves
    assert len(moves.trials) > 10
    for pair, change in zip(moves.trials, moves.changes, strict=True):
        table = np.zeros((1, 5, 2))
        np.add.at(table[0], pair, change)
        assert table.any()
        assert (sums(totals, table) == 0).all()


def test_moves_reach_every_free_cell_and_no_known_one() -> None:
    trials = (Trial("a", (100, 100)), Trial("a"), Trial("a"))
    totals = Totals.of(Problem("", trials, (LETTER[0],), LIMITS))
    touched = np.zeros((3, 2))
    for pair, change in zip(totals.moves.trials, totals.moves.changes, strict=True):
        np.add.at(touched, pair, np.abs(change))
    assert (touched[0] == 0).all()
    assert (touched[1:] > 0).all()


@pytest.mark.parametrize(
    "statements",
    [
        (LETTER[0], LETTER[1], statement("patients", "1101")),
        (statement("patients", "90"),),  # ten arms of at least ten
        (statement("patients", "5000"),),  # ten arms of at most 400
        (LETTER[0], LETTER[1], statement("patients", "1090", scope="a")),
    ],
)
def test_totals_that_no_patients_meet_are_impossible(statements: tuple) -> None:
    assert not Totals.of(problem(*statements)).are_possible()


def test_totals_that_patients_meet_are_possible() -> None:
    assert Totals.of(problem(*LETTER)).are_possible()
    assert Totals.of(problem()).are_possible()


def test_rounding_refuses_totals_that_contradict_each_other() -> None:
    totals = Totals.of(problem(LETTER[0], LETTER[1], statement("patients", "1101")))
    with pytest.raises(ImpossibleTotalsError, match="contradict"):
        totals.round(np.full((1, 5, 2), 100.0))
