"""Many trials come to an end, and what is not looked at is not called proved."""

from __future__ import annotations

import time
from random import Random

import numpy as np
import pytest

from analysis.reconstruction.constraints import Problem
from analysis.reconstruction.patterns import patterns
from analysis.reconstruction.sampler import sample
from analysis.reconstruction.space import MOST_TRIALS, Space, TooManyTrialsError
from analysis.reconstruction.splits import Splits
from tests.analysis.reconstruction.problems import of_known_sizes, truths, unknown

ASKED = (
    *(("events", "all", "treated"), ("events", "all", "control")),
    *(("patients", "all", "treated"), ("patients", "all", "control")),
    *(("peto.estimate", "all", "both"), ("peto.ci_low", "all", "both")),
    ("peto.ci_high", "all", "both"),
)
SECONDS = 20.0  # of processor time


def table(trials: int, risk: float) -> list[tuple[int, int, int, int]]:
    chance = Random(trials)
    rows = []
    for _ in range(trials):
        n1, n2 = chance.randint(40, 300), chance.randint(40, 300)
        n2 = min(max(n2, n1 // 2), 2 * n1)
        a, c = (sum(chance.random() < risk for _ in range(n)) for n in (n1, n2))
        rows.append((a, c, n1, n2))
    return rows


def problem(trials: int, risk: float, known: bool) -> Problem:
    rows = table(trials, risk)
    sizes = [row[2:] for row in rows]
    of = of_known_sizes(sizes) if known else unknown({"any": trials})
    asked = [a for a in ASKED if not known or a[0] != "patients"]
    return truths(of, rows, asked)


@pytest.mark.parametrize("known", [True, False], ids=["sizes", "nothing"])
@pytest.mark.parametrize("risk", [0.0005, 0.003], ids=["rare", "some"])
def test_two_hundred_trials_end_with_what_is_known_of_classes(
    risk: float, known: bool
) -> None:
    began = time.process_time()
    with pytest.raises(TooManyTrialsError) as raised:
        sample(problem(200, risk, known), 20, seed=1)
    assert time.process_time() - began < SECONDS
    said = str(raised.value)
    assert "\n" not in said
    assert "200 trials: no tables were looked for" in said
    assert "any.events.treated = " in said


@pytest.mark.long
@pytest.mark.parametrize("known", [True, False], ids=["sizes", "nothing"])
def test_as_many_as_are_looked_at_end(known: bool) -> None:
    began = time.process_time()
    found = sample(problem(MOST_TRIALS, 0.002, known), 20, seed=1)
    assert time.process_time() - began < 150
    assert not found.space.is_empty


@pytest.mark.parametrize("complete", [True, False])
def test_a_part_without_a_table_proves_nothing(complete: bool) -> None:
    none = np.zeros((0, 8, 2), dtype=np.int64)
    assert Space(unknown({"any": 8}), SPLIT, 0, none, complete).is_empty == complete


def test_a_pattern_takes_about_as_many_steps_as_it_has_trials() -> None:
    of = unknown({"any": 60})
    splits = Splits(
        ("any",), np.array([[[30, 20]]]), np.array([[25]]), np.array([[25]])
    )
    found, complete = patterns(of, splits, 20, most_steps=50_000)
    assert not complete
    assert len(found) == 20
    assert (found.sum(axis=1) == (30, 20)).all()
    assert ((found.sum(axis=-1) > 0).sum(axis=1) == 25).all()


def test_steps_that_are_used_up_leave_a_part() -> None:
    found, complete = patterns(unknown({"any": 8}), SPLIT, most=10**6, most_steps=2_000)
    assert not complete
    assert 0 < len(found) < 2_000


SPLIT = Splits(("any",), np.array([[[9, 9]]]), np.array([[6]]), np.array([[8]]))
