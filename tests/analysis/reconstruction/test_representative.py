"""The medoid of an ensemble, by plain loops."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from analysis.reconstruction import findings
from analysis.reconstruction.consequences import answers
from analysis.reconstruction.reading import read_problem
from analysis.reconstruction.representative import medoid, remoteness, resembles

LETTER = Path(__file__).parents[3] / "data" / "reconstruction" / "letter.yml"
PROBLEM = read_problem(LETTER)
TABLES = findings.read_tables(LETTER)[::100]


def share(numbers: list[float], one: float) -> float:
    """Mean of the shares of tables that answer less, and less or alike."""
    below = sum(x < one for x in numbers)
    alike = sum(x == one for x in numbers)
    return (below + (alike + 1) / 2) / len(numbers)


def test_remoteness_is_the_mean_distance_over_all_analyses() -> None:
    expected = np.zeros(len(TABLES))
    for answer in answers(TABLES, PROBLEM):
        for found in (answer.estimate, answer.p):
            if found is None or not np.isfinite(found).all():
                continue
            numbers = found.tolist()
            shares = [share(numbers, one) for one in numbers]
            expected += [
                sum(abs(mine - other) for other in shares) / len(shares)
                for mine in shares
            ]
    np.testing.assert_allclose(remoteness(TABLES, PROBLEM), expected, rtol=1e-9)


def test_the_medoid_is_the_least_remote_of_those_that_may_be_taken() -> None:
    far = remoteness(TABLES, PROBLEM)
    nearest = int(np.argmin(far))
    assert medoid(TABLES, PROBLEM) == nearest
    others = np.arange(len(TABLES)) != nearest
    assert medoid(TABLES, PROBLEM, others) == np.argsort(far)[1]
    with pytest.raises(ValueError, match="no table may be taken"):
        medoid(TABLES, PROBLEM, np.zeros(len(TABLES), dtype=bool))


@pytest.mark.parametrize(
    ("patients", "found"),
    [
        ([[231, 400]], True),  # an arm
        ([[400, 231]], True),  # the other arm
        ([[100, 20]], True),  # all patients of one known by its sum only
        ([[220, 240]], True),  # the patients of both arms
        ([[225, 224]], True),  # both arms within a twentieth
        ([[213, 219]], False),
        ([[300, 300]], False),
        ([[300, 300], [229, 9]], True),
    ],
)
def test_a_trial_resembles_a_known_one_by_its_patients(
    patients: list[list[int]], found: bool
) -> None:
    table = np.array([[[0, 0, *pair] for pair in patients]])
    assert resembles(table, [(231, 229)], [460, 120]).tolist() == [found]


def test_a_medoid_is_the_same_whatever_the_order_of_tables() -> None:
    order = np.random.default_rng(3).permutation(len(TABLES))
    chosen = medoid(TABLES[order], PROBLEM)
    assert order[chosen] == medoid(TABLES, PROBLEM)
