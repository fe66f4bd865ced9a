"""Published totals of patients: whole-number tables that meet them exactly.

The cells (trial, arm) whose number of patients is unknown fall into groups
that the same totals count. Totals then are linear equations between the sums
of the groups.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from analysis.reconstruction.constraints import ARMS, Problem, Statement

Array = NDArray[np.float64]
Counts = NDArray[np.int64]


class ImpossibleTotalsError(ValueError):
    """Raised where no whole numbers of patients meet the published totals."""


@dataclass(frozen=True)
class Moves:
    """Exchanges of patients between cells of two trials.

    Attributes
    ----------
    trials : (moves, 2) int array
    changes : (moves, 2, 2) int array
        Patients that each arm of each of the two gains.
    """

    trials: Counts
    changes: Counts


@dataclass(frozen=True)
class Totals:
    """The equations that the published totals set.

    Attributes
    ----------
    problem : Problem
    statements : tuple of Statement
        Those about patients.
    """

    problem: Problem
    statements: tuple[Statement, ...]

    @classmethod
    def of(cls, problem: Problem) -> Totals:
        """Collect the totals of a problem."""
        about = tuple(s for s in problem.statements if s.quantity == "patients")
        return cls(problem, about)

    @cached_property
    def free(self) -> NDArray[np.bool_]:
        """Which cells are unknown, (k, 2)."""
        return np.asarray(self.problem.smallest < self.problem.largest)

    @cached_property
    def rows(self) -> Array:
        """Which cells each total counts, (totals, k, 2)."""
        rows = np.zeros((len(self.statements), *self.free.shape))
        for row, statement in zip(rows, self.statements, strict=True):
            for arm in ARMS[statement.arm]:
                row[self.problem.mask(statement.scope), arm] = 1
        return rows

    @cached_property
    def values(self) -> Array:
        """The printed totals, (totals,)."""
        return np.array([float(s.count) for s in self.statements])

    @cached_property
    def group(self) -> Counts:
        """Group of each cell, (k, 2); -1 for a known cell."""
        signatures: dict[bytes, int] = {}
        group = np.full(self.free.shape, -1, dtype=np.int64)
        for i, arm in np.argwhere(self.free):
            signature = self.rows[:, i, arm].tobytes()
            group[i, arm] = signatures.setdefault(signature, len(signatures))
        return group

    @cached_property
    def equations(self) -> tuple[Array, Array]:
        """Coefficients (totals, groups) and right-hand sides over group sums."""
        known = np.where(self.free, 0, self.problem.smallest)
        rest = self.values - np.einsum("tka,ka->t", self.rows, known)
        groups = int(self.group.max()) + 1
        coefficients = np.zeros((len(self.values), groups))
        for g in range(groups):
            i, arm = np.argwhere(self.group == g)[0]
            coefficients[:, g] = self.rows[:, i, arm]
        return coefficients, rest

    @cached_property
    def group_bounds(self) -> Array:
        """Least and greatest sum of each group, (groups, 2)."""
        groups = int(self.group.max()) + 1
        members = [self.group == g for g in range(groups)]
        return np.array(
            [
                [self.problem.smallest[m].sum(), self.problem.largest[m].sum()]
                for m in members
            ],
            dtype=float,
        ).reshape(groups, 2)

    def are_possible(self) -> bool:
        """Whether some patients within the limits meet the totals.

        A necessary condition: whole numbers may still fail.
        """
        coefficients, rest = self.equations
        try:
            rows, _ = self._reduced
        except ImpossibleTotalsError:
            return False
        if not rows:
            return True
        answer = linprog(
            np.zeros(coefficients.shape[1]),
            A_eq=coefficients,
            b_eq=rest,
            bounds=self.group_bounds,
        )
        return bool(answer.status != 2)

    def round(self, patients: Array) -> Counts:
        """Round tables to whole patients that meet the totals.

        Parameters
        ----------
        patients : (batch, k, 2) array
            Within the limits, and near the totals.

        Returns
        -------
        (batch, k, 2) int array

        Raises
        ------
        ImpossibleTotalsError
            If the totals have no whole-number solution.
        """
        whole = np.floor(patients).astype(np.int64)
        whole[:, ~self.free] = self.problem.smallest[~self.free]
        sums = self._whole_sums(patients)
        for g in range(sums.shape[1]):
            cells = self.group == g
            real, floor = patients[:, cells], whole[:, cells]
            missing = sums[:, g] - floor.sum(axis=1)
            order = np.argsort(np.argsort(floor - real, axis=1), axis=1)
            size = real.shape[1]
            each, left = np.divmod(missing, size)
            whole[:, cells] = floor + each[:, None] + (order < left[:, None])
        return whole

    def _whole_sums(self, patients: Array) -> Counts:
        groups = self.equations[0].shape[1]
        sums: Counts = np.zeros((len(patients), groups), dtype=np.int64)
        for g in range(groups):
            sums[:, g] = np.rint(patients[:, self.group == g].sum(axis=1))
        reduced, pivots = self._reduced
        for row, pivot in zip(reduced, pivots, strict=True):
            others = [g for g in range(groups) if g != pivot and row[g]]
            if any(x.denominator != 1 for x in row):
                raise ImpossibleTotalsError(
                    "the totals share trials in a way that whole numbers of "
                    "patients cannot be read off them; state them by class and arm"
                )
            sums[:, pivot] = int(row[-1]) - sum(
                int(row[g]) * sums[:, g] for g in others
            )
        return sums

    @cached_property
    def _reduced(self) -> tuple[list[list[Fraction]], list[int]]:
        """Reduced row echelon form of the equations, and its pivot columns."""
        coefficients, rest = self.equations
        rows = [
            [Fraction(int(x)) for x in (*row, right)]
            for row, right in zip(coefficients, rest, strict=True)
        ]
        columns = coefficients.shape[1]
        pivots: list[int] = []
        done = 0
        for column in range(columns):
            pivot = next((i for i in range(done, len(rows)) if rows[i][column]), None)
            if pivot is None:
                continue
            rows[done], rows[pivot] = rows[pivot], rows[done]
            rows[done] = [x / rows[done][column] for x in rows[done]]
            for i, row in enumerate(rows):
                if i != done and row[column]:
                    factor = row[column]
                    rows[i] = [
                        x - factor * y for x, y in zip(row, rows[done], strict=True)
                    ]
            pivots.append(column)
            done += 1
        if any(row[-1] for row in rows[done:]):
            raise ImpossibleTotalsError("the totals of patients contradict each other")
        return rows[:done], pivots

    @cached_property
    def moves(self) -> Moves:
        """Smallest exchanges of patients that keep every total."""
        pairs: list[tuple[int, int]] = []
        changes: list[Array] = []
        trials = range(len(self.group))
        signature = self.rows.transpose(1, 2, 0)
        across = signature[:, 0] - signature[:, 1]
        for i, j in product(trials, trials):
            for arm, other in product((0, 1), (0, 1)):
                ordered = (i, arm) < (j, other)
                if ordered and self.group[i, arm] == self.group[j, other] >= 0:
                    change = np.zeros((2, 2))
                    change[0, arm] += 1
                    change[int(i != j), other] -= 1
                    pairs.append((i, j if j != i else (i + 1) % len(trials)))
                    changes.append(change)
            both_free = self.free[i].all() and self.free[j].all()
            if i < j and both_free and np.array_equal(across[i], across[j]):
                pairs.append((i, j))
                changes.append(np.array([[1.0, -1.0], [-1.0, 1.0]]))
        return Moves(
            np.array(pairs, dtype=np.int64).reshape(-1, 2),
            np.array(changes, dtype=np.int64).reshape(-1, 2, 2),
        )
