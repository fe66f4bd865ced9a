"""Small problems, and true statements about given tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from analysis.reconstruction.constraints import (
    ALL,
    COUNTS,
    Limits,
    Problem,
    Statement,
    Trial,
)
from tests.analysis.reconstruction import plain

Row = tuple[int, int, int, int]
LIMITS = Limits(smallest_arm=10, largest_arm=400, allocation=3.0, largest_risk=0.5)


def rows_of(problem: Problem, table: Sequence[Sequence[int]], scope: str) -> list[Row]:
    return [
        (int(row[0]), int(row[1]), int(row[2]), int(row[3]))
        for trial, row in zip(problem.trials, table, strict=True)
        if scope in (ALL, trial.group)
    ]


def holds(
    problem: Problem, statement: Statement, table: Sequence[Sequence[int]]
) -> bool:
    """Whether a table says what a statement does, by plain loops."""
    rows = rows_of(problem, table, statement.scope)
    x = plain.number(statement.quantity, statement.arm, rows)
    percent = plain.is_percent(statement.quantity)
    return plain.says(statement.printed, x, percent=percent)


def statement(
    quantity: str,
    printed: str,
    scope: str = ALL,
    arm: str = "both",
    key: str = "",
) -> Statement:
    name = key or f"{quantity} {scope} {arm}"
    return Statement(name, quantity, scope, arm, printed, "")  # type: ignore[arg-type]


def truths(
    problem: Problem,
    table: Sequence[Sequence[int]],
    asked: Sequence[tuple[str, str, str]],
    decimals: int = 2,
) -> Problem:
    """State what a table says of quantities in scopes and arms."""
    said = []
    for quantity, scope, arm in asked:
        x = plain.number(quantity, arm, rows_of(problem, table, scope))
        if np.isnan(x):
            continue
        digits = 0 if quantity in COUNTS else decimals
        shown = plain.printed(x, digits, percent=plain.is_percent(quantity))
        said.append(statement(quantity, shown, scope, arm))
    return replace(problem, statements=(*problem.statements, *said))


def unknown(classes: dict[str, int], limits: Limits = LIMITS) -> Problem:
    """A problem in which nothing is known of any trial."""
    trials = tuple(Trial(name) for name, k in classes.items() for _ in range(k))
    return Problem("invented", trials, (), limits)


def of_known_sizes(
    sizes: Sequence[tuple[int, int]], statements: Sequence[Statement] = ()
) -> Problem:
    """A problem in which all but the events is known."""
    trials = tuple(Trial("any", pair) for pair in sizes)
    return Problem("invented", trials, tuple(statements), LIMITS)


@st.composite
def tables(draw: st.DrawFn, k: int) -> list[Row]:
    """Trials within the limits, with few events."""
    rows: list[Row] = []
    for _ in range(k):
        n1 = draw(st.integers(20, 300))
        n2 = draw(st.integers(max(20, n1 // 3 + 1), min(300, 3 * n1)))
        a = draw(st.integers(0, 4))
        c = draw(st.integers(0, 4))
        rows.append((a, c, n1, n2))
    return rows
