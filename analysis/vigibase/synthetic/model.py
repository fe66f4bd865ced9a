"""Reports drawn at random, with the published ones among them.

The background has the shape of a database of reports and no content: codes are
invented, popularity is skewed, much is missing. It serves to run the analysis
at any size; nothing may be concluded from it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.vigibase.synthetic.lines import Bytes, numbers, texts
from analysis.vigibase.synthetic.published import (
    CO_REPORTED,
    INDICATIONS,
    LENALIDOMIDE,
    NONE,
    Plan,
)

FIRST_REPORT = 100_000_001
FIRST_ROW = 1_000_000_001  # of DRUG and of ADR
FIRST_REPLACED = 900_000_001  # reports that have left the database

Ints = NDArray[np.int64]
Columns = dict[str, Bytes]

_DATES = [
    str(day).replace("-", "")
    for day in np.arange(np.datetime64("2006-01-01"), np.datetime64("2024-03-02"))
]
_CONDITIONS = ("condition A (synthetic)", "condition B (synthetic)")


@dataclass(frozen=True)
class Batch:
    """Reports to be drawn.

    Attributes
    ----------
    number : int
        Reports drawn before.
    size : int
    special : (s,) array
        Places in the batch of the reports that follow the plan, ascending.
    plan : Plan
        One entry for each of these.
    """

    number: int
    size: int
    special: Ints
    plan: Plan

    @property
    def report_id(self) -> Ints:
        """Ids of the reports."""
        return FIRST_REPORT + self.number + np.arange(self.size)

    @property
    def of_plan(self) -> Ints:
        """Place of each report in the plan; ``NONE`` for the background."""
        places = np.full(self.size, NONE)
        places[self.special] = np.arange(len(self.special))
        return places


@dataclass(frozen=True)
class Rows:
    """Rows of DRUG or ADR: how many each report has, and where they begin.

    Attributes
    ----------
    report : (n,) array
        Place of each row's report.
    counts, first : (reports,) array
    """

    report: Ints
    counts: Ints
    first: Ints

    @classmethod
    def of(cls, counts: Ints) -> Rows:
        """Make the rows of reports with these counts, report after report."""
        return cls(
            np.repeat(np.arange(len(counts)), counts),
            counts,
            np.cumsum(counts) - counts,
        )


def draw(
    batch: Batch, first_drug: int, first_reaction: int, rng: np.random.Generator
) -> dict[str, Columns]:
    """Draw the rows of every table.

    Parameters
    ----------
    batch : Batch
    first_drug, first_reaction : int
        Rows of DRUG and ADR drawn before.
    rng : numpy.random.Generator

    Returns
    -------
    dict of dict
        Columns by table, as they are written.
    """
    plan, of_plan = batch.plan, batch.of_plan
    planned = of_plan >= 0
    with_drug = np.zeros(batch.size, bool)
    with_drug[batch.special] = plan.lenalidomide
    # Half of the known times come with a second row: a later start of the drug.
    twice = with_drug.copy()
    twice[batch.special] &= (plan.onset_min > 100) & (plan.sex != 2)

    n_drugs = np.maximum(_skewed(rng, batch.size, 1.0, 1.0, 80), 1 + twice)
    drugs = Rows.of(n_drugs)
    reactions = Rows.of(_skewed(rng, batch.size, 0.5, 0.8, 40))
    background = ~planned & (rng.random(batch.size) < 0.01)

    drec_no = 100_000 + 299 * _popular(rng, len(drugs.report), 3000)
    beside = (with_drug | background)[drugs.report] | (rng.random(len(drec_no)) < 0.01)
    beside &= rng.random(len(drec_no)) < 0.5
    drec_no[beside] = rng.choice(CO_REPORTED, beside.sum())
    drec_no[drugs.first[with_drug | background]] = LENALIDOMIDE[0]
    drec_no[drugs.first[twice] + 1] = LENALIDOMIDE[1]
    basis = _some(rng, len(drec_no), {1: 0.35, 2: 0.62, 3: 0.03})
    basis[drugs.first] = 1
    basis[drugs.first[twice] + 1] = 1

    meddra = 90_000_000 + 1249 * _popular(rng, len(reactions.report), 8000)
    outcome = _some(
        rng,
        len(meddra),
        {1: 0.3, 2: 0.14, 3: 0.12, 4: 0.01, 5: 0.04, 6: 0.29, NONE: 0.1},
    )
    meddra[reactions.first[batch.special]] = plan.term
    outcome[reactions.first[batch.special]] = plan.outcome
    fatal = np.zeros(batch.size, bool)
    fatal[reactions.report[outcome == 5]] = True

    drug_id = FIRST_ROW + first_drug + np.arange(len(drec_no))
    reaction_id = FIRST_ROW + first_reaction + np.arange(len(meddra))
    return {
        "demo": _demo(batch, rng),
        "drug": _drug(batch.report_id[drugs.report], drug_id, drec_no, basis, rng),
        "adr": {
            "UMCReportId": numbers(batch.report_id[reactions.report], 11),
            "Adr_Id": numbers(reaction_id, 11),
            "MedDRA_Id": numbers(meddra, 8),
            "Outcome": numbers(outcome, 1),
        },
        "link": _link(batch, drugs, reactions, basis, twice, drug_id, reaction_id, rng),
        "ind": _ind(batch, drugs, drec_no, drug_id, rng),
        "out": _out(batch, planned, fatal, rng),
        "srce": _srce(batch, rng),
        "followup": _followup(batch, planned, rng),
        "suspectedduplicates": _duplicates(batch, planned, rng),
    }


def _demo(batch: Batch, rng: np.random.Generator) -> Columns:
    sex = _some(rng, batch.size, {1: 0.42, 2: 0.5, NONE: 0.08})
    follows = batch.special[batch.plan.lenalidomide]
    sex[follows] = batch.plan.sex[batch.plan.lenalidomide]
    age = {4: 0.06, 5: 0.2, 6: 0.26, 7: 0.15, 8: 0.11, 9: 0.22}
    older = {5: 0.02, 6: 0.3, 7: 0.32, 8: 0.14, 9: 0.22}
    ages = _some(rng, batch.size, age)
    ages[batch.special] = _some(rng, len(batch.special), older)
    first = rng.integers(0, len(_DATES), batch.size)
    last = np.minimum(first + rng.integers(0, 700, batch.size), len(_DATES) - 1)
    return {
        "UMCReportId": numbers(batch.report_id, 11),
        "AgeGroup": numbers(ages, 1),
        "Gender": numbers(sex, 1),
        "DateDatabase": texts(_DATES, last, 8),
        "Type": numbers(
            _some(rng, batch.size, {1: 0.75, 2: 0.18, 3: 0.03, 5: 0.04}), 1
        ),
        "Region": numbers(
            _some(
                rng, batch.size, {1: 0.03, 2: 0.46, 3: 0.08, 4: 0.3, 5: 0.02, 6: 0.11}
            ),
            1,
        ),
        "FirstDateDatabase": texts(_DATES, first, 8),
    }


def _drug(
    report_id: Ints, drug_id: Ints, drec_no: Ints, basis: Ints, rng: np.random.Generator
) -> Columns:
    rows = len(drug_id)
    dosed = rng.random(rows) < 0.4
    return {
        "UMCReportId": numbers(report_id, 11),
        "Drug_Id": numbers(drug_id, 11),
        "Record_Id": numbers(10_000_000 + drec_no, 11),
        "DrecNo": numbers(drec_no, 6),
        "Seq1": texts(("01",), np.zeros(rows, np.int64), 2),
        "Seq2": texts(("001",), np.zeros(rows, np.int64), 3),
        "Route": numbers(_some(rng, rows, {48: 0.5, 42: 0.2, NONE: 0.3}), 2),
        "Basis": numbers(basis, 1),
        "Amount": numbers(np.where(dosed, rng.integers(1, 60, rows), NONE), 5),
        "AmountU": numbers(np.where(dosed, 3, NONE), 2),
        "Frequency": numbers(np.where(dosed, 1, NONE), 2),
        "FrequencyU": numbers(np.where(dosed, 804, NONE), 3),
    }


def _link(
    batch: Batch,
    drugs: Rows,
    reactions: Rows,
    basis: Ints,
    twice: NDArray[np.bool_],
    drug_id: Ints,
    reaction_id: Ints,
    rng: np.random.Generator,
) -> Columns:
    """Pair each suspect or interacting drug with each reaction of its report."""
    linked = np.flatnonzero(basis != 2)
    repeats = reactions.counts[drugs.report[linked]]
    drug = np.repeat(linked, repeats)
    report = drugs.report[drug]
    within = np.arange(len(drug)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    reaction = reactions.first[report] + within

    rows = len(drug)
    action = _some(
        rng, rows, {1: 0.2, 2: 0.04, 3: 0.01, 4: 0.15, 5: 0.2, 6: 0.1, NONE: 0.3}
    )
    onset_min = np.where(
        rng.random(rows) < 0.35, rng.lognormal(3, 2, rows).astype(np.int64), NONE
    )
    onset_max = onset_min + np.where(
        onset_min < 0, 0, _some(rng, rows, {0: 0.6, 2: 0.1, 30: 0.3})
    )

    place = batch.of_plan[report]
    follows = (place >= 0) & (within == 0)
    follows &= batch.plan.lenalidomide[place]
    first = follows & (drug == drugs.first[report])
    later = follows & (drug == drugs.first[report] + 1) & twice[report]
    action[first] = batch.plan.action[place[first]]
    action[later] = NONE
    for onset, planned in (
        (onset_min, batch.plan.onset_min),
        (onset_max, batch.plan.onset_max),
    ):
        onset[first] = planned[place[first]]
        onset[later] = planned[place[later]] // 2
    effect = _some(rng, rows, {1: 0.45, 2: 0.05, 3: 0.2, 4: 0.05, 5: 0.25})
    rechallenged = rng.random(rows) < 0.02
    return {
        "Drug_Id": numbers(drug_id[drug], 11),
        "Adr_Id": numbers(reaction_id[reaction], 11),
        "Dechallenge1": numbers(action, 1),
        "Dechallenge2": numbers(np.where(action > 0, effect, NONE), 1),
        "Rechallenge1": numbers(np.where(rechallenged, 1, NONE), 1),
        "Rechallenge2": numbers(
            np.where(rechallenged, _some(rng, rows, {1: 0.3, 2: 0.4, 3: 0.3}), NONE), 1
        ),
        "TimeToOnsetMin": numbers(onset_min, 11),
        "TimeToOnsetMax": numbers(onset_max, 11),
    }


def _ind(
    batch: Batch, drugs: Rows, drec_no: Ints, drug_id: Ints, rng: np.random.Generator
) -> Columns:
    texts_of = (*INDICATIONS, *_CONDITIONS)
    text = _some(
        rng,
        len(drec_no),
        {len(INDICATIONS): 0.3, len(INDICATIONS) + 1: 0.15, NONE: 0.55},
    )
    lenalidomide = np.isin(drec_no, LENALIDOMIDE)
    text[lenalidomide] = 0
    place = batch.of_plan[drugs.report]
    follows = lenalidomide & (place >= 0)
    text[follows] = NONE
    first = follows & (np.arange(len(text)) == drugs.first[drugs.report])
    text[first] = batch.plan.indication[place[first]]
    stated = np.flatnonzero(text >= 0)
    return {
        "Drug_Id": numbers(drug_id[stated], 11),
        "Indication": texts(texts_of, text[stated], max(map(len, texts_of))),
    }


def _out(
    batch: Batch,
    planned: NDArray[np.bool_],
    fatal: NDArray[np.bool_],
    rng: np.random.Generator,
) -> Columns:
    serious = planned | fatal | (rng.random(batch.size) < 0.5)
    criterion = np.where(fatal, 1, np.where(serious, 6, NONE))
    kept = rng.random(batch.size) < 0.98
    return {
        "UMCReportId": numbers(batch.report_id[kept], 11),
        "Seriousness": numbers(criterion[kept], 2),
        "Serious": texts(("N", "Y"), serious[kept].astype(np.int64), 1),
    }


def _srce(batch: Batch, rng: np.random.Generator) -> Columns:
    kept = rng.random(batch.size) < 0.95
    who = _some(rng, batch.size, {1: 0.4, 2: 0.13, 3: 0.15, 5: 0.25, NONE: 0.07})
    return {
        "UMCReportId": numbers(batch.report_id[kept], 11),
        "Type": numbers(who[kept], 2),
    }


def _followup(
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


def _duplicates(
    batch: Batch, planned: NDArray[np.bool_], rng: np.random.Generator
) -> Columns:
    is_suspected = ~planned & (rng.random(batch.size) < 0.02)
    is_suspected[batch.special] = batch.plan.duplicate
    suspected = np.flatnonzero(is_suspected)
    original = (suspected + rng.integers(1, batch.size, len(suspected))) % batch.size
    return {
        "UMCReportId": numbers(batch.report_id[original], 11),
        "SuspectedduplicateReportId": numbers(batch.report_id[suspected], 11),
    }


def _skewed(
    rng: np.random.Generator, size: int, mean: float, sigma: float, largest: int
) -> Ints:
    """Draw counts from 1 up with a long tail (a rounded-up log-normal)."""
    drawn = np.ceil(rng.lognormal(mean, sigma, size)).astype(np.int64)
    return np.clip(drawn, 1, largest)


def _popular(rng: np.random.Generator, size: int, kinds: int) -> Ints:
    """Draw kinds of skewed popularity, the popular ones scattered over the range."""
    rank = (kinds * rng.random(size) ** 3).astype(np.int64)
    return rank * 4999 % kinds


def _some(rng: np.random.Generator, size: int, shares: dict[int, float]) -> Ints:
    """Draw values by their shares, which sum to 1."""
    limits = np.cumsum(list(shares.values()))[:-1]
    return np.array(list(shares))[np.searchsorted(limits, rng.random(size), "right")]
