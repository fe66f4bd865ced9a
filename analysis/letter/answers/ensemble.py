"""Values of the ensemble: what is proved, and what varies.

They rest on what was published and on nothing else. Trials that are added to
``data/trials.csv``, deleted from it or put in its place leave them as they are;
:mod:`analysis.letter.answers.membership` counts the aggregates with which the trials
as analyzed agree. Only an edit of the constraints stops a render, with the
command that searches anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from analysis import meta
from analysis.letter import data
from analysis.letter.answers.digits import p_decimals
from analysis.reconstruction import findings
from analysis.reconstruction.consequences import BAND, Consequence, Spread, Unit
from analysis.reconstruction.constraints import Problem
from analysis.reconstruction.findings import Findings
from analysis.reconstruction.reading import read_problem
from analysis.review import certainty
from manuscript.values import Origin, Value
from manuscript.values import Unit as Printed

Counts = NDArray[np.int64]

CONSTRAINTS = data.DATA / "reconstruction" / "letter.yml"

_FINDINGS = "data/reconstruction/letter.json"
_TABLES = "data/reconstruction/letter.npz"
_PRINTED: dict[Unit, tuple[Printed, int]] = {
    "ratio": ("ratio", 2),
    "percent": ("percent", 2),
    "per 1000": ("number", 1),
    "changes": ("count", 0),
}


@lru_cache(maxsize=1)
def letter_problem() -> Problem:
    """Read what the letter prints of its trials together.

    Raises
    ------
    analysis.schema.DataError
        With every fault of the file.
    """
    return read_problem(CONSTRAINTS)


def letter_findings() -> Findings:
    """Read what was found about the letter.

    Raises
    ------
    analysis.reconstruction.findings.StaleFindingsError
        If constraints or tables have changed since.
    """
    return findings.read(CONSTRAINTS)


def ensemble(study: object) -> Iterator[Value]:
    """Describe the tables that agree with the letter, and what they have in common.

    Parameters
    ----------
    study : object
        Not used: the ensemble rests on what was published alone.

    Raises
    ------
    analysis.reconstruction.findings.StaleFindingsError
        If constraints or tables have changed since the search; it says how to
        search anew.
    """
    found = letter_findings()
    yield from _space(found)
    for one in found.consequences:
        yield from _consequence(one)
    yield from _verdicts(found)
    yield from _sizes()


def _space(found: Findings) -> Iterator[Value]:
    origin = Origin.of(Findings.of, _FINDINGS, "all rows", "reconstruction")
    possible = len(found.patterns)
    yield origin.count("ensemble.tables", found.tables)
    yield origin.count("ensemble.patterns", found.enumerated)
    yield origin.count("ensemble.patterns.impossible", found.enumerated - possible)
    yield origin.count("ensemble.patterns.reached", found.reached)
    yield origin.count("ensemble.patterns.unreached", possible - found.reached)
    starts = min((p.starts for p in found.patterns if not p.tables), default=0)
    yield origin.count("ensemble.starts", starts)
    yield origin.value("ensemble.nearest_miss", found.nearest_miss, "number", 1)
    yield origin.percent("ensemble.band", BAND)
    proof = Origin.of(
        Findings.of, "data/reconstruction/letter.yml", "all statements", "published"
    )
    for key, value in found.pinned.items():
        yield proof.count(f"ensemble.pinned.{key}", value)


def _consequence(one: Consequence) -> Iterator[Value]:
    origin = Origin.of(Findings.of, _FINDINGS, f"key = {one.key}", "reconstruction")
    prefix = f"ensemble.{one.key}"
    if one.unit != "none":
        unit, decimals = _PRINTED[one.unit]
        for name, number in _ends(one.estimate):
            yield origin.value(f"{prefix}.{name}", number, unit, decimals)
    if one.p is not None:
        for name, number in _ends(one.p):
            yield origin.p(f"{prefix}.p.{name}", number, p_decimals(number))
        yield origin.percent(f"{prefix}.significant", one.significant, 1)


def _ends(spread: Spread) -> Iterator[tuple[str, float]]:
    yield "min", spread.low
    yield "ci_low", spread.band_low
    yield "median", spread.median
    yield "ci_high", spread.band_high
    yield "max", spread.high


def _verdicts(found: Findings) -> Iterator[Value]:
    """Count the odds ratios that are significant in all tables, in some, in none."""
    origin = Origin.of(Findings.of, _FINDINGS, "all rows", "reconstruction")
    for scope in ("all", "placebo"):
        methods = [
            one
            for one in found.consequences
            if one.key.startswith(f"{scope}.")
            and one.unit == "ratio"
            and not one.key.endswith(".without_one")
        ]
        prefix = f"ensemble.{scope}"
        least = min(one.estimate.low for one in methods)
        yield origin.ratio(f"{prefix}.or.min", least)
        greatest = max(one.estimate.high for one in methods)
        yield origin.ratio(f"{prefix}.or.max", greatest)
        shares = [one.significant for one in methods]
        yield origin.count(f"{prefix}.methods", len(shares))
        yield origin.count(f"{prefix}.methods.always", shares.count(1.0))
        yield origin.count(f"{prefix}.methods.never", shares.count(0.0))
        some = sum(0 < share < 1 for share in shares)
        yield origin.count(f"{prefix}.methods.sometimes", some)


def _sizes() -> Iterator[Value]:
    """Say how patients fall to classes and arms, and what controls risk."""
    problem, tables = letter_problem(), findings.read_tables(CONSTRAINTS)
    for name in problem.classes:
        origin = Origin.of(
            findings.read_tables, _TABLES, f"class = {name}", "reconstruction"
        )
        sums = tables[:, problem.mask(name)].sum(axis=1).astype(float)
        _, events, *patients = sums.T
        arms = zip(("lenalidomide", "control"), patients, strict=True)
        for arm, numbers in arms:
            for end, number in _ends(Spread.of(numbers)):
                yield origin.count(f"ensemble.{name}.n_{arm}.{end}", number)
        for end, number in _ends(Spread.of(1000 * events / patients[1])):
            yield origin.value(f"ensemble.{name}.baseline.{end}", number, "number", 1)
    yield from _excess(problem, tables)


def _excess(problem: Problem, tables: Counts) -> Iterator[Value]:
    """Say how many more patients in a thousand the Peto odds ratio makes ill."""
    origin = Origin.of(
        certainty.treated_risk, _TABLES, "class = placebo", "reconstruction"
    )
    a, c, n1, n2 = np.moveaxis(tables[:, problem.mask("placebo")], -1, 0)
    odds_ratio = meta.peto(a, n1, c, n2).natural()[0]
    baseline = c.sum(axis=1) / n2.sum(axis=1)
    more = [
        1000 * (certainty.treated_risk(risk, ratio) - risk)
        for risk, ratio in zip(baseline.tolist(), odds_ratio.tolist(), strict=True)
    ]
    for end, number in _ends(Spread.of(np.array(more))):
        yield origin.value(f"ensemble.placebo.more.{end}", number, "number", 1)
