"""Patterns of events: all of them, once each; of very many, a part at random."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations_with_replacement, product

import numpy as np
import pytest

from analysis.reconstruction.constraints import Problem, Trial
from analysis.reconstruction.patterns import canonical, patterns
from analysis.reconstruction.splits import Splits
from tests.analysis.reconstruction.problems import LIMITS, unknown

Cells = tuple[tuple[int, int], ...]
PROBLEM = unknown({"a": 3, "b": 1})
SPLIT = Splits(
    ("a", "b"),
    events=np.array([[[4, 3], [1, 0]], [[4, 3], [2, 0]]]),
    treated=np.array([[2, 1], [2, 1]]),
    informative=np.array([[2, 1], [3, 1]]),
)


def as_set(events: np.ndarray) -> set[Cells]:
    return {tuple((a, c) for a, c in cells) for cells in events.tolist()}


def every_way(most: int) -> set[Cells]:
    """The patterns of ``SPLIT``: any order of equal trials counts once."""
    found = set()
    cells = list(product(range(most + 1), repeat=2))
    for first, last in product(combinations_with_replacement(cells, 3), cells):
        way = (*sorted(first, reverse=True), last)
        a, b = np.array(way[:3]), np.array(way[3:])
        for i in range(len(SPLIT)):
            same = [
                (part.sum(axis=0) == SPLIT.events[i, g]).all()
                and (part[:, 0] > 0).sum() == SPLIT.treated[i, g]
                and (part.sum(axis=1) > 0).sum() == SPLIT.informative[i, g]
                for g, part in enumerate((a, b))
            ]
            if all(same):
                found.add(way)
    return found


def test_every_pattern_is_found_once() -> None:
    events, complete = patterns(PROBLEM, SPLIT, 1000)
    assert complete
    assert as_set(events) == every_way(4)
    assert len(events) == len(as_set(events))


def test_of_more_than_wanted_a_part_is_drawn_from_all_splits() -> None:
    events, complete = patterns(PROBLEM, SPLIT, 6)
    assert not complete
    assert 1 < len(events) <= 6
    assert as_set(events) < every_way(4)
    assert {int(cells[3, 0]) for cells in events} == {1, 2}
    np.testing.assert_array_equal(events, patterns(PROBLEM, SPLIT, 6)[0])


@pytest.mark.parametrize("most", [3, 1000])
def test_known_events_stay(most: int) -> None:
    known = replace(PROBLEM.trials[0], events=(None, 1))
    problem = Problem("", (known, *PROBLEM.trials[1:]), (), LIMITS)
    events, _ = patterns(problem, SPLIT, most)
    assert len(events)
    assert (events[:, 0, 1] == 1).all()


@pytest.mark.parametrize(
    ("trials", "first"),
    [
        ((Trial("a"), Trial("a")), [2, 1, 50, 60]),
        ((Trial("a"), Trial("b")), [2, 0, 90, 80]),
        ((Trial("a", (90, 80)), Trial("a")), [2, 0, 90, 80]),
    ],
)
def test_only_trials_of_which_the_same_is_known_change_places(
    trials: Sequence[Trial], first: list[int]
) -> None:
    problem = Problem("", tuple(trials), (), LIMITS)
    patients = np.array([[[90, 80], [50, 60]]])
    events = np.array([[[2, 0], [2, 1]]])
    table = canonical(problem, patients, events)[0].tolist()
    assert table[0] == first
    assert sorted(table) == [[2, 0, 90, 80], [2, 1, 50, 60]]
