"""The smallest set of statements that contradict each other, by brute force."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.reconstruction.conflict import deletion_filter, smallest_conflict
from analysis.reconstruction.constraints import Problem, Statement
from analysis.reconstruction.space import is_contradictory
from tests.analysis.reconstruction.problems import (
    holds,
    of_known_sizes,
    statement,
    unknown,
)

SIZES = [(60, 55), (90, 100)]
TABLES = [
    [(e[0], e[1], *SIZES[0]), (e[2], e[3], *SIZES[1])]
    for e in product(range(9), repeat=4)
]


@cache
def tables_that_say(said: Statement) -> frozenset[int]:
    """Which of all tables say one statement, tried one by one."""
    problem = of_known_sizes(SIZES)
    return frozenset(i for i, t in enumerate(TABLES) if holds(problem, said, t))


def no_table(problem: Problem) -> bool:
    every = frozenset(range(len(TABLES)))
    return not every.intersection(*map(tables_that_say, problem.statements))


def fewest(problem: Problem) -> list[frozenset[str]]:
    """All sets of statements of the least size that no table says."""
    for size in range(1, len(problem.keys) + 1):
        found = [
            frozenset(keys)
            for keys in combinations(problem.keys, size)
            if no_table(problem.only(set(keys)))
        ]
        if found:
            return found
    return []


EVENTS = statement("events", "8", key="events")
TREATED = statement("events", "2", arm="treated", key="treated")
CONTROL = statement("events", "3", arm="control", key="control")
OR = statement("peto.estimate", "2", key="or")
LOW = statement("peto.ci_low", "0.9", key="low")
HIGH = statement("peto.ci_high", "1.1", key="high")
I2 = statement("peto.i2", "0", key="i2")
Q_P = statement("peto.q_p", "0.01", key="q_p")


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ((EVENTS, TREATED, CONTROL), 3),
        ((EVENTS, TREATED, CONTROL, I2), 3),
        ((OR, LOW, HIGH, EVENTS), 2),
        ((EVENTS, I2, Q_P), 2),
        ((TREATED, OR, EVENTS), 3),
    ],
)
def test_the_smallest_conflict_is_that_of_brute_force(
    said: tuple[Statement, ...], size: int
) -> None:
    problem = of_known_sizes(SIZES, said)
    found = smallest_conflict(problem)
    assert found is not None
    assert frozenset(found) in fewest(problem)
    assert len(found) == size


def test_without_conflict_there_is_none() -> None:
    assert smallest_conflict(of_known_sizes(SIZES, (EVENTS, TREATED, I2))) is None


def test_sizes_that_are_unknown_conflict_too() -> None:
    """Twelve patients cannot fill two arms of ten."""
    said = (statement("patients", "12", key="few"), EVENTS)
    problem = replace(unknown({"a": 1}), statements=said)
    assert smallest_conflict(problem) == ("few",)


KEYS = "abcdefg"
CONFLICTS = st.lists(
    st.frozensets(st.sampled_from(KEYS), min_size=1, max_size=4), max_size=6
)


def abstract(conflicts: list[frozenset[str]]):
    said = tuple(statement("events", "1", key=key) for key in KEYS)

    def contradictory(problem: Problem) -> bool:
        return any(conflict <= set(problem.keys) for conflict in conflicts)

    return of_known_sizes(SIZES, said), contradictory


@settings(deadline=None)
@given(CONFLICTS)
def test_of_any_conflicts_a_smallest_is_found(conflicts: list[frozenset[str]]) -> None:
    problem, contradictory = abstract(conflicts)
    found = smallest_conflict(problem, contradictory)
    if not conflicts:
        assert found is None
    else:
        assert found is not None
        assert frozenset(found) in conflicts
        assert len(found) == min(map(len, conflicts))


@settings(deadline=None)
@given(CONFLICTS.filter(bool))
def test_the_deletion_filter_leaves_nothing_idle(
    conflicts: list[frozenset[str]],
) -> None:
    problem, contradictory = abstract(conflicts)
    found = deletion_filter(problem, contradictory)
    assert contradictory(problem.only(found))
    for key in found:
        assert not contradictory(problem.only(found - {key}))


def test_what_a_table_says_is_not_contradictory() -> None:
    said = (EVENTS, statement("events", "6", arm="treated", key="treated"))
    assert not is_contradictory(of_known_sizes(SIZES, said))
