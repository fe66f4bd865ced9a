"""Data that several tests share."""

import csv
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

COUNTS = Path(__file__).parent / "reference" / "letter-trials.csv"


class LetterTrials(NamedTuple):
    """Eighteen rows of counts from which R computed its answers.

    Many of their arms are as large as those of published trials, so that they
    are no longer analyzed; for a test of arithmetic any counts serve.
    """

    counts: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
    control_class: np.ndarray

    def of_class(self, name: str) -> tuple[np.ndarray, ...]:
        return tuple(count[self.control_class == name] for count in self.counts)


@pytest.fixture(scope="session")
def letter() -> LetterTrials:
    with COUNTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = ("all_lenalidomide", "n_lenalidomide", "all_control", "n_control")
    counts = tuple(np.array([int(row[name]) for row in rows]) for name in names)
    return LetterTrials(counts, np.array([row["control_class"] for row in rows]))
