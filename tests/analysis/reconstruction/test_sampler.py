"""Every table that the sampler finds says all that was published."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from analysis.reconstruction import sampler
from analysis.reconstruction.constraints import Problem
from analysis.reconstruction.projection import project
from analysis.reconstruction.sampler import ContradictionError, Ensemble, sample
from analysis.reconstruction.targets import Targets
from analysis.reconstruction.totals import Totals
from tests.analysis.reconstruction.problems import (
    Row,
    holds,
    of_known_sizes,
    statement,
    truths,
    unknown,
)

# Two classes; the statements below are what these trials say of themselves.
TRUE: list[Row] = [
    (2, 1, 120, 118),
    (1, 0, 80, 85),
    (0, 0, 60, 40),
    (2, 0, 200, 150),
    (0, 0, 90, 90),
]
SAID = [
    ("patients", "all", "treated"),
    ("patients", "all", "control"),
    ("patients", "a", "both"),
    ("events", "all", "both"),
    ("events", "a", "treated"),
    *[
        (f"peto.{statistic}", "all", "both")
        for statistic in ("estimate", "ci_low", "ci_high", "p")
    ],
    *[
        (f"incidence.{statistic}", "a", "both")
        for statistic in ("estimate", "ci_low", "ci_high", "q_p")
    ],
    ("inverse-variance.i2", "all", "both"),
]
N = 60


@pytest.fixture(scope="module", autouse=True)
def _few_rounds() -> Iterator[None]:
    """Leave out the last rounds: they are for patterns that are hard to reach."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sampler, "_SCREENING", sampler._SCREENING[:3])
        yield


@pytest.fixture(scope="module")
def problem() -> Problem:
    return truths(unknown({"a": 3, "b": 2}), TRUE, SAID, 1)


@pytest.fixture(scope="module")
def ensemble(problem: Problem) -> Ensemble:
    return sample(problem, N, 7)


def test_as_many_distinct_tables_as_wanted(ensemble: Ensemble) -> None:
    assert ensemble.tables.shape == (N, 5, 4)
    assert len({table.tobytes() for table in ensemble.tables}) == N


def test_every_table_says_every_statement_and_keeps_to_the_limits(
    problem: Problem, ensemble: Ensemble
) -> None:
    limits = problem.limits
    for table in ensemble.tables.tolist():
        for said in problem.statements:
            assert holds(problem, said, table), said.key
        for a, c, n1, n2 in table:
            assert limits.smallest_arm <= min(n1, n2)
            assert max(n1, n2) <= limits.largest_arm
            assert max(n1, n2) <= limits.allocation * min(n1, n2)
            assert a <= limits.largest_risk * n1
            assert c <= limits.largest_risk * n2


def test_the_same_seed_makes_the_same_bytes(
    problem: Problem, ensemble: Ensemble
) -> None:
    again, other = sample(problem, N, 7), sample(problem, N, 8)
    assert again.tables.tobytes() == ensemble.tables.tobytes()
    assert again.closest.tobytes() == ensemble.closest.tobytes()
    assert other.tables.tobytes() != ensemble.tables.tobytes()


def test_coverage_says_what_was_tried_and_what_was_reached(ensemble: Ensemble) -> None:
    patterns = ensemble.space.patterns
    tables = np.bincount(ensemble.pattern, minlength=len(patterns))
    np.testing.assert_array_equal(
        np.sort(ensemble.tables[..., :2].reshape(N, -1), axis=1),
        np.sort(patterns[ensemble.pattern].reshape(N, -1), axis=1),
    )
    np.testing.assert_array_equal(ensemble.reached, tables > 0)
    np.testing.assert_array_equal(ensemble.reached, ensemble.closest == 0)
    assert (ensemble.starts >= np.maximum(tables, 1)).all()
    assert ensemble.reached.sum() > 1


def test_patterns_share_the_tables_evenly(ensemble: Ensemble) -> None:
    tables = np.bincount(ensemble.pattern)[ensemble.reached.nonzero()]
    assert tables.max() <= 2 * N / len(tables)


def test_the_trials_that_said_it_are_in_the_space(ensemble: Ensemble) -> None:
    mine = [[row[:2] for row in TRUE]]
    assert (ensemble.space.patterns == np.array(mine)).all(axis=(1, 2)).any()


def test_more_tables_begin_with_the_fewer(problem: Problem, ensemble: Ensemble) -> None:
    few = sample(problem, len(np.unique(ensemble.pattern)), 7)
    more = {table.tobytes() for table in ensemble.tables}
    assert all(table.tobytes() in more for table in few.tables)


def test_known_sizes_give_every_table_once() -> None:
    problem = truths(
        of_known_sizes([row[2:] for row in TRUE[:3]]),
        TRUE[:3],
        [("events", "all", "both"), ("peto.estimate", "all", "both")],
        1,
    )
    ensemble = sample(problem, 1000, 1)
    assert len(ensemble) == len(ensemble.space.patterns) > 1
    assert (ensemble.tables[..., 2:] == problem.smallest).all()


def test_a_contradiction_is_no_empty_ensemble() -> None:
    problem = of_known_sizes(
        [(50, 50)], [statement("events", "3"), statement("peto.estimate", "900")]
    )
    with pytest.raises(ContradictionError):
        sample(problem, 5, 1)


def test_loosely_bounded_problems_are_sampled_in_part() -> None:
    problem = truths(
        unknown({"a": 5, "b": 4}),
        [*TRUE, (1, 1, 70, 60), (0, 1, 50, 50), (1, 0, 40, 40), (0, 0, 90, 95)],
        [
            ("events", "all", "both"),
            ("peto.estimate", "all", "both"),
            ("patients", "all", "treated"),
        ],
        1,
    )
    ensemble = sample(problem, 100, 1)
    assert not ensemble.space.complete
    assert len(ensemble) == 100
    for table in ensemble.tables.tolist():
        assert all(holds(problem, said, table) for said in problem.statements)


def test_slopes_are_those_of_the_values(problem: Problem) -> None:
    targets = Targets.of(problem)
    rows = np.array([TRUE], dtype=float)
    events, patients = rows[..., :2], rows[..., 2:]

    def values(n: np.ndarray) -> np.ndarray:
        return targets.values(targets.sums(targets.terms(n, events)))

    sums = targets.sums(targets.terms(patients, events))
    slopes = targets.slopes(patients, events, sums)
    for trial, arm in np.ndindex(5, 2):
        up, down = patients.copy(), patients.copy()
        up[0, trial, arm] *= np.exp(1e-4)
        down[0, trial, arm] *= np.exp(-1e-4)
        slope = (values(up) - values(down)) / 2e-4
        np.testing.assert_allclose(slopes[..., trial, arm], slope, atol=1e-5)


def test_projection_moves_no_table_that_says_it_all(problem: Problem) -> None:
    """Inside every interval there is nothing to mend."""
    targets, totals = Targets.of(problem), Totals.of(problem)
    wide = Problem(
        "",
        problem.trials,
        problem.only({"peto.estimate all both"}).statements,
        problem.limits,
    )
    rows = np.array([TRUE])
    events, patients = rows[..., :2], rows[..., 2:]
    moved = project(wide, Targets.of(wide), Totals.of(wide), patients, events)
    np.testing.assert_allclose(moved, patients, rtol=1e-12)
    start = np.full((1, 5, 2), 100.0)
    near = project(problem, targets, totals, start, events)
    sums = np.einsum("tka,bka->bt", totals.rows, near)
    np.testing.assert_allclose(sums[0], totals.values, rtol=1e-3)
