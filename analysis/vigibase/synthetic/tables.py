"""The tables of a batch that need little more than chance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.vigibase.synthetic.batch import Batch, Columns
from analysis.vigibase.synthetic.chance import Ints, some
from analysis.vigibase.synthetic.lines import numbers, texts
from analysis.vigibase.synthetic.plan import NONE

FIRST_REPLACED = 900_000_001  # reports that have left the database

_DATES = [
    str(day).replace("-", "")
    for day in np.arange(np.datetime64("2006-01-01"), np.datetime64("2024-03-02"))
]


def demo(batch: Batch, rng: np.random.Generator) -> Columns:
    """Draw DEMO: reports; sex follows the plan where it says."""
    sex = some(rng, batch.size, {1: 0.42, 2: 0.5, NONE: 0.08})
    follows = batch.special[batch.plan.drug]
    sex[follows] = batch.plan.sex[batch.plan.drug]
    age = {4: 0.06, 5: 0.2, 6: 0.26, 7: 0.15, 8: 0.11, 9: 0.22}
    older = {5: 0.02, 6: 0.3, 7: 0.32, 8: 0.14, 9: 0.22}
    ages = some(rng, batch.size, age)
    ages[batch.special] = some(rng, len(batch.special), older)
    first = rng.integers(0, len(_DATES), batch.size)
    last = np.minimum(first + rng.integers(0, 700, batch.size), len(_DATES) - 1)
    return {
        "UMCReportId": numbers(batch.report_id, 11),
        "AgeGroup": numbers(ages, 1),
        "Gender": numbers(sex, 1),
        "DateDatabase": texts(_DATES, last, 8),
        "Type": numbers(some(rng, batch.size, {1: 0.75, 2: 0.18, 3: 0.03, 5: 0.04}), 1),
        "Region": numbers(
            some(
                rng, batch.size, {1: 0.03, 2: 0.46, 3: 0.08, 4: 0.3, 5: 0.02, 6: 0.11}
            ),
            1,
        ),
        "FirstDateDatabase": texts(_DATES, first, 8),
    }


def drug(
    report_id: Ints, drug_id: Ints, drec_no: Ints, basis: Ints, rng: np.random.Generator
) -> Columns:
    """Draw the rest of DRUG."""
    rows = len(drug_id)
    dosed = rng.random(rows) < 0.4
    return {
        "UMCReportId": numbers(report_id, 11),
        "Drug_Id": numbers(drug_id, 11),
        "Record_Id": numbers(10_000_000 + drec_no, 11),
        "DrecNo": numbers(drec_no, 6),
        "Seq1": texts(("01",), np.zeros(rows, np.int64), 2),
        "Seq2": texts(("001",), np.zeros(rows, np.int64), 3),
        "Route": numbers(some(rng, rows, {48: 0.5, 42: 0.2, NONE: 0.3}), 2),
        "Basis": numbers(basis, 1),
        "Amount": numbers(np.where(dosed, rng.integers(1, 60, rows), NONE), 5),
        "AmountU": numbers(np.where(dosed, 3, NONE), 2),
        "Frequency": numbers(np.where(dosed, 1, NONE), 2),
        "FrequencyU": numbers(np.where(dosed, 804, NONE), 3),
    }


def out(
    batch: Batch,
    planned: NDArray[np.bool_],
    fatal: NDArray[np.bool_],
    rng: np.random.Generator,
) -> Columns:
    """Draw OUT: a fatal or planned report is serious."""
    serious = planned | fatal | (rng.random(batch.size) < 0.5)
    criterion = np.where(fatal, 1, np.where(serious, 6, NONE))
    kept = rng.random(batch.size) < 0.98
    return {
        "UMCReportId": numbers(batch.report_id[kept], 11),
        "Seriousness": numbers(criterion[kept], 2),
        "Serious": texts(("N", "Y"), serious[kept].astype(np.int64), 1),
    }


def srce(batch: Batch, rng: np.random.Generator) -> Columns:
    """Draw SRCE: one reporter for most reports."""
    kept = rng.random(batch.size) < 0.95
    who = some(rng, batch.size, {1: 0.4, 2: 0.13, 3: 0.15, 5: 0.25, NONE: 0.07})
    return {
        "UMCReportId": numbers(batch.report_id[kept], 11),
        "Type": numbers(who[kept], 2),
    }


def followup(
    batch: Batch, planned: NDArray[np.bool_], rng: np.random.Generator
) -> Columns:
    """Replace versions that are gone and, rarely, one that is still there."""
    updated = np.flatnonzero(rng.random(batch.size) < 0.1)
    replaced = FIRST_REPLACED + batch.number + updated
    here = (updated > 0) & (rng.random(len(updated)) < 0.03)
    here &= ~planned[np.maximum(updated - 1, 0)]
    replaced[here] = batch.report_id[updated[here] - 1]
    return {
        "UMCReportId": numbers(batch.report_id[updated], 11),
        "ReplacedUMCReportId": numbers(replaced, 11),
    }


def duplicates(
    batch: Batch, planned: NDArray[np.bool_], rng: np.random.Generator
) -> Columns:
    """Draw SUSPECTEDDUPLICATES: a report of the batch, and what repeats it."""
    is_suspected = ~planned & (rng.random(batch.size) < 0.02)
    is_suspected[batch.special] = batch.plan.duplicate
    suspected = np.flatnonzero(is_suspected)
    original = (suspected + rng.integers(1, batch.size, len(suspected))) % batch.size
    return {
        "UMCReportId": numbers(batch.report_id[original], 11),
        "SuspectedduplicateReportId": numbers(batch.report_id[suspected], 11),
    }
