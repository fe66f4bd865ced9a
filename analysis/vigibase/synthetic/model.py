"""Reports drawn at random, with the published ones among them.

The background has the shape of a database of reports and no content: codes are
invented, popularity is skewed, much is missing. It serves to run the analysis
at any size; nothing may be concluded from it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.vigibase.synthetic import tables
from analysis.vigibase.synthetic.batch import FIRST_ROW, Batch, Columns, Rows
from analysis.vigibase.synthetic.chance import Ints, popular, skewed, some
from analysis.vigibase.synthetic.lines import numbers, texts
from analysis.vigibase.synthetic.plan import NONE

_CONDITIONS = ("condition A (synthetic)", "condition B (synthetic)")


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
    plan, of_plan, source = batch.plan, batch.of_plan, batch.source
    planned = of_plan >= 0
    with_drug = np.zeros(batch.size, bool)
    with_drug[batch.special] = plan.drug
    # Many known times come with a second row: a later start of the drug.
    twice = with_drug.copy()
    twice[batch.special] &= (plan.onset_min > 100) & (plan.sex != 2)

    n_drugs = np.maximum(skewed(rng, batch.size, 1.0, 1.0, 80), 1 + twice)
    drugs = Rows.of(n_drugs)
    reactions = Rows.of(skewed(rng, batch.size, 0.5, 0.8, 40))
    background = ~planned & (rng.random(batch.size) < 0.01)

    drec_no = 100_000 + 299 * popular(rng, len(drugs.report), 3000)
    beside = (with_drug | background)[drugs.report] | (rng.random(len(drec_no)) < 0.01)
    beside &= rng.random(len(drec_no)) < 0.5
    drec_no[beside] = rng.choice(source.co_reported, beside.sum())
    drec_no[drugs.first[with_drug | background]] = source.drug[0]
    drec_no[drugs.first[twice] + 1] = source.drug[1]
    basis = some(rng, len(drec_no), {1: 0.35, 2: 0.62, 3: 0.03})
    basis[drugs.first] = 1
    basis[drugs.first[twice] + 1] = 1

    meddra = 90_000_000 + 1249 * popular(rng, len(reactions.report), 8000)
    outcome = some(
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
        "demo": tables.demo(batch, rng),
        "drug": tables.drug(
            batch.report_id[drugs.report], drug_id, drec_no, basis, rng
        ),
        "adr": {
            "UMCReportId": numbers(batch.report_id[reactions.report], 11),
            "Adr_Id": numbers(reaction_id, 11),
            "MedDRA_Id": numbers(meddra, 8),
            "Outcome": numbers(outcome, 1),
        },
        "link": _link(batch, drugs, reactions, basis, twice, drug_id, reaction_id, rng),
        "ind": _ind(batch, drugs, drec_no, drug_id, rng),
        "out": tables.out(batch, planned, fatal, rng),
        "srce": tables.srce(batch, rng),
        "followup": tables.followup(batch, planned, rng),
        "suspectedduplicates": tables.duplicates(batch, planned, rng),
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
    action = some(
        rng, rows, {1: 0.2, 2: 0.04, 3: 0.01, 4: 0.15, 5: 0.2, 6: 0.1, NONE: 0.3}
    )
    onset_min = np.where(
        rng.random(rows) < 0.35, rng.lognormal(3, 2, rows).astype(np.int64), NONE
    )
    onset_max = onset_min + np.where(
        onset_min < 0, 0, some(rng, rows, {0: 0.6, 2: 0.1, 30: 0.3})
    )

    place = batch.of_plan[report]
    follows = (place >= 0) & (within == 0)
    follows &= batch.plan.drug[place]
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
    effect = some(rng, rows, {1: 0.45, 2: 0.05, 3: 0.2, 4: 0.05, 5: 0.25})
    rechallenged = rng.random(rows) < 0.02
    return {
        "Drug_Id": numbers(drug_id[drug], 11),
        "Adr_Id": numbers(reaction_id[reaction], 11),
        "Dechallenge1": numbers(action, 1),
        "Dechallenge2": numbers(np.where(action > 0, effect, NONE), 1),
        "Rechallenge1": numbers(np.where(rechallenged, 1, NONE), 1),
        "Rechallenge2": numbers(
            np.where(rechallenged, some(rng, rows, {1: 0.3, 2: 0.4, 3: 0.3}), NONE), 1
        ),
        "TimeToOnsetMin": numbers(onset_min, 11),
        "TimeToOnsetMax": numbers(onset_max, 11),
    }


def _ind(
    batch: Batch, drugs: Rows, drec_no: Ints, drug_id: Ints, rng: np.random.Generator
) -> Columns:
    indications = batch.source.indications
    texts_of = (*indications, *_CONDITIONS)
    text = some(
        rng,
        len(drec_no),
        {len(indications): 0.3, len(indications) + 1: 0.15, NONE: 0.55},
    )
    of_drug = np.isin(drec_no, batch.source.drug)
    text[of_drug] = 0
    place = batch.of_plan[drugs.report]
    follows = of_drug & (place >= 0)
    text[follows] = NONE
    first = follows & (np.arange(len(text)) == drugs.first[drugs.report])
    text[first] = batch.plan.indication[place[first]]
    stated = np.flatnonzero(text >= 0)
    return {
        "Drug_Id": numbers(drug_id[stated], 11),
        "Indication": texts(texts_of, text[stated], max(map(len, texts_of))),
    }
