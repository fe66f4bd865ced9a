"""A publication's numbers from a table, by plain loops: nothing of the package."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scipy.stats import chi2, norm

# Events and patients by arm: a, c, n1, n2.
Row = Sequence[int]

Z = norm.ppf(0.975)


def peto_terms(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """Weight and effect of each informative trial."""
    terms = []
    for a, c, n1, n2 in rows:
        total, events = n1 + n2, a + c
        if 0 < events < total:
            expected = n1 * events / total
            variance = n1 * n2 * events * (total - events) / (total**2 * (total - 1))
            terms.append((variance, (a - expected) / variance))
    return terms


def incidence_terms(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """Weight and logit of each treated arm."""
    terms = []
    for a, _, n1, _ in rows:
        more = 0.5 if a in (0, n1) else 0.0
        yes, no = a + more, n1 - a + more
        terms.append((1 / (1 / yes + 1 / no), math.log(yes / no)))
    return terms


def woolf_terms(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """Weight and log odds ratio of each informative trial, 0.5 where a cell is 0."""
    terms = []
    for a, c, n1, n2 in rows:
        if 0 < a + c < n1 + n2:
            cells = [a, n1 - a, c, n2 - c]
            if 0 in cells:
                cells = [cell + 0.5 for cell in cells]
            variance = sum(1 / cell for cell in cells)
            effect = math.log(cells[0] * cells[3] / (cells[1] * cells[2]))
            terms.append((1 / variance, effect))
    return terms


TERMS = {
    "peto": peto_terms,
    "incidence": incidence_terms,
    "inverse-variance": woolf_terms,
}


def number(quantity: str, arm: str, rows: Sequence[Row]) -> float:
    """The number behind a printed one, shares as fractions of 1; NaN for none."""
    if quantity in ("patients", "events"):
        first = 2 if quantity == "patients" else 0
        arms = {"treated": [0], "control": [1], "both": [0, 1]}[arm]
        return sum(row[first + i] for row in rows for i in arms)
    pool, _, statistic = quantity.partition(".")
    terms = TERMS[pool](rows)
    if not terms:
        return math.nan
    weight = sum(w for w, _ in terms)
    effect = sum(w * x for w, x in terms) / weight
    se = 1 / math.sqrt(weight)
    q = sum(w * (x - effect) ** 2 for w, x in terms)
    df = len(terms) - 1
    if statistic == "p":
        return 2 * norm.sf(abs(effect) / se)
    if statistic in ("i2", "q_p"):
        if df == 0:
            return math.nan
        return chi2.sf(q, df) if statistic == "q_p" else 1 - df / max(q, df)
    scaled = effect + {"estimate": 0, "ci_low": -Z, "ci_high": Z}[statistic] * se
    if pool == "incidence":
        return 1 / (1 + math.exp(-scaled))
    return math.exp(scaled)


def says(printed: str, x: float, *, percent: bool) -> bool:
    """Whether a number prints as published, to half a unit of the last digit."""
    if math.isnan(x):
        return False
    shown = 100 * x if percent else x
    if printed.startswith("<"):
        return shown < float(printed[1:])
    decimals = len(printed.partition(".")[2])
    return abs(shown - float(printed)) <= 0.5 * 10.0**-decimals * (1 + 1e-9)


def is_percent(quantity: str) -> bool:
    statistic = quantity.partition(".")[2]
    ends = ("estimate", "ci_low", "ci_high")
    return statistic == "i2" or (
        quantity.startswith("incidence.") and statistic in ends
    )


def printed(x: float, decimals: int, *, percent: bool) -> str:
    return f"{100 * x if percent else x:.{decimals}f}"
