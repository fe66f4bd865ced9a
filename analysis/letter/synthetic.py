"""The published aggregates, dealt out to single synthetic reports.

Each characteristic of the 269 published reports is a multiset whose counts and
quantiles are those of the letter; it is dealt out at random and independently,
since nothing is published on how characteristics go together.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from analysis.vigibase import synthetic
from analysis.vigibase.layout import Form
from analysis.vigibase.synthetic.plan import NONE, Codes, Plan, Source

# Invented placeholders, as in data/vigibase/codes.yml; no dictionary has them.
LENALIDOMIDE = (990001, 990002)
ALL_NOS, B_ALL, BCR_ABL1 = 99000001, 99000002, 99000003
CO_REPORTED = (990011, 990012, 990013, 990014)

REPORTS = 2155
REPORTS_WITH_LENALIDOMIDE = 269
DUPLICATES = 40
DUPLICATES_WITH_LENALIDOMIDE = 9

# Indication as it stands in the report, and how many reports state it.
_INDICATIONS = (
    ("multiple myeloma (synthetic)", 241),
    ("chronic lymphocytic leukemia (synthetic)", 7),
    ("mantle cell lymphoma (synthetic)", 3),
    ("myelodysplastic syndrome (synthetic)", 9),
)
INDICATIONS = tuple(text for text, _ in _INDICATIONS)

# Days from first exposure to onset where it is known to a day: type-7 quartiles
# 2.69, 3.08 and 3.23 years, range 0.1 to 5.84.
_LATENCIES = (
    *(37, 400, 700, 982, 983, 1020, 1080, 1125),
    *(1140, 1160, 1180, 1180, 1500, 1900, 2133),
)
# Days where it is known less precisely; with those above, quartiles 0.99, 2.12
# and 3.89 years, range 0.01 to 11.17.
_IMPRECISE = (
    *(4, 30, 75, 110, 150, 185, 220, 250, 280, 310, 340, 361),
    *(362, 395, 440, 480, 520, 560, 600, 640, 690, 730, 774),
    *(1235, 1330, 1420),
    *(1422, 1560, 1705, 2050, 2310, 2590, 2870, 3190, 3610, 4080),
)


def plan(rng: np.random.Generator) -> Plan:
    """Deal the published aggregates out to reports, in random order.

    Suspected duplicates of reports with lenalidomide repeat some of these.
    """
    with_drug = _with_lenalidomide(rng)
    repeated = rng.choice(
        REPORTS_WITH_LENALIDOMIDE, DUPLICATES_WITH_LENALIDOMIDE, replace=False
    )
    others = REPORTS - REPORTS_WITH_LENALIDOMIDE
    other_duplicates = DUPLICATES - DUPLICATES_WITH_LENALIDOMIDE
    nothing = np.full(others + other_duplicates, NONE)
    without_drug = dict.fromkeys(with_drug, nothing) | {
        "term": rng.choice(
            (ALL_NOS, B_ALL, BCR_ABL1), len(nothing), p=(0.7, 0.25, 0.05)
        ),
        "outcome": rng.choice((1, 2, 3, 5, 6, NONE), len(nothing)),
    }
    columns = {
        name: np.concatenate((column, column[repeated], without_drug[name]))
        for name, column in with_drug.items()
    }
    groups = (
        (REPORTS_WITH_LENALIDOMIDE, True, False),
        (DUPLICATES_WITH_LENALIDOMIDE, True, True),
        (others, False, False),
        (other_duplicates, False, True),
    )
    order = rng.permutation(REPORTS + DUPLICATES)
    return Plan(
        drug=np.repeat([g[1] for g in groups], [g[0] for g in groups])[order],
        duplicate=np.repeat([g[2] for g in groups], [g[0] for g in groups])[order],
        **{name: column[order] for name, column in columns.items()},
    )


def _with_lenalidomide(rng: np.random.Generator) -> dict[str, Codes]:
    onset = rng.permutation(
        np.concatenate(
            (
                [(day, day) for day in _LATENCIES],
                [
                    (day - _half_width(day), day + _half_width(day))
                    for day in _IMPRECISE
                ],
                np.full((REPORTS_WITH_LENALIDOMIDE - 51, 2), NONE),
            )
        )
    )
    indications = enumerate(count for _, count in _INDICATIONS)
    return {
        "term": _dealt(rng, {ALL_NOS: 187, B_ALL: 81, BCR_ABL1: 1}),
        "sex": _dealt(rng, {1: 151, 2: 100}),
        "indication": _dealt(rng, dict(indications)),
        "onset_min": onset[:, 0],
        "onset_max": onset[:, 1],
        "action": _dealt(rng, {1: 83, 2: 2, 4: 4}),
        "outcome": _dealt(rng, {3: 42, 1: 14, 2: 20, 5: 24}),
    }


def _half_width(day: int) -> int:
    """Half the interval of a date known to the month, or to the year."""
    return min(15 if day < 400 else 182, day - 1)


def _dealt(rng: np.random.Generator, counts: dict[int, int]) -> Codes:
    values = np.repeat(list(counts), list(counts.values()))
    missing = np.full(REPORTS_WITH_LENALIDOMIDE - len(values), NONE)
    return rng.permutation(np.concatenate((values, missing)))


SOURCE = Source(
    drug=LENALIDOMIDE,
    co_reported=CO_REPORTED,
    indications=INDICATIONS,
    deal=plan,
    notice="""\
The reports of acute lymphoblastic leukemia agree with the aggregates of a
published letter (Blood Cancer Journal 2024;14:177) and with nothing else; all
other reports are drawn at random.""",
)


def generate(folder: Path, reports: int, seed: int, form: Form = "txt") -> None:
    """Write a synthetic extract that agrees with the published letter.

    See :func:`analysis.vigibase.synthetic.generate`.
    """
    synthetic.generate(folder, reports, seed, SOURCE, form)
