"""The proofs never exclude what exists, and enumerate what they should."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.reconstruction import arms, shares
from analysis.reconstruction.constraints import Problem
from analysis.reconstruction.pools import STATISTICS
from analysis.reconstruction.regions import regions
from analysis.reconstruction.space import explore, is_contradictory
from analysis.reconstruction.splits import TooManySplitsError, possible_splits
from tests.analysis.reconstruction.problems import (
    Row,
    holds,
    of_known_sizes,
    statement,
    tables,
    truths,
    unknown,
)

SLOW = settings(
    max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None
)
POOLED = [
    (f"{pool}.{statistic}", scope, "both")
    for pool in ("peto", "incidence")
    for statistic in STATISTICS
    for scope in ("a", "b", "all")
    if (pool, statistic) != ("incidence", "p")
]
COUNTED = [("events", "all", "both"), ("patients", "all", "treated")]


def in_order(problem: Problem, rows: list[Row]) -> list[Row]:
    """Descending events within a class, as patterns stand."""
    by_class: list[Row] = []
    for name in problem.classes:
        mask = problem.mask(name)
        mine = [row for row, inside in zip(rows, mask, strict=True) if inside]
        by_class += sorted(mine, key=lambda row: (-row[0], -row[1]))
    return by_class


@SLOW
@given(tables(5), st.lists(st.sampled_from(POOLED), unique=True), st.integers(0, 3))
def test_what_a_table_says_of_itself_never_excludes_it(
    rows: list[Row], asked: list[tuple[str, str, str]], decimals: int
) -> None:
    problem = unknown({"a": 3, "b": 2})
    rows = in_order(problem, rows)
    problem = truths(problem, rows, [*COUNTED, *asked], decimals)
    table = np.array(rows)
    pattern = table[:, :2]
    for region in regions(problem):
        assert not region.is_empty
    assert arms.is_possible(problem, pattern)
    assert shares.is_possible(problem, pattern)
    splits = possible_splits(problem)
    mine = [table[:3, :2], table[3:, :2]]
    events = np.stack([part.sum(axis=0) for part in mine])
    treated = np.array([(part[:, 0] > 0).sum() for part in mine])
    informative = np.array([(part.sum(axis=1) > 0).sum() for part in mine])
    same = (
        (splits.events == events).all(axis=(1, 2))
        & (splits.treated == treated).all(axis=1)
        & (splits.informative == informative).all(axis=1)
    )
    assert same.sum() == 1


def brute_force(problem: Problem, total: int) -> set[tuple[Row, ...]]:
    """Every table of a problem of known sizes with so many events, one by one."""
    sizes = problem.smallest.tolist()
    found = set()
    for events in product(range(total + 1), repeat=2 * len(sizes)):
        if sum(events) != total:
            continue
        rows = tuple(
            (events[2 * i], events[2 * i + 1], *size) for i, size in enumerate(sizes)
        )
        if all(holds(problem, s, rows) for s in problem.statements):
            found.add(rows)
    return found


TRUE = [(3, 1, 60, 55), (2, 0, 100, 110), (1, 2, 35, 70)]
SAID = [
    ("events", "all", "both"),
    ("peto.estimate", "all", "both"),
    ("peto.ci_low", "all", "both"),
]


def exact(decimals: int, said: list[tuple[str, str, str]]) -> Problem:
    return truths(of_known_sizes([row[2:] for row in TRUE]), TRUE, said, decimals)


def exact_tables(problem: Problem) -> set[tuple[Row, ...]]:
    sizes = problem.smallest.tolist()
    return {
        tuple((*pair, *size) for pair, size in zip(pattern, sizes, strict=True))
        for pattern in explore(problem).patterns.tolist()
    }


@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_where_only_events_are_unknown_the_space_is_exact(decimals: int) -> None:
    problem = exact(decimals, SAID)
    tables = exact_tables(problem)
    assert tables == brute_force(problem, 9)
    assert tuple(TRUE) in tables


def test_the_fewer_the_statements_the_wider_the_space() -> None:
    problem = exact(1, SAID)
    for key in problem.keys[1:]:
        assert exact_tables(problem) < exact_tables(problem.without(key))


@pytest.mark.parametrize(
    "more",
    [
        ("peto.i2", "all", "both"),
        ("inverse-variance.estimate", "all", "both"),
        ("incidence.q_p", "all", "both"),
        ("peto.q_p", "all", "both"),
    ],
)
def test_a_true_statement_more_narrows_the_space_but_never_empties_it(
    more: tuple[str, str, str],
) -> None:
    fewer, problem = exact_tables(exact(1, SAID)), exact(1, [*SAID, more])
    assert tuple(TRUE) in exact_tables(problem)
    assert exact_tables(problem) < fewer


def test_what_all_patterns_share_is_pinned() -> None:
    space = explore(exact(1, [*SAID, ("events", "all", "treated")]))
    pinned = space.pinned()
    assert pinned["all.events.treated"] == 6
    assert pinned["any.events.control"] == 3
    varying = space.patterns[:, :, 0].astype(bool).sum(axis=1)
    assert ("all.trials.treated" in pinned) == (len(set(varying)) == 1)


def test_known_events_hold_in_every_pattern() -> None:
    problem = exact(1, SAID)
    first = replace(problem.trials[0], events=(3, None))
    problem = replace(problem, trials=(first, *problem.trials[1:]))
    patterns = explore(problem).patterns
    assert len(patterns)
    assert (patterns[:, 0, 0] == 3).all()


def test_loose_statements_are_refused_not_enumerated() -> None:
    problem = unknown(dict.fromkeys("abcd", 20))
    with pytest.raises(TooManySplitsError, match="add a statement of events"):
        possible_splits(problem)
    assert not is_contradictory(problem)


def test_peto_proof_is_sharp_where_events_must_balance() -> None:
    """V of 2.96 takes at least 12 events: each adds at most 1/4."""
    problem = unknown({"a": 4})
    said = (
        statement("peto.estimate", "3.82"),
        statement("peto.ci_low", "1.22"),
        statement("peto.ci_high", "11.92"),
    )
    for events, possible in ((11, False), (12, True)):
        more = (*said, statement("events", str(events)))
        problem = Problem("", problem.trials, more, problem.limits)
        assert bool(len(possible_splits(problem))) is possible
