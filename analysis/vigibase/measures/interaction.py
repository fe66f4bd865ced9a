"""Interaction of two drugs: reports of a reaction with both, beyond each alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from analysis.vigibase.codes import role_codes
from analysis.vigibase.cohort import Cohort, among
from analysis.vigibase.disproportionality import information_component


@dataclass(frozen=True)
class Interaction:
    """Reports of a reaction with two drugs.

    Attributes
    ----------
    key, label : str
        Of the second drug.
    n : int or None
        Reports with both drugs and the reaction; None if not shown.
    expected, ic, ic_low, ic_high : float
        What all reports with two of the three let expect of all three, and the
        information component with its limits.
    expected_apart, ic_apart, ic_apart_low, ic_apart_high : float
        The same from cells that exclude each other (with the drug and the
        reaction but not the second drug, and so on), as vigicaen computes it.
    """

    key: str
    label: str
    n: int | None
    expected: float
    ic: float
    ic_low: float
    ic_high: float
    expected_apart: float
    ic_apart: float
    ic_apart_low: float
    ic_apart_high: float


def from_counts(
    *,
    xyz: int,
    xy: int,
    xz: int,
    yz: int,
    x: int,
    y: int,
    z: int,
    total: int,
    key: str = "second",
    label: str = "second",
) -> Interaction:
    """Compute the information component of two drugs (x, z) and a reaction (y).

    The expected count is n(xy) n(xz) n(yz) N / (n(x) n(y) n(z)), with counts of
    all reports that have these: what there is without a dependence of all three
    (Orre, Lansner, Bate and Lindquist, Comput Stat Data Anal 2000;34:473-93).
    The function ``compute_interaction`` of vigicaen puts into the same formula
    the counts of reports that have these and not the third.

    Examples
    --------
    >>> found = from_counts(xyz=8, xy=20, xz=50, yz=30, x=400, y=300, z=500,
    ...                     total=10000)
    >>> round(found.expected, 2), round(found.ic, 2)
    (5.0, 0.63)
    """
    expected = _expected(xy, xz, yz, x, y, z, total)
    apart = _expected(
        *(xy - xyz, xz - xyz, yz - xyz),
        *(x - xy - xz + xyz, y - xy - yz + xyz, z - xz - yz + xyz),
        total,
    )
    return Interaction(
        *(key, label, xyz),
        *(expected, *information_component(xyz, expected)),
        *(apart, *information_component(xyz, apart)),
    )


def _expected(xy: int, xz: int, yz: int, x: int, y: int, z: int, total: int) -> float:
    return xy * xz * yz * total / (x * y * z) if x and y and z else 0.0


def interaction(
    cohort: Cohort, second: Collection[int], roles: str, key: str, label: str
) -> Interaction:
    """Measure the interaction of the drug of a cohort with another.

    Parameters
    ----------
    cohort : Cohort
    second : collection of int
        Codes (DrecNo) of the other drug.
    roles : str
        Roles in which it counts.
    key, label : str
    """
    bases = ", ".join(f"'{code}'" for code in role_codes(roles))
    second_drug = (
        "SELECT UMCReportId FROM drug "
        f"WHERE {among('DrecNo', second)} AND Basis IN ({bases})"
    )
    ((total, x, y, z, xy, xz, yz, xyz),) = cohort.extract.query(
        f"""
        SELECT count(*), count(*) FILTER (x), count(*) FILTER (y), count(*) FILTER (z),
            count(*) FILTER (x AND y), count(*) FILTER (x AND z),
            count(*) FILTER (y AND z), count(*) FILTER (x AND y AND z)
        FROM (SELECT
            UMCReportId IN (SELECT UMCReportId FROM {cohort.drugs}) AS x,
            UMCReportId IN (SELECT UMCReportId FROM {cohort.reactions}) AS y,
            UMCReportId IN ({second_drug}) AS z
            FROM demo WHERE {cohort.population.counted})
        """
    )
    return from_counts(
        xyz=xyz, xy=xy, xz=xz, yz=yz, x=x, y=y, z=z, total=total, key=key, label=label
    )
